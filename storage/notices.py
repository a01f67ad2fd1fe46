"""What the staff's open pages are told: one feed, in commit order, with nothing personal in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, exists, insert, select
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import Json, UtcDateTime
from storage.house import counter_value, take_number
from storage.prepared import run


class Notice(SQLModel, table=True):
    """A hint (the page fetches what it shows) or a push (it rings until acknowledged)."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_case", "case_id"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    audience: str = Field(max_length=48)  # all | supervisors | staff:<id>
    kind: str = Field(max_length=16)
    case_id: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    data: dict[str, Any] = Field(sa_type=Json, default_factory=dict)
    acknowledged_by: str | None = Field(default=None, max_length=32)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


TABLE = Notice.__table__  # type: ignore[attr-defined]
_SOUNDING = ("ring", "push")
_WAITING = "notices"
_POST = insert(TABLE)


def post(
    db: Session,
    audience: str,
    kind: str,
    now: datetime,
    case_id: str | None = None,
    **data: Any,
) -> None:
    """Tell the staff; the line gets its number when the transaction is about to commit.

    The counter's lock is the last that a transaction takes (see ``write_waiting``), so that it is
    held shortly and never in a circle with others.
    """
    waiting = db.info.setdefault(_WAITING, [])
    row = {"audience": audience, "kind": kind, "case_id": case_id, "at": now, "data": data}
    if row not in waiting:
        waiting.append(row)


def write_waiting(db: Session) -> int:
    """Write what ``post`` collected; called once, as the last work before the commit."""
    waiting: list[dict[str, Any]] = db.info.pop(_WAITING, [])
    for row in waiting:
        run(db, _POST, {"seq": take_number(db, "notice"), **row})
    return len(waiting)


def after(db: Session, seq: int, audiences: list[str], limit: int = 500) -> list[Notice]:
    """What was told to one of these audiences after ``seq``, in order."""
    statement = (
        select(Notice)
        .where(col(Notice.seq) > seq, col(Notice.audience).in_(audiences))
        .order_by(col(Notice.seq))
        .limit(limit)
    )
    return list(db.execute(statement).scalars())


def after_all(db: Session, seq: int, limit: int) -> list[Notice]:
    """Everything that was told to anybody after ``seq``, in order."""
    statement = select(Notice).where(col(Notice.seq) > seq).order_by(col(Notice.seq)).limit(limit)
    return list(db.execute(statement).scalars())


def last_seq(db: Session) -> int:
    """The newest number of the feed."""
    return counter_value(db, "notice")


def peek(db: Session, seq: int) -> Notice | None:
    """A notice, to see what has to be locked before it."""
    return db.execute(select(Notice).where(col(Notice.seq) == seq)).scalar_one_or_none()


def get(db: Session, seq: int) -> Notice | None:
    """A notice, locked until the commit."""
    statement = (
        select(Notice)
        .where(col(Notice.seq) == seq)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.execute(statement).scalar_one_or_none()


def ringing(db: Session, audiences: list[str]) -> list[Notice]:
    """The last ring and the last push of each case, unless it was acknowledged, oldest first.

    Of very many the newest: what rings and rings keeps nothing else from being heard.
    """
    newer = TABLE.alias("newer")
    overtaken = exists().where(
        newer.c.case_id == TABLE.c.case_id,
        newer.c.audience == TABLE.c.audience,
        newer.c.kind == TABLE.c.kind,
        newer.c.seq > TABLE.c.seq,
    )
    statement = (
        select(Notice)
        .where(
            col(Notice.audience).in_(audiences),
            col(Notice.kind).in_(_SOUNDING),
            col(Notice.acknowledged_at).is_(None),
            ~overtaken,
        )
        .order_by(col(Notice.seq).desc())
        .limit(200)
    )
    return list(db.execute(statement).scalars())[::-1]


def rings_for(db: Session, case_id: str, key: str) -> bool:
    """Whether a push of this key, about this case, was not acknowledged yet."""
    statement = select(Notice).where(
        col(Notice.case_id) == case_id,
        col(Notice.kind) == "push",
        col(Notice.acknowledged_at).is_(None),
    )
    return any(row.data.get("key") == key for row in db.execute(statement).scalars())


def acknowledge_case(db: Session, case_id: str, staff_id: str, now: datetime) -> None:
    """Somebody has the case in hand: its bells stop."""
    db.execute(
        TABLE.update()
        .where(TABLE.c.case_id == case_id, TABLE.c.acknowledged_at.is_(None))
        .values(acknowledged_by=staff_id, acknowledged_at=now)
    )
