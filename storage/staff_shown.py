"""Which messages in chats of staff show which case, and how far those chats were told things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.house import Counter, counter_value
from storage.sent import SentMessage
from storage.staff_chats import ShownCase, StaffChat

CHATS = StaffChat.__table__  # type: ignore[attr-defined]
SENT = SentMessage.__table__  # type: ignore[attr-defined]
REFRESHED = ("card", "push", "mark")  # what is laid out anew when its case changes
_FEED = "staff_feed"


@dataclass(frozen=True, slots=True)
class Showing:
    """A message that shows a case. ``showing`` is a short hash of what stands in it."""

    conversation_id: str
    external_id: str
    kind: str
    seq: int | None
    showing: str | None


def feed_seen(db: Session) -> int:
    """The last notice that was told to chats of staff, at a glance."""
    return counter_value(db, _FEED)


def feed_place(db: Session) -> int:
    """The last notice that was told to chats of staff; its row is locked until the commit."""
    statement = select(col(Counter.value)).where(col(Counter.name) == _FEED).with_for_update()
    return int(db.execute(statement).scalar_one())


def move_feed(db: Session, seq: int) -> None:
    """Everything up to this notice was told; ``feed_place`` must hold the row."""
    db.execute(update(Counter).where(col(Counter.name) == _FEED).values(value=seq))


def shown(db: Session, conversation_id: str, case_id: str) -> ShownCase | None:
    """What this chat was given of a case; None: it has never seen a card of it."""
    statement = select(ShownCase).where(
        col(ShownCase.conversation_id) == conversation_id, col(ShownCase.case_id) == case_id
    )
    return db.execute(statement).scalar_one_or_none()


def show(db: Session, conversation_id: str, case_id: str, seq: int = 0) -> None:
    """The chat has been given the case's talk up to ``seq``; 0: a card of it."""
    row = shown(db, conversation_id, case_id)
    if row is None:
        db.add(ShownCase(conversation_id=conversation_id, case_id=case_id, shown_seq=seq))
    else:
        row.shown_seq = max(row.shown_seq, seq)
    db.flush()


def showing(db: Session, case_id: str) -> list[Showing]:
    """Messages in linked chats that show this case and may have to be laid out anew."""
    statement = (
        select(SENT)
        .join(CHATS, CHATS.c.conversation_id == SENT.c.conversation_id)
        .where(
            SENT.c.case_id == case_id,
            SENT.c.kind.in_(REFRESHED),
            CHATS.c.ended_at.is_(None),
        )
        .order_by(SENT.c.conversation_id, SENT.c.at)
    )
    return [_showing(row) for row in db.execute(statement)]


def newest(
    db: Session, conversation_id: str, kind: str, case_id: str, seq: int | None
) -> Showing | None:
    """The newest message of this kind that shows this, in one chat."""
    statement = (
        select(SENT)
        .where(
            SENT.c.conversation_id == conversation_id,
            SENT.c.case_id == case_id,
            SENT.c.kind == kind,
            SENT.c.seq.is_(None) if seq is None else SENT.c.seq == seq,
        )
        .order_by(SENT.c.at.desc(), SENT.c.external_id.desc())
        .limit(1)
    )
    row = db.execute(statement).first()
    return None if row is None else _showing(row)


def card_since(db: Session, conversation_id: str, case_id: str, moment: datetime) -> bool:
    """Whether the chat has got a card of the case after a moment."""
    return _has(db, conversation_id, case_id, SENT.c.kind == "card", SENT.c.at > moment)


def line_given(db: Session, conversation_id: str, case_id: str, seq: int) -> bool:
    """Whether the chat shows the case's line ``seq``, or one after it."""
    return _has(db, conversation_id, case_id, SENT.c.kind == "talk", SENT.c.seq >= seq)


def _has(db: Session, conversation_id: str, case_id: str, *where: Any) -> bool:
    statement = select(SENT.c.external_id).where(
        SENT.c.conversation_id == conversation_id, SENT.c.case_id == case_id, *where
    )
    return db.execute(statement.limit(1)).first() is not None


def stands_in(db: Session, conversation_id: str, external_id: str) -> str | None:
    """The hash of what stands in a message, or None where it is not known."""
    found: str | None = db.execute(
        select(SENT.c.showing).where(
            SENT.c.conversation_id == conversation_id, SENT.c.external_id == external_id
        )
    ).scalar_one_or_none()
    return found


def make_stale(db: Session, conversation_id: str, external_id: str, now: datetime) -> bool:
    """The message is to be laid out anew; False when a parcel that does so waits already."""
    result = db.execute(
        update(SENT)
        .where(
            SENT.c.conversation_id == conversation_id,
            SENT.c.external_id == external_id,
            SENT.c.stale_since.is_(None),
        )
        .values(stale_since=now)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def laid_out(db: Session, conversation_id: str, external_id: str, showing: str | None) -> None:
    """What stands in the message from now on; no parcel waits for it."""
    _set(db, conversation_id, external_id, stale_since=None, showing=showing)


def settle_kind(db: Session, conversation_id: str, external_id: str, kind: str) -> None:
    """The message has said its last word, or is gone: as another kind it is left alone."""
    _set(db, conversation_id, external_id, kind=kind, stale_since=None)


def _set(db: Session, conversation_id: str, external_id: str, **values: Any) -> None:
    db.execute(
        update(SENT)
        .where(SENT.c.conversation_id == conversation_id, SENT.c.external_id == external_id)
        .values(**values)
    )


def _showing(row: Any) -> Showing:
    return Showing(row.conversation_id, row.external_id, row.kind, row.seq, row.showing)
