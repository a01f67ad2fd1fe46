"""Chats of staff: who of the staff speaks there, and which case is spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, select, update
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import UtcDateTime
from storage.sent import SentMessage
from storage.staff import Staff


class StaffChat(SQLModel, table=True):
    """A staff member's chat with the staff bot, or a group of staff (``staff_id`` is None)."""

    __tablename__ = "staff_chats"
    __table_args__ = (
        Index("ix_staff_chats_actor", "account", "actor"),
        Index("ix_staff_chats_staff", "staff_id"),
    )

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    account: str = Field(max_length=64)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=32)
    actor: str | None = Field(default=None, max_length=64)  # keyed hash of the person's own id
    linked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    focus_case_id: str | None = Field(default=None, max_length=32)
    focus_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    question: str | None = Field(default=None, max_length=16)  # what their next words are
    question_case_id: str | None = Field(default=None, max_length=32)
    question_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ShownCase(SQLModel, table=True):
    """Up to which line a chat of staff has been given a case's talk."""

    __tablename__ = "staff_chat_cases"

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    case_id: str = Field(primary_key=True, foreign_key="cases.id", max_length=32)
    shown_seq: int = 0


CHATS = StaffChat.__table__  # type: ignore[attr-defined]
SENT = SentMessage.__table__  # type: ignore[attr-defined]
REFRESHED = ("card", "push", "mark")  # what is laid out anew when its case changes


@dataclass(frozen=True, slots=True)
class Reader:
    """A linked chat; ``staff`` is None for a group."""

    conversation_id: str
    staff: Staff | None


@dataclass(frozen=True, slots=True)
class Showing:
    """A message that shows a case."""

    conversation_id: str
    external_id: str
    kind: str
    seq: int | None
    stale: bool
    showing: str | None


def get(db: Session, conversation_id: str) -> StaffChat | None:
    """The chat, ended or not."""
    statement = select(StaffChat).where(col(StaffChat.conversation_id) == conversation_id)
    return db.execute(statement).scalar_one_or_none()


def link(
    db: Session,
    conversation_id: str,
    account: str,
    staff_id: str | None,
    actor: str | None,
    now: datetime,
) -> StaffChat:
    """The chat speaks for this staff member from now on; without one it is a group."""
    row = get(db, conversation_id)
    if row is None:
        row = StaffChat(conversation_id=conversation_id, account=account, linked_at=now)
        db.add(row)
    row.staff_id, row.actor = staff_id, actor
    row.linked_at, row.ended_at = now, None
    row.focus_case_id = row.focus_at = None
    row.question = row.question_case_id = row.question_at = None
    db.flush()
    return row


def end(db: Session, row: StaffChat, now: datetime) -> None:
    """The chat speaks for nobody any more."""
    row.ended_at = now
    row.focus_case_id = row.focus_at = None
    row.question = row.question_case_id = row.question_at = None
    db.flush()


def of_actor(db: Session, account: str, actor: str) -> StaffChat | None:
    """The linked chat of the person who has this id on the channel."""
    statement = (
        select(StaffChat)
        .where(
            col(StaffChat.account) == account,
            col(StaffChat.actor) == actor,
            col(StaffChat.staff_id).is_not(None),
            col(StaffChat.ended_at).is_(None),
        )
        .order_by(col(StaffChat.linked_at).desc())
        .limit(1)
    )
    return db.execute(statement).scalar_one_or_none()


def of_staff(db: Session, staff_id: str) -> list[StaffChat]:
    """The linked chats of a staff member: one, but for a moment."""
    statement = select(StaffChat).where(
        col(StaffChat.staff_id) == staff_id, col(StaffChat.ended_at).is_(None)
    )
    return list(db.execute(statement).scalars())


def readers(db: Session, account: str) -> list[Reader]:
    """Every linked chat of a bot, groups first, those of disabled people left out.

    The order is the order in which several of them are locked.
    """
    statement = (
        select(col(StaffChat.conversation_id), Staff)
        .join(Staff, col(Staff.id) == col(StaffChat.staff_id), isouter=True)
        .where(col(StaffChat.account) == account, col(StaffChat.ended_at).is_(None))
        .order_by(col(StaffChat.conversation_id))
    )
    found = [
        Reader(row[0], row[1])
        for row in db.execute(statement)
        if row[1] is None or row[1].disabled_at is None
    ]
    return sorted(found, key=lambda one: (one.staff is not None, one.conversation_id))


def linked_staff(db: Session) -> set[str]:
    """The ids of staff members who have a linked chat."""
    statement = select(col(StaffChat.staff_id)).where(
        col(StaffChat.staff_id).is_not(None), col(StaffChat.ended_at).is_(None)
    )
    return {one for one in db.execute(statement).scalars() if one is not None}


def idle_in_focus(db: Session, account: str, before: datetime) -> list[str]:
    """Chats that still speak of one case and were last used before a moment."""
    statement = (
        select(col(StaffChat.conversation_id))
        .where(
            col(StaffChat.account) == account,
            col(StaffChat.focus_case_id).is_not(None),
            col(StaffChat.focus_at) <= before,
        )
        .order_by(col(StaffChat.conversation_id))
    )
    return list(db.execute(statement).scalars())


def shown(db: Session, conversation_id: str, case_id: str) -> ShownCase | None:
    """What this chat was given of a case; None: it has never seen a card of it."""
    statement = select(ShownCase).where(
        col(ShownCase.conversation_id) == conversation_id, col(ShownCase.case_id) == case_id
    )
    return db.execute(statement).scalar_one_or_none()


def show(db: Session, conversation_id: str, case_id: str, seq: int = 0) -> None:
    """The chat has been given the case's talk up to ``seq``."""
    row = shown(db, conversation_id, case_id)
    if row is None:
        db.add(ShownCase(conversation_id=conversation_id, case_id=case_id, shown_seq=seq))
    else:
        row.shown_seq = max(row.shown_seq, seq)
    db.flush()


def showing(db: Session, case_id: str) -> list[Showing]:
    """Messages in linked chats that show this case, in the order of ``readers``' locks."""
    statement = (
        select(SENT, CHATS.c.staff_id)
        .join(CHATS, CHATS.c.conversation_id == SENT.c.conversation_id)
        .where(
            SENT.c.case_id == case_id,
            SENT.c.kind.in_(REFRESHED),
            CHATS.c.ended_at.is_(None),
        )
        .order_by(CHATS.c.staff_id.is_not(None), SENT.c.conversation_id, SENT.c.at)
    )
    return [
        Showing(
            row.conversation_id,
            row.external_id,
            row.kind,
            row.seq,
            row.stale_since is not None,
            row.showing,
        )
        for row in db.execute(statement)
    ]


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
    db.execute(
        update(SENT)
        .where(SENT.c.conversation_id == conversation_id, SENT.c.external_id == external_id)
        .values(stale_since=None, showing=showing)
    )


def settle_kind(db: Session, conversation_id: str, external_id: str, kind: str) -> None:
    """A mark that says its last word is another kind of message: nothing changes it any more."""
    db.execute(
        update(SENT)
        .where(SENT.c.conversation_id == conversation_id, SENT.c.external_id == external_id)
        .values(kind=kind)
    )


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
    if row is None:
        return None
    return Showing(
        row.conversation_id,
        row.external_id,
        row.kind,
        row.seq,
        row.stale_since is not None,
        row.showing,
    )
