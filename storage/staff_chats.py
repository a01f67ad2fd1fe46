"""Chats of staff: who of the staff speaks there, and which case is spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, select
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import UtcDateTime
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


@dataclass(frozen=True, slots=True)
class Reader:
    """A linked chat; ``staff`` is None for a group."""

    conversation_id: str
    staff: Staff | None
    focus_case_id: str | None


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


def end_focus(db: Session, conversation_id: str, case_id: str) -> None:
    """What is written there goes to this case no more."""
    row = get(db, conversation_id)
    if row is not None and row.focus_case_id == case_id:
        row.focus_case_id = row.focus_at = None
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
        select(col(StaffChat.conversation_id), Staff, col(StaffChat.focus_case_id))
        .join(Staff, col(Staff.id) == col(StaffChat.staff_id), isouter=True)
        .where(col(StaffChat.account) == account, col(StaffChat.ended_at).is_(None))
        .order_by(col(StaffChat.conversation_id))
    )
    found = [
        Reader(row[0], row[1], row[2])
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


def person_of(db: Session, row: StaffChat) -> Staff | None:
    """Whose chat it is, if they are not disabled; None for a group too."""
    if row.staff_id is None or row.ended_at is not None:
        return None
    statement = select(Staff).where(col(Staff.id) == row.staff_id)
    person: Staff | None = db.execute(statement).scalar_one_or_none()
    return None if person is None or person.disabled_at is not None else person


def group_ids(db: Session, conversation_ids: set[str]) -> set[str]:
    """Which of these chats are groups."""
    statement = select(col(StaffChat.conversation_id)).where(
        col(StaffChat.conversation_id).in_(conversation_ids), col(StaffChat.staff_id).is_(None)
    )
    return set(db.execute(statement).scalars())
