"""A worker's steps, one at a time: take what waits, handle it, fail at it."""

from __future__ import annotations

from datetime import timedelta

from handlers import inbound, waiting
from storage.inbox import Stored
from tests.handlers.street import OWNER, Resident, Street

LEASE = timedelta(seconds=30)


def take(street: Street, owner: str = OWNER) -> list[Stored]:
    """Lease what waits and begin it."""
    return street.write(
        waiting.take_waiting, owner, street.now, street.now + LEASE, 16, street.house
    )


def handle(street: Street, stored: Stored, owner: str = OWNER) -> Stored | None:
    """Handle one update that was begun."""
    until = street.now + LEASE
    reading = street.reader.read(stored.body["text"])
    return street.write(inbound.handle, stored, reading, street.now, street.house, owner, until)


def fail(street: Street, stored: Stored) -> None:
    """The handling raised."""
    street.write(waiting.give_back, stored, OWNER, street.now, street.house, failed=True)


def mine(resident: Resident) -> list[str]:
    """What the page shows of the resident's own words."""
    return [line["text"] for line in resident.log() if line["from"] == "me"]
