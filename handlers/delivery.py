"""Sending on channels that push: taking from the outbox, and keeping what became of it."""

from __future__ import annotations

from datetime import datetime

from handlers.ports import House
from handlers.talk import Talk, hint
from storage import cases, conversations, outbox
from storage.database import Db
from storage.outbox import Parcel


def lease(
    db: Db, channel: str, owner: str, now: datetime, until: datetime, limit: int
) -> list[Parcel]:
    """The next message of each chat that has one ready, safety and red first."""
    return outbox.lease(db, channel, owner, now, until, limit)


def address(db: Db, conversation_id: str) -> str | None:
    """Where a conversation's messages are sent."""
    return conversations.address_of(db, conversations.get(db, conversation_id))


def settled(
    db: Db,
    parcel: Parcel,
    owner: str,
    outcome: str,
    now: datetime,
    house: House,
    *,
    error: str | None = None,
    external_id: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Record ``sent``, ``queued`` (again, not before a time) or ``failed``.

    A failure for good is an entry that the advisor sees. False when the lease was lost.
    """
    conversation = conversations.lock(db, parcel.conversation_id)
    if not outbox.settle(
        db,
        parcel.id,
        owner,
        outcome,
        now,
        error=error,
        external_id=external_id,
        not_before=not_before,
    ):
        return False
    if outcome == "queued":
        return True
    case = cases.get(db, conversation.case_id, lock=True) if conversation.case_id else None
    talk = Talk(db, house, now, conversation, case)
    talk.write(
        kind="delivery",
        sender="bot",
        ref=parcel.seq,
        extra={"outcome": outcome, "error": error or ""},
    )
    if case is not None and outcome == "failed":
        hint(db, case, now)
    return True
