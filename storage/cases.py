"""Cases: the request that an advisor works on, and everything that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, insert, select, update
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import Json, UtcDateTime
from storage.house import take_number
from storage.ids import uuid7
from storage.prepared import run


class Case(SQLModel, table=True):
    """A request. The assignee is no status: a claim is a compare-and-set (design §6)."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("number", name="uq_case_number"),
        Index("ix_cases_open", "closed_at", "urgency"),
        Index("ix_cases_assignee", "assignee_id", "closed_at"),
        Index("ix_cases_conversation", "conversation_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    number: int
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)
    flow: str | None = Field(default=None, max_length=64)  # None: opened before anything was filed
    lead_seq: int | None = None  # the line that stands on the card; None: the case's first
    needs: list[str] = Field(sa_type=Json, default_factory=list)
    dangers: list[str] = Field(sa_type=Json, default_factory=list)
    urgency: str = Field(max_length=8)
    reasons: list[str] = Field(sa_type=Json, default_factory=list)
    who: str = Field(default="self", max_length=8)  # self | other | relay
    answers_to: str | None = Field(default=None, max_length=8)
    asker_id: str | None = Field(default=None, foreign_key="people.id", max_length=32)
    helped_id: str | None = Field(default=None, foreign_key="people.id", max_length=32)
    relayer_id: str | None = Field(default=None, foreign_key="people.id", max_length=32)
    unit: str | None = Field(default=None, max_length=64)
    tier: str = Field(default="community", max_length=16)
    status: str = Field(default="received", max_length=16)
    resolution: str | None = Field(default=None, max_length=16)
    closing_by: str | None = Field(default=None, max_length=32)  # red: the first of the two
    assignee_id: str | None = Field(default=None, max_length=32)
    promised_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    touched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the first claim ever
    taken_in_time: bool | None = None  # judged at that moment, by what was promised then
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_event: int = 0


class CaseEvent(SQLModel, table=True):
    """What happened to a case, in codes, ids and figures, never in words (design §8)."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "seq", name="uq_case_event"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="cases.id", max_length=32)
    seq: int
    kind: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    staff_id: str | None = Field(default=None, max_length=32)
    data: dict[str, Any] = Field(sa_type=Json, default_factory=dict)


TABLE = Case.__table__  # type: ignore[attr-defined]
EVENTS = CaseEvent.__table__  # type: ignore[attr-defined]
_RECORD = insert(EVENTS)


def new(db: Session, **values: Any) -> Case:
    """A new case with the next readable number (gaps allowed, never reused)."""
    case = Case(id=uuid7(), number=take_number(db, "case"), **values)
    db.add(case)
    db.flush()
    return case


def get(db: Session, case_id: str, *, lock: bool = False) -> Case | None:
    """A case by its id; with ``lock`` its row is locked until the commit."""
    statement = select(Case).where(col(Case.id) == case_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.execute(statement).scalar_one_or_none()


def reload_locked(db: Session, case: Case) -> Case:
    """The same case as it stands now, its row locked until the commit."""
    db.refresh(case, with_for_update=True)
    return case


def by_number(db: Session, number: int) -> Case | None:
    """A case by the number people say."""
    return db.execute(select(Case).where(col(Case.number) == number)).scalar_one_or_none()


def claim(db: Session, case_id: str, staff_id: str, now: datetime) -> bool:
    """Take a case that nobody has; exactly one of any number at once succeeds (design §6)."""
    result = db.execute(
        update(TABLE)
        .where(TABLE.c.id == case_id, TABLE.c.assignee_id.is_(None), TABLE.c.closed_at.is_(None))
        .values(assignee_id=staff_id, claimed_at=now, touched_at=now)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def open_cases(db: Session) -> list[Case]:
    """Every case that is not closed, oldest first."""
    statement = select(Case).where(col(Case.closed_at).is_(None)).order_by(col(Case.number))
    return list(db.execute(statement).scalars())


def by_ids(db: Session, ids: list[str]) -> list[Case]:
    """Cases by their ids, in no order."""
    if not ids:
        return []
    return list(db.execute(select(Case).where(col(Case.id).in_(ids))).scalars())


def of_conversation(db: Session, conversation_id: str) -> list[Case]:
    """A conversation's cases, oldest first."""
    statement = (
        select(Case).where(col(Case.conversation_id) == conversation_id).order_by(col(Case.number))
    )
    return list(db.execute(statement).scalars())


def last_of(db: Session, conversation_ids: set[str]) -> dict[str, Case]:
    """The newest case of each of these conversations that has one."""
    if not conversation_ids:
        return {}
    newest = (
        select(func.max(TABLE.c.number))
        .where(TABLE.c.conversation_id.in_(conversation_ids))
        .group_by(TABLE.c.conversation_id)
    )
    rows = db.execute(select(Case).where(col(Case.number).in_(newest))).scalars()
    return {row.conversation_id: row for row in rows}


def of_people(db: Session, ids: list[str]) -> list[Case]:
    """Cases in which one of these people has a role."""
    statement = select(Case).where(
        col(Case.helped_id).in_(ids) | col(Case.asker_id).in_(ids) | col(Case.relayer_id).in_(ids)
    )
    return list(db.execute(statement.order_by(col(Case.number)).limit(50)).scalars())


def open_count_by_assignee(db: Session) -> dict[str | None, int]:
    """How many open cases each staff member has; under None those that nobody has."""
    rows = db.execute(
        select(TABLE.c.assignee_id, func.count())
        .where(TABLE.c.closed_at.is_(None))
        .group_by(TABLE.c.assignee_id)
    )
    return {row[0]: row[1] for row in rows}


def open_of(db: Session, staff_id: str) -> list[Case]:
    """Every open case of a staff member, oldest first."""
    statement = (
        select(Case)
        .where(col(Case.assignee_id) == staff_id, col(Case.closed_at).is_(None))
        .order_by(col(Case.number))
    )
    return list(db.execute(statement).scalars())


def since(db: Session, moment: datetime) -> list[Case]:
    """Cases opened since a moment, for the figures of the board."""
    statement = select(Case).where(col(Case.created_at) >= moment).order_by(col(Case.number))
    return list(db.execute(statement).scalars())


def record(
    db: Session,
    case: Case,
    kind: str,
    now: datetime,
    staff_id: str | None = None,
    **data: Any,
) -> None:
    """Add an event; ``data`` holds codes, ids and figures only."""
    case.last_event += 1
    values = {
        "id": uuid7(),
        "case_id": case.id,
        "seq": case.last_event,
        "kind": kind,
        "at": now,
        "staff_id": staff_id,
        "data": data,
    }
    run(db, _RECORD, values)


def events(db: Session, case_id: str) -> list[CaseEvent]:
    """What happened, oldest first."""
    statement = (
        select(CaseEvent).where(col(CaseEvent.case_id) == case_id).order_by(col(CaseEvent.seq))
    )
    return list(db.execute(statement).scalars())
