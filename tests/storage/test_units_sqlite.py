"""Group commit on SQLite, and what a bad disk or another process does to it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from storage import engines
from storage.database import CommitUnknown, Database, Db, StorageBusy, StorageFull
from storage.database import StorageUnavailable as Unavailable

Units = Any  # tests/storage/conftest.py


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


async def held_batch(database: Database, gate: Any, calls: list[Any]) -> list[Any]:
    """The outcomes of calls that certainly wait in the queue together."""
    held = asyncio.create_task(database.write(gate))
    await asyncio.to_thread(gate.reached.wait, 10)
    tasks = [asyncio.create_task(database.write(*call)) for call in calls]
    await asyncio.sleep(0)
    gate.open.set()
    _, *outcomes = await asyncio.gather(held, *tasks, return_exceptions=True)
    return outcomes


async def test_fifty_that_wait_share_one_commit(
    open_database: Callable[..., Database],
    units: Units,
    gate: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a batch ends by its size here: on a busy machine its 20 ms are over before the fiftieth
    monkeypatch.setattr("storage.database.BATCH_SECONDS", 30.0)
    database = open_database()
    commits: list[object] = []
    event.listen(database.write_engine, "commit", commits.append)
    await held_batch(database, gate, [(units.put, f"{n}") for n in range(50)])
    assert len(commits) == database.stats.commits <= 2
    assert len(await database.read(units.names)) == 50


async def test_a_batch_ends(
    open_database: Callable[..., Database], units: Units, gate: Any
) -> None:
    database = open_database()
    await held_batch(database, gate, [(units.put, f"{n}") for n in range(400)])
    assert database.stats.commits >= 400 // 64


async def test_the_pragmas_are_set(database: Database) -> None:
    def pragmas(db: Db) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [db.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await database.write(pragmas) == ["wal", 2, 1, engines.SQLITE_BUSY_MS]


async def test_a_full_disk_is_told_and_nothing_stands_half(
    database: Database, units: Units, gate: Any
) -> None:
    def limit(db: Db, pages: int) -> None:
        db.execute(text(f"PRAGMA max_page_count={pages}"))

    def much(db: Db, name: str) -> None:
        units.put(db, name)
        db.execute(text("CREATE TABLE much AS SELECT randomblob(4000000) AS it"))

    pages = await database.read(lambda db: int(db.execute(text("PRAGMA page_count")).scalar_one()))
    await database.write(limit, pages + 20)
    calls = [(units.put, "a"), (much, "full"), (units.put, "b")]
    good, full, also = await held_batch(database, gate, calls)
    assert (good, also) == ("a", "b")
    assert isinstance(full, StorageFull)
    assert await database.read(units.names) == {"a", "b"}
    await database.write(limit, pages + 5000)
    await database.write(much, "room")
    assert await database.read(units.names) == {"a", "b", "room"}


async def test_a_transaction_that_sqlite_ended_is_done_again_one_by_one(
    database: Database, units: Units, gate: Any
) -> None:
    runs: list[str] = []

    def lost(db: Db) -> str:
        runs.append("lost")
        units.put(db, "lost")
        if len(runs) == 1:  # as SQLite does itself on FULL, IOERR and NOMEM
            db.connection().connection.dbapi_connection.execute("ROLLBACK")  # type: ignore[union-attr]
            raise sqlite3.OperationalError("disk I/O error")
        return "done"

    calls = [(units.put, "a"), (lost,), (units.put, "b")]
    assert await held_batch(database, gate, calls) == ["a", "done", "b"]
    assert await database.read(units.names) == {"a", "b", "lost"}
    assert runs == ["lost", "lost"]


async def test_a_commit_that_fails_is_told_to_every_caller(
    database: Database, units: Units, gate: Any
) -> None:
    """A deferred foreign key makes SQLite itself refuse the COMMIT."""

    def broken(db: Db) -> None:
        db.execute(text("PRAGMA defer_foreign_keys=ON"))
        db.execute(
            text("INSERT INTO person_keys (id, person_id, kind, hmac) VALUES ('k', 'no', 'x', 'y')")
        )

    calls = [(units.put, "a"), (broken,), (units.put, "b")]
    outcomes = await held_batch(database, gate, calls)
    assert ["FOREIGN KEY" in str(each) for each in outcomes] == [True] * 3
    assert not any(isinstance(each, CommitUnknown) for each in outcomes)
    assert await database.read(units.names) == set()
    assert await database.write(units.put, "after") == "after"


async def test_a_disk_error_in_commit_may_be_done_or_not(
    database: Database, units: Units, gate: Any
) -> None:
    @event.listens_for(database.write_engine, "commit", once=True)
    def fail(connection: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = 10
        raise error

    first = asyncio.create_task(database.write(units.put, "a"))
    with pytest.raises(CommitUnknown):
        await first
    assert await database.write(units.put, "after") == "after"


async def test_another_process_that_holds_the_file_is_told_as_busy(
    open_database: Callable[..., Database], units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        engines, "_SQLITE_EVERY", ("PRAGMA busy_timeout=50", *engines._SQLITE_EVERY[1:])
    )
    database = open_database()
    other = sqlite3.connect(engines.sqlite_path(database.url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusy):
        await database.write(units.put, "a")
    assert await database.read(units.names) == set()  # reading goes on meanwhile
    other.execute("COMMIT")
    other.close()
    assert await database.write(units.put, "a") == "a"


async def test_a_file_that_is_no_database_is_said(tmp_path: Any, vault: Any, units: Units) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear house, " * 1000)
    database = Database(f"sqlite:///{path}", vault)
    with pytest.raises(Unavailable):
        await database.write(units.put, "a")
    with pytest.raises(Unavailable):
        await database.read(units.names)
    await database.close()
    assert path.read_text().startswith("Dear house")


async def test_foreign_keys_hold(database: Database) -> None:
    from storage.people import PersonKey

    with pytest.raises(Exception, match="FOREIGN KEY"):
        await database.write(
            lambda db: db.execute(
                insert(PersonKey).values(id="k", person_id="nobody", kind="phone", hmac="h")
            )
        )


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_what_we_do_not_support_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///"):
        engines.normalise(url)
