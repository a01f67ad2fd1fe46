"""Work that waits for its time: due times are rows, each taken atomically (design §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, func, select, union_all
from sqlalchemy import case as sql_case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from storage.cases import Case
from storage.columns import UtcDateTime
from storage.ids import uuid7
from storage.prepared import run


class Due(SQLModel, table=True):
    """One thing that will be due. ``key`` names it, so that it can be moved and cleared."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("key", name="uq_due_key"),
        Index("ix_due_at", "at"),
        Index("ix_due_case", "case_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=96)
    kind: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime)  # when the waiting began
    rung: int = 0
    conversation_id: str | None = Field(default=None, max_length=32)
    case_id: str | None = Field(default=None, max_length=32)
    ref: str | None = Field(default=None, max_length=64)


REACHING = ("call", "visit")  # a visit where there is no telephone (design §6)


class Task(SQLModel, table=True):
    """A piece of work on the desk that is no message: a call to make, a voice note to hear."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("key", name="uq_task_key"),
        Index("ix_tasks_open", "done_at", "at"),
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=96)
    kind: str = Field(max_length=16)  # call | visit | listen
    case_id: str = Field(foreign_key="cases.id", max_length=32)
    ref: str | None = Field(default=None, max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: str | None = Field(default=None, max_length=32)
    result: str | None = Field(default=None, max_length=16)


def _put(insert: Any) -> Any:
    made = insert(Due.__table__)  # type: ignore[attr-defined]
    news = {name: made.excluded[name] for name in _MOVED}
    return made.on_conflict_do_update(index_elements=["key"], set_=news)


_MOVED = ("at", "since", "rung", "conversation_id", "case_id", "ref")
_PUT = {"sqlite": _put(sqlite.insert), "postgresql": _put(postgresql.insert)}
_CLEAR = delete(Due).where(col(Due.key) == bindparam("due"))


def put(
    db: Session,
    kind: str,
    subject: str,
    at: datetime,
    since: datetime,
    *,
    rung: int = 0,
    conversation_id: str | None = None,
    case_id: str | None = None,
    ref: str | None = None,
) -> None:
    """Make (or move) the one row ``kind:subject``."""
    key = f"{kind}:{subject}"
    values = {
        "id": uuid7(),
        "key": key,
        "kind": kind,
        "at": at,
        "since": since,
        "rung": rung,
        "conversation_id": conversation_id,
        "case_id": case_id,
        "ref": ref,
    }
    known = [row for row in db.identity_map.values() if isinstance(row, Due) and row.key == key]
    if known:
        db.flush()
    run(db, _PUT[db.get_bind().dialect.name], values)
    for row in known:  # what was read before is read anew
        db.expire(row)


def clear(db: Session, kind: str, subject: str) -> None:
    """It is not due any more."""
    db.execute(_CLEAR, {"due": f"{kind}:{subject}"})


def clear_case(db: Session, case_id: str) -> None:
    """Nothing of this case is due any more."""
    db.execute(delete(Due).where(col(Due.case_id) == case_id))


def of_case(db: Session, case_id: str, kind: str | None = None) -> list[Due]:
    """What is due for a case, soonest first."""
    statement = select(Due).where(col(Due.case_id) == case_id)
    if kind is not None:
        statement = statement.where(col(Due.kind) == kind)
    return list(db.execute(statement.order_by(col(Due.at))).scalars())


def of_conversation(db: Session, conversation_id: str, kind: str) -> list[Due]:
    """What of one kind is due in a conversation, soonest first."""
    statement = (
        select(Due)
        .where(col(Due.conversation_id) == conversation_id, col(Due.kind) == kind)
        .order_by(col(Due.at))
    )
    return list(db.execute(statement).scalars())


def of_cases(db: Session, ids: list[str]) -> list[Due]:
    """What is due for any of these cases, soonest first."""
    if not ids:
        return []
    statement = select(Due).where(col(Due.case_id).in_(ids)).order_by(col(Due.at))
    return list(db.execute(statement).scalars())


def call_tasks(db: Session, conversation_id: str) -> list[Task]:
    """Calls to make because an answer in this conversation was not seen."""
    statement = (
        select(Task)
        .join(Case, col(Case.id) == col(Task.case_id))
        .where(
            col(Case.conversation_id) == conversation_id,
            col(Task.kind).in_(REACHING),
            col(Task.done_at).is_(None),
        )
    )
    return list(db.execute(statement).scalars())


def most_urgent(db: Session, urgencies: Sequence[str], limit: int) -> list[Case]:
    """Open cases, no more than ``limit``: by urgency (the first of ``urgencies`` first), and of
    one urgency what waits soonest first; those for which nothing waits stand last."""
    moments = union_all(
        select(col(Due.case_id), col(Due.at)).where(col(Due.case_id).is_not(None)),
        select(col(Task.case_id), col(Task.at)).where(col(Task.done_at).is_(None)),
    ).subquery()
    waits = (
        select(moments.c.case_id, func.min(moments.c.at).label("at"))
        .group_by(moments.c.case_id)
        .subquery()
    )
    rank = sql_case({name: place for place, name in enumerate(urgencies)}, value=col(Case.urgency))
    statement = (
        select(Case)
        .outerjoin(waits, waits.c.case_id == col(Case.id))
        .where(col(Case.closed_at).is_(None))
        .order_by(rank, waits.c.at.is_(None), waits.c.at, col(Case.number))
        .limit(limit)
    )
    return list(db.execute(statement).scalars())


def all_open(db: Session) -> list[Due]:
    """Everything that waits for its time and belongs to a case, soonest first."""
    statement = select(Due).where(col(Due.case_id).is_not(None)).order_by(col(Due.at))
    return list(db.execute(statement).scalars())


def due_ids(db: Session, now: datetime, limit: int = 100) -> list[str]:
    """Rows whose time has come, soonest first."""
    statement = select(col(Due.id)).where(col(Due.at) <= now).order_by(col(Due.at)).limit(limit)
    return list(db.execute(statement).scalars())


def peek(db: Session, row_id: str) -> Due | None:
    """A due row, to see what has to be locked before it."""
    return db.execute(select(Due).where(col(Due.id) == row_id)).scalar_one_or_none()


def drop(db: Session, row: Due) -> None:
    """It is done."""
    db.delete(row)


def take(db: Session, row_id: str, now: datetime) -> Due | None:
    """Lock one row if it is still due and nobody else has it; the caller moves or drops it."""
    statement = (
        select(Due)
        .where(col(Due.id) == row_id, col(Due.at) <= now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return db.execute(statement).scalar_one_or_none()


def add_task(
    db: Session, kind: str, case_id: str, subject: str, at: datetime, ref: str | None = None
) -> bool:
    """Put a task on the desk; False when it is there already."""
    key = f"{kind}:{subject}"
    if db.execute(select(Task).where(col(Task.key) == key)).first() is not None:
        return False
    db.add(Task(id=uuid7(), key=key, kind=kind, case_id=case_id, ref=ref, at=at))
    db.flush()
    return True


def call_for(db: Session, kind: str, case_id: str, seq: int, at: datetime) -> bool:
    """Put a call (or a visit) on the desk for the answer ``seq`` that was not seen.

    False when one for this case waits already; it is then for this answer too.
    """
    for task in open_tasks(db, case_id):
        if task.kind in REACHING:
            if task.ref is not None:
                task.ref = str(max(seq, int(task.ref)))
            return False
    return add_task(db, kind, case_id, f"{case_id}:{seq}", at, str(seq))


def open_tasks(db: Session, case_id: str | None = None) -> list[Task]:
    """Tasks not done, oldest first."""
    statement = select(Task).where(col(Task.done_at).is_(None)).order_by(col(Task.at))
    if case_id is not None:
        statement = statement.where(col(Task.case_id) == case_id)
    return list(db.execute(statement).scalars())


def peek_task(db: Session, task_id: str) -> Task | None:
    """A task by its id, to see what has to be locked before it."""
    return db.execute(select(Task).where(col(Task.id) == task_id)).scalar_one_or_none()


def cases_with_task(db: Session, ids: list[str], kind: str) -> set[str]:
    """Which of these cases have an open task of this kind."""
    if not ids:
        return set()
    statement = select(col(Task.case_id)).where(
        col(Task.case_id).in_(ids), col(Task.kind) == kind, col(Task.done_at).is_(None)
    )
    return set(db.execute(statement).scalars())


def soonest_tasks(db: Session, ids: list[str]) -> dict[str, datetime]:
    """For each of these cases with open tasks, when the first of them is due."""
    if not ids:
        return {}
    statement = (
        select(col(Task.case_id), func.min(col(Task.at)))
        .where(col(Task.case_id).in_(ids), col(Task.done_at).is_(None))
        .group_by(col(Task.case_id))
    )
    return {row[0]: row[1] for row in db.execute(statement)}


def get_task(db: Session, task_id: str) -> Task | None:
    """A task by its id, locked until the commit."""
    statement = (
        select(Task)
        .where(col(Task.id) == task_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.execute(statement).scalar_one_or_none()


def finish_task(
    db: Session, kind: str, subject: str, staff_id: str, result: str, now: datetime
) -> None:
    """A task is done, if it is there and open."""
    statement = select(Task).where(
        col(Task.key) == f"{kind}:{subject}", col(Task.done_at).is_(None)
    )
    task = db.execute(statement).scalar_one_or_none()
    if task is not None:
        task.done_at, task.done_by, task.result = now, staff_id, result


def close_tasks(db: Session, case_id: str, staff_id: str, now: datetime) -> None:
    """The case is closed: none of its tasks waits any more."""
    for task in open_tasks(db, case_id):
        task.done_at, task.done_by, task.result = now, staff_id, "closed"
