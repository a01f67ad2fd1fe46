"""What only a server can do to us: deadlocks, lost connections, aborted transactions."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from storage import engines
from storage import units as units_module
from storage.database import CommitUnknown, Database, Db, StorageBusy, StorageUnavailable

pytestmark = pytest.mark.postgres
Units = Any  # tests/storage/conftest.py


@pytest.fixture
def database_kind() -> str:
    return "postgres"


def terminate(database: Database, pid: int) -> None:
    """End one connection from outside, as a restart of the server would."""
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))


def pid_of(db: Db) -> int:
    return int(db.execute(text("SELECT pg_backend_pid()")).scalar_one())


async def test_of_two_that_lock_each_other_both_are_done(database: Database, units: Units) -> None:
    both_hold = threading.Barrier(2)
    runs: list[str] = []

    def unit(db: Db, first: str, second: str) -> None:
        runs.append(first)
        units.increment(db, first)
        if len(runs) <= 2:
            both_hold.wait(10)
        units.increment(db, second)

    for name in ("a", "b"):
        await database.write(units.put, name)
    await asyncio.gather(database.write(unit, "a", "b"), database.write(unit, "b", "a"))
    assert len(runs) == 3
    assert database.stats.again == 1
    for name in ("a", "b"):
        assert await database.read(units.value, name) == 2


async def test_a_connection_lost_before_commit_is_done_again_once(
    database: Database, units: Units
) -> None:
    runs: list[int] = []

    def unit(db: Db) -> str:
        units.put(db, "a")
        runs.append(pid_of(db))
        if len(runs) == 1:
            terminate(database, runs[0])
        units.put(db, "b")
        return "done"

    assert await database.write(unit) == "done"
    assert len(runs) == 2
    assert await database.read(units.names) == {"a", "b"}


async def test_a_connection_lost_in_commit_may_be_done_or_not(
    database: Database, units: Units
) -> None:
    pids: list[int] = []

    def unit(db: Db) -> None:
        units.put(db, "a")
        pids.append(pid_of(db))

    @event.listens_for(database.write_engine, "commit", once=True)
    def lose(connection: object) -> None:
        terminate(database, pids[0])

    with pytest.raises(CommitUnknown):
        await database.write(unit)
    assert len(pids) == 1  # never again by itself
    assert await database.write(units.put, "after") == "after"


async def test_stale_connections_do_not_hurt_reading(database: Database, units: Units) -> None:
    pid = await database.read(pid_of)
    terminate(database, pid)
    assert await database.read(units.names) == set()


async def test_going_on_after_a_failed_statement_is_loud(database: Database, units: Units) -> None:
    """PostgreSQL would answer the COMMIT with a silent ROLLBACK."""

    def unit(db: Db) -> str:
        units.put(db, "a")
        try:
            units.put(db, "a")
        except IntegrityError:
            return "it seems well"
        return "no"

    with pytest.raises(RuntimeError, match="begin_nested"):
        await database.write(unit)
    assert await database.read(units.names) == set()


async def test_a_lock_that_is_never_given_back_is_told_as_busy(
    open_database: Callable[..., Database], units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "POSTGRES_LOCK_MS", 50)
    monkeypatch.setattr(units_module, "RETRY_SECONDS", 0.2)
    database = open_database()
    await database.write(units.put, "n")
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as other:
        other.execute("SELECT * FROM counters WHERE name = 'n' FOR UPDATE")
        with pytest.raises(StorageBusy):
            await database.write(units.increment, "n")
        assert await database.write(units.put, "others") == "others"
        assert await database.read(units.value, "n") == 0


async def test_no_server_is_told_within_bounds(
    vault: Any, units: Units, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units_module, "RETRY_SECONDS", 0.2)
    database = Database(f"postgresql://postgres@/house?host={tmp_path}", vault)
    with pytest.raises(StorageUnavailable):
        await database.write(units.put, "a")
    with pytest.raises(StorageUnavailable):
        await database.read(units.names)
    await database.close()
