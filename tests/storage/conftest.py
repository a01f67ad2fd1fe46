"""Small units that the tests of the database write, on the house's own table of counters."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, update

from storage.database import Database, Db
from storage.house import Counter
from storage.tables import COUNTERS

TABLE = Counter.__table__  # type: ignore[attr-defined]


class Units:
    """Plain functions of a db, as use cases are."""

    @staticmethod
    def put(db: Db, name: str, value: int = 0) -> str:
        db.execute(insert(TABLE).values(name=name, value=value))
        return name

    @staticmethod
    def put_and_fail(db: Db, name: str) -> None:
        db.execute(insert(TABLE).values(name=name, value=0))
        raise KeyError(name)

    @staticmethod
    def put_orm_twice(db: Db, name: str) -> None:
        db.add(Counter(name=name, value=1))
        db.flush()
        db.expunge_all()
        db.add(Counter(name=name, value=2))

    @staticmethod
    def increment(db: Db, name: str) -> int:
        """Read, then write: exact only in a real transaction."""
        locked = select(TABLE.c.value).where(TABLE.c.name == name).with_for_update()
        value = int(db.execute(locked).scalar_one()) + 1
        db.execute(update(TABLE).where(TABLE.c.name == name).values(value=value))
        return value

    @staticmethod
    def names(db: Db) -> set[str]:
        own = select(TABLE.c.name).where(TABLE.c.name.not_in(COUNTERS))
        return set(db.execute(own).scalars())

    @staticmethod
    def value(db: Db, name: str) -> int:
        return int(db.execute(select(TABLE.c.value).where(TABLE.c.name == name)).scalar_one())


class Gate:
    """A unit that holds the writing thread until the test opens the gate."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, db: Db) -> None:
        db.execute(select(TABLE.c.name))
        self.reached.set()
        assert self.open.wait(10)


@pytest.fixture
def units() -> type[Units]:
    return Units


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def sqlite_database(open_database: Callable[..., Database], database_kind: str) -> Database:
    """For what only SQLite can do to us."""
    if database_kind != "sqlite":
        pytest.skip("SQLite only")
    return open_database()
