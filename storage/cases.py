"""Cases: the request that an advisor works on, its answers and everything that happened to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, insert, select, update
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import Json, SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.house import take_number
from storage.ids import uuid7


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
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_event: int = 0


class CaseSlot(SQLModel, table=True):
    """An answer as it was given; a corrected one stays beside the new."""

    __tablename__ = "case_slots"
    __table_args__ = (Index("ix_case_slots", "case_id"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="cases.id", max_length=32)
    key: str = Field(max_length=64)
    source: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    body: bytes = Field(sa_type=SealedBytes)


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


class CaseNote(SQLModel, table=True):
    """An advisor's internal note; the resident never sees it."""

    __tablename__ = "case_notes"
    __table_args__ = (Index("ix_case_notes", "case_id"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="cases.id", max_length=32)
    client_id: str = Field(max_length=128)
    staff_id: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    body: bytes = Field(sa_type=SealedBytes)


TABLE = Case.__table__  # type: ignore[attr-defined]
SLOTS = CaseSlot.__table__  # type: ignore[attr-defined]
EVENTS = CaseEvent.__table__  # type: ignore[attr-defined]
NOTES = CaseNote.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """An answer, opened: the machine's value and the person's words."""

    key: str
    value: str
    words: str
    source: str
    at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note, opened."""

    staff_id: str
    at: datetime
    text: str


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
        statement = statement.with_for_update()
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


def open_cases(db: Session, limit: int = 500) -> list[Case]:
    """Every case that is not closed, oldest first."""
    statement = (
        select(Case).where(col(Case.closed_at).is_(None)).order_by(col(Case.number)).limit(limit)
    )
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


def of_people(db: Session, ids: list[str]) -> list[Case]:
    """Cases in which one of these people has a role."""
    statement = select(Case).where(
        col(Case.helped_id).in_(ids) | col(Case.asker_id).in_(ids) | col(Case.relayer_id).in_(ids)
    )
    return list(db.execute(statement.order_by(col(Case.number)).limit(50)).scalars())


def open_count_by_assignee(db: Session) -> dict[str, int]:
    """How many open cases each staff member has."""
    rows = db.execute(
        select(TABLE.c.assignee_id, func.count())
        .where(TABLE.c.closed_at.is_(None), TABLE.c.assignee_id.is_not(None))
        .group_by(TABLE.c.assignee_id)
    )
    return {row[0]: row[1] for row in rows}


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
    db.execute(
        insert(EVENTS).values(
            id=uuid7(),
            case_id=case.id,
            seq=case.last_event,
            kind=kind,
            at=now,
            staff_id=staff_id,
            data=data,
        )
    )


def events(db: Session, case_id: str) -> list[CaseEvent]:
    """What happened, oldest first."""
    statement = (
        select(CaseEvent).where(col(CaseEvent.case_id) == case_id).order_by(col(CaseEvent.seq))
    )
    return list(db.execute(statement).scalars())


def put_slot(
    db: Session, case_id: str, key: str, value: str, words: str, source: str, now: datetime
) -> None:
    """Keep an answer; one of the same key with other content becomes the struck-out one."""
    current = next(
        (slot for slot in slots(db, case_id) if slot.key == key and not slot.replaced_at), None
    )
    if current is not None and (current.value, current.words) == (value, words):
        return
    if current is not None:
        db.execute(
            update(SLOTS)
            .where(SLOTS.c.case_id == case_id, SLOTS.c.key == key, SLOTS.c.replaced_at.is_(None))
            .values(replaced_at=now)
        )
    add_slot(db, case_id, key, value, words, source, now)


def add_slot(
    db: Session,
    case_id: str,
    key: str,
    value: str,
    words: str,
    source: str,
    now: datetime,
    replaced_at: datetime | None = None,
) -> None:
    """Keep an answer, as the present one or (``replaced_at``) as one that was corrected."""
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    body = json.dumps({"value": value, "words": words})
    db.execute(
        insert(SLOTS).values(
            id=row_id,
            case_id=case_id,
            key=key,
            source=source,
            at=now,
            replaced_at=replaced_at,
            body=vault.seal(body, "case_slots", "body", row_id),
        )
    )


def slots(db: Session, case_id: str) -> list[SlotLine]:
    """Every answer of a case, in the order given, corrected ones included."""
    vault: Vault = db.info["vault"]
    rows = db.execute(
        select(SLOTS).where(SLOTS.c.case_id == case_id).order_by(SLOTS.c.at, SLOTS.c.id)
    )
    lines = []
    for row in rows:
        body = json.loads(vault.open_text(row.body, "case_slots", "body", row.id))
        lines.append(
            SlotLine(row.key, body["value"], body["words"], row.source, row.at, row.replaced_at)
        )
    return lines


def add_note(
    db: Session, case_id: str, client_id: str, staff_id: str, text: str, now: datetime
) -> bool:
    """Keep an internal note; the same client id again makes no second one (False)."""
    existing = db.execute(
        select(NOTES.c.id).where(NOTES.c.case_id == case_id, NOTES.c.client_id == client_id)
    ).first()
    if existing is not None:
        return False
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    db.execute(
        insert(NOTES).values(
            id=row_id,
            case_id=case_id,
            client_id=client_id,
            staff_id=staff_id,
            at=now,
            body=vault.seal(json.dumps(text), "case_notes", "body", row_id),
        )
    )
    return True


def notes(db: Session, case_id: str) -> list[Note]:
    """The internal notes, oldest first."""
    vault: Vault = db.info["vault"]
    rows = db.execute(select(NOTES).where(NOTES.c.case_id == case_id).order_by(NOTES.c.at))
    return [
        Note(
            row.staff_id,
            row.at,
            json.loads(vault.open_text(row.body, "case_notes", "body", row.id)),
        )
        for row in rows
    ]
