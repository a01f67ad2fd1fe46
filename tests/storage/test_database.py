"""What database.write and database.read promise, on both databases."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.clock import Clock, utc_now
from storage.database import Database, Db, StorageBusy, StorageClosed, now, wake
from storage.keys import VARIABLE, Keyring

Units = Any  # tests/storage/conftest.py


async def test_a_write_is_seen_by_the_next_read(database: Database, units: Units) -> None:
    assert await database.write(units.put, "a", value=7) == "a"
    assert await database.read(units.value, "a") == 7
    assert database.stats.commits == 1


async def test_what_raises_is_undone_whole_and_raised(database: Database, units: Units) -> None:
    with pytest.raises(KeyError):
        await database.write(units.put_and_fail, "a")
    assert await database.read(units.names) == set()
    assert database.stats.failed == 1


async def test_a_unit_that_fails_leaves_its_neighbours(
    database: Database, units: Units, gate: Any
) -> None:
    first = asyncio.create_task(database.write(gate))
    await asyncio.to_thread(gate.reached.wait, 10)
    tasks = [asyncio.create_task(database.write(units.put, f"good{n}")) for n in range(5)]
    tasks.append(asyncio.create_task(database.write(units.put_and_fail, "bad")))
    tasks.append(asyncio.create_task(database.write(units.put_orm_twice, "twice")))
    tasks += [asyncio.create_task(database.write(units.put, f"good{n}")) for n in range(5, 9)]
    await asyncio.sleep(0)
    gate.open.set()
    results = await asyncio.gather(first, *tasks, return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    assert [type(failure) for failure in failures] == [KeyError, IntegrityError]
    assert await database.read(units.names) == {f"good{n}" for n in range(9)}


@pytest.mark.parametrize("waiting", [False, True], ids=["running", "waiting"])
async def test_a_cancelled_caller_neither_loses_nor_halves_the_unit(
    database: Database, units: Units, gate: Any, waiting: bool
) -> None:
    def unit(db: Db) -> None:
        units.put(db, "one")
        if not waiting:
            gate(db)
        units.put(db, "two")

    gates = [asyncio.create_task(database.write(gate)) for _ in range(4 if waiting else 0)]
    task = asyncio.create_task(database.write(unit))
    await asyncio.to_thread(gate.reached.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await database.read(units.names) == set()
    gate.open.set()
    await asyncio.gather(*gates)
    await database.close()
    again = Database(database.url.render_as_string(hide_password=False), database.vault)
    assert await again.read(units.names) == {"one", "two"}
    await again.close()


async def test_a_hundred_writers_count_exactly(
    open_database: Callable[..., Database], units: Units
) -> None:
    here, there = open_database(), open_database()  # like two processes
    await here.write(units.put, "n")
    seen = await asyncio.gather(
        *(each.write(units.increment, "n") for each in (here, there) for _ in range(100))
    )
    assert sorted(seen) == list(range(1, 201))
    assert await there.read(units.value, "n") == 200


async def test_reading_sees_one_moment_and_cannot_write(database: Database, units: Units) -> None:
    loop = asyncio.get_running_loop()

    def look_twice(db: Db) -> tuple[set[str], set[str]]:
        before = units.names(db)
        asyncio.run_coroutine_threadsafe(database.write(units.put, "new"), loop).result(10)
        return before, units.names(db)

    assert await database.read(look_twice) == (set(), set())
    assert await database.read(units.names) == {"new"}
    with pytest.raises(DBAPIError, match="read"):
        await database.read(units.put, "no")
    assert await database.read(units.names) == {"new"}


async def test_a_unit_may_not_commit_or_roll_back(database: Database, units: Units) -> None:
    def commits(db: Db) -> None:
        units.put(db, "a")
        db.commit()

    def rolls_back(db: Db) -> None:
        units.put(db, "a")
        db.rollback()

    for unit in (commits, rolls_back):
        with pytest.raises(RuntimeError, match="a unit does not"):
            await database.write(unit)
    assert await database.read(units.names) == set()


async def test_part_of_a_unit_may_fail_in_a_savepoint(database: Database, units: Units) -> None:
    def unit(db: Db) -> str:
        units.put(db, "a")
        try:
            with db.begin_nested():
                units.put(db, "b")
                units.put(db, "a")
        except IntegrityError:
            return "known"
        return "new"

    assert await database.write(unit) == "known"
    assert await database.read(units.names) == {"a"}


async def test_wakes_come_after_the_commit_and_only_then(database: Database, units: Units) -> None:
    def unit(db: Db, fail: bool) -> None:
        wake(db, "inbox")
        units.put(db, "a")
        if fail:
            raise KeyError

    with database.wakes.listen("inbox", "other") as ear:
        with pytest.raises(KeyError):
            await database.write(unit, True)
        assert not await ear.wait(0.05)
        await database.write(unit, False)  # before the wait: nothing falls between
        assert await ear.wait(5)
        assert await database.read(units.names) == {"a"}
        assert not await ear.wait(0.01)
    assert not await database.wakes.wait("other", 0.01)


async def test_closing_finishes_what_waits(database: Database, units: Units, gate: Any) -> None:
    held = asyncio.create_task(database.write(gate))
    tasks = [asyncio.create_task(database.write(units.put, f"{n}")) for n in range(20)]
    await asyncio.to_thread(gate.reached.wait, 10)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.05)
    gate.open.set()
    await asyncio.gather(closing, held)
    assert {await task for task in tasks} == {f"{n}" for n in range(20)}
    with pytest.raises(StorageClosed):
        await database.write(units.put, "late")
    with pytest.raises(StorageClosed):
        await database.read(units.names)
    await database.close()


async def test_too_many_waiting_is_said_at_once(
    open_database: Callable[..., Database], units: Units, gate: Any
) -> None:
    database = open_database(pool=1, max_waiting=3)
    held = asyncio.create_task(database.write(gate))
    await asyncio.to_thread(gate.reached.wait, 10)
    tasks = [asyncio.create_task(database.write(units.put, f"{n}")) for n in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(StorageBusy):
        await database.write(units.put, "over")
    gate.open.set()
    await asyncio.gather(held, *tasks)
    assert await database.read(units.names) == {"0", "1", "2"}


async def test_the_clock_of_the_database(database: Database, clock: Clock) -> None:
    for moment in (await database.now(), await database.write(now)):
        assert abs(moment - utc_now()) < timedelta(seconds=5)
    clock.advance(timedelta(hours=9))
    for moment in (await database.now(), await database.write(now)):
        assert moment.utcoffset() == timedelta(0)
        assert abs(moment - utc_now() - timedelta(hours=9)) < timedelta(seconds=5)


def test_without_an_event_loop(database: Database, units: Units) -> None:
    assert database.write_blocking(units.put, "a", 3) == "a"
    assert database.read_blocking(units.value, "a") == 3
    with pytest.raises(IntegrityError):
        database.write_blocking(units.put, "a")


WRITER = """
import asyncio, sys
from sqlalchemy import insert
from storage.database import Database
from storage.house import Counter
from storage.keys import load_or_create

async def main():
    database = Database(sys.argv[1], load_or_create(None).vault())
    def put(db, name):
        db.execute(insert(Counter).values(name=name, value=1))
        db.execute(insert(Counter).values(name=name + "+", value=1))
    async def caller(k):
        for n in range(100000):
            await database.write(put, f"{k}-{n}")
            print(f"{k}-{n}", flush=True)
    await asyncio.gather(*(caller(k) for k in range(8)))

asyncio.run(main())
"""


@pytest.mark.kill
@pytest.mark.slow
def test_what_a_caller_was_told_survives_kill_9(
    database: Database, database_url: str, keyring: Keyring, units: Units
) -> None:
    env = {VARIABLE: keyring.text(), "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, database_url], env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(200)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    kept = database.read_blocking(units.names)
    assert len(told) >= 200
    assert set(told) - kept == set()
    whole = {name.rstrip("+") for name in kept}
    assert kept == whole | {name + "+" for name in whole}
