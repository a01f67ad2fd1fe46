"""What the house knows of itself: the key's proof, and counters given under a row lock."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlmodel import Field, Session, SQLModel, select

from storage.columns import SealedBytes
from storage.prepared import run


class House(SQLModel, table=True):
    """One row: a sealed test value, by which a wrong key is found before anything is written."""

    __tablename__ = "house"

    id: int = Field(primary_key=True, default=1)
    proof: bytes = Field(sa_type=SealedBytes)


class Counter(SQLModel, table=True):
    """A named number that only grows; its row is locked until the taker's transaction commits."""

    __tablename__ = "counters"

    name: str = Field(primary_key=True, max_length=32)
    value: int = 0


_TABLE = Counter.__table__  # type: ignore[attr-defined]
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.name == bindparam("counter"))
    .values(value=_TABLE.c.value + 1)
    .returning(_TABLE.c.value)
)


def take_number(db: Session, name: str) -> int:
    """The next value of a counter, starting with 1.

    The counter's row stays locked until the commit, so values become visible in their order
    (design §3: commit order is sequence order).
    """
    value = run(db, _TAKE, {"counter": name}).scalar_one_or_none()
    if value is None:
        raise LookupError(f"counter {name!r} is missing: run `nuanxin db upgrade`")
    return int(value)


def counter_value(db: Session, name: str) -> int:
    """The last value that was given."""
    return db.exec(select(Counter.value).where(Counter.name == name)).one()
