"""What the house knows of itself: the key's proof and the counters that are given under a row lock."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Field, Session, SQLModel, select

from storage.columns import SealedBytes


class House(SQLModel, table=True):
    """One row: a sealed test value, by which a wrong key is found before anything is written."""

    __tablename__ = "house"

    id: int = Field(primary_key=True, default=1)
    proof: bytes = Field(sa_type=SealedBytes)


class Counter(SQLModel, table=True):
    """A named number that only grows; the row is locked until the transaction that took it commits."""

    __tablename__ = "counters"

    name: str = Field(primary_key=True, max_length=32)
    value: int = 0


def take_number(db: Session, name: str) -> int:
    """The next value of a counter, starting with 1.

    The counter's row stays locked until the commit, so values become visible in their order
    (design §3: commit order is sequence order).
    """
    table = Counter.__table__  # type: ignore[attr-defined]
    statement = (
        update(table)
        .where(table.c.name == name)
        .values(value=table.c.value + 1)
        .returning(table.c.value)
    )
    value = db.execute(statement).scalar_one_or_none()
    if value is None:
        raise LookupError(f"counter {name!r} is missing: run `nuanxin db upgrade`")
    return int(value)


def counter_value(db: Session, name: str) -> int:
    """The last value that was given."""
    return db.exec(select(Counter.value).where(Counter.name == name)).one()
