"""Switches that break the house on purpose: the checks must see each of them (test_checks.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from bot import carrying
from bot.outcome import Outcome
from handlers import inbound, remind
from storage import inbox


def _record_nothing() -> None:
    """Delivery sends, and does not keep that it has."""
    record = carrying.Carrier._record

    async def forget(self: carrying.Carrier, parcel: Any, outcome: Outcome) -> None:
        again = Outcome("queued") if outcome.state == "sent" else outcome
        await record(self, parcel, again)

    carrying.Carrier._record = forget  # type: ignore[method-assign]


def _never_done() -> None:
    """Handling is committed, and the update stays open."""

    class Open:
        """The inbox without its mark."""

        def __getattr__(self, name: str) -> Any:
            return getattr(inbox, name)

        def finish(self, *_: Any) -> bool:
            return True

    vars(inbound)["inbox"] = Open()


def _tick_again() -> None:
    """What is due is done, and stays due."""
    fire = remind._FIRE["claim"]

    def leave(talk: Any, row: Any) -> None:
        at, rung = row.at, row.rung
        fire(talk, row)
        row.at, row.rung = at, rung

    remind._FIRE["claim"] = leave


def _newest_first() -> None:
    """A conversation's updates are taken in the wrong order."""

    def begin(db: Session, conversation_id: str) -> inbox.Stored | None:
        table = inbox.TABLE
        row = db.execute(
            select(table)
            .where(table.c.conversation_id == conversation_id, table.c.state == "open")
            .order_by(table.c.arrival.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else inbox._stored(db, row)

    inbox.begin_oldest = begin


FAULTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "acknowledge_first": lambda: None,  # in clients.py: acknowledged before the commit
    "record_nothing": _record_nothing,
    "never_done": _never_done,
    "tick_again": _tick_again,
    "newest_first": _newest_first,
}


def switch_on(name: str) -> None:
    """Break this process; "" breaks nothing."""
    FAULTS[name]()
