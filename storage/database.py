"""The only way to the database: plain functions, run in its own threads.

    number = await database.write(file_case, person)     # fn(db, *args) in one transaction
    card = await database.read(case_card, number)        # fn(db, *args), one moment, no writing

SQLite has one writing thread with group commit, PostgreSQL a small pool of them (units.py).
A write is durable when the await returns. Cancelling the await does not undo or halve the unit:
it is done as if nobody had cancelled.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import text

from storage import engines, errors, notices
from storage.clock import Clock, utc_now
from storage.crypto import Vault
from storage.errors import (
    CommitUnknown,
    StorageBusy,
    StorageClosed,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from storage.units import Db, Stats, Unit, Writers
from storage.wakes import Wakes

__all__ = [
    "CommitUnknown",
    "Database",
    "Db",
    "StorageBusy",
    "StorageClosed",
    "StorageError",
    "StorageFull",
    "StorageUnavailable",
    "now",
    "vault_of",
    "wake",
]

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

# More units in a batch gain little, and the first of them waits for the last.
SQLITE_BATCH, POSTGRES_BATCH = 64, 1
BATCH_SECONDS = 0.02
MAX_WAITING = 20_000


def wake(db: Db, topic: str) -> None:
    """After this unit's commit, wake those of this process who wait for `topic`."""
    db.info["topics"].append(topic)


def vault_of(db: Db) -> Vault:
    """The vault that seals and opens this database's columns."""
    vault: Vault = db.info["vault"]
    return vault


def now(db: Db) -> datetime:
    """The database's clock, aware UTC: the same for every process that shares it (leases)."""
    clock: Clock = db.info["clock"]
    if db.info["sqlite"]:
        return clock.now()
    moment: datetime = db.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(utc_now().tzinfo) + clock.offset


class Database:
    """One database, its threads, and its wake-ups."""

    def __init__(
        self,
        url: str,
        vault: Vault,
        *,
        pool: int = 4,
        clock: Clock | None = None,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        """`url`: sqlite:///file or postgresql://…; the tables must exist (migrate.upgrade).

        `pool`: threads that read, and on PostgreSQL as many that write. `max_waiting`: more
        units than that in the queue and write() raises StorageBusy at once.
        """
        self.url = engines.normalise(url)
        self.is_sqlite = engines.is_sqlite(self.url)
        self.vault, self.clock, self.wakes = vault, clock or Clock(), Wakes()
        self._info = {"vault": vault, "clock": self.clock, "sqlite": self.is_sqlite}
        self._max_waiting = max_waiting
        threads = 1 if self.is_sqlite else pool
        self.write_engine = engines.write_engine(self.url, threads)
        self.read_engine = engines.read_engine(self.url, pool)
        self._writers = Writers(
            self.write_engine,
            threads=threads,
            batch=SQLITE_BATCH if self.is_sqlite else POSTGRES_BATCH,
            batch_seconds=BATCH_SECONDS,
            info=self._info,
            last=notices.write_waiting,  # its counter's lock comes last and is held shortly
            told=self._told,
        )
        self._readers = ThreadPoolExecutor(max_workers=pool, thread_name_prefix="read")
        self._closed = False

    @property
    def stats(self) -> Stats:
        """Counters of the writing threads, for /metrics and tests."""
        return self._writers.stats

    async def write(
        self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run fn(db, *args) as one transaction and return its value once it is durable.

        fn is plain, touches nothing but the database, and may be run again after a conflict.
        What it raises is raised here and undoes it whole. Also raises StorageBusy, StorageFull,
        StorageUnavailable (nothing done), CommitUnknown (done or not), StorageClosed.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def tell(value: Any, error: BaseException | None) -> None:
            if future.done():
                if error is not None:
                    log.error("a unit whose caller had gone failed: %r", error)
            elif error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        self._put(Unit(functools.partial(_call, fn, args, kwargs), tell, loop))
        return await future

    def write_blocking(
        self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like write, for a thread without an event loop (command line, tests)."""
        future: Future[T] = Future()

        def tell(value: Any, error: BaseException | None) -> None:
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)

        self._put(Unit(functools.partial(_call, fn, args, kwargs), tell))
        return future.result()

    async def read(
        self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run fn(db, *args), which only reads, on one moment of the database.

        Writing in it raises. Raises StorageBusy, StorageUnavailable, StorageClosed.
        """
        self._open_or_raise()
        call = functools.partial(_call, fn, args, kwargs)
        loop = asyncio.get_running_loop()
        value: T = await loop.run_in_executor(self._readers, self._read, call)
        return value

    def read_blocking(
        self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like read, in the calling thread."""
        self._open_or_raise()
        value: T = self._read(functools.partial(_call, fn, args, kwargs))
        return value

    async def now(self) -> datetime:
        """The database's clock, aware UTC; for SQLite the process's own clock."""
        return self.clock.now() if self.is_sqlite else await self.read(now)

    async def close(self) -> None:
        """Refuse new work, finish what is queued, end the threads. Safe to call twice."""
        await asyncio.to_thread(self.close_blocking)

    def close_blocking(self) -> None:
        """Like close, for a thread without an event loop."""
        if self._closed:
            return
        self._closed = True
        self._writers.finish()
        self._readers.shutdown(wait=True)
        self.read_engine.dispose()
        self.write_engine.dispose()

    def _open_or_raise(self) -> None:
        if self._closed:
            raise StorageClosed("the database is closed")

    def _put(self, unit: Unit) -> None:
        self._open_or_raise()
        if self._writers.waiting >= self._max_waiting:
            raise StorageBusy(f"{self._max_waiting} units wait already")
        self._writers.put(unit)

    def _read(self, call: Callable[[Db], Any]) -> Any:
        for last in (False, True):
            try:
                with (
                    self.read_engine.connect() as connection,
                    Db(connection, expire_on_commit=False) as db,
                ):
                    db.info.update(self._info)
                    db.info["topics"] = []
                    return call(db)
            except Exception as error:
                if errors.is_lost(error) and not last:
                    continue  # a stale connection after a restart of the server
                told = errors.translate(error)
                if told is error or errors.is_forbidden(error):
                    raise
                raise told from error
        raise AssertionError("unreachable")

    def _told(self, units: list[Unit]) -> None:
        """In a writing thread, after the commit: tell callers and wake those who wait."""
        by_loop: dict[Any, list[Unit]] = {}
        topics: set[str] = set()
        for unit in units:
            by_loop.setdefault(unit.loop, []).append(unit)
            topics.update(unit.topics)
        for loop, told in by_loop.items():
            if loop is None:
                _tell(told)
                continue
            try:
                loop.call_soon_threadsafe(_tell, told)
            except RuntimeError:
                log.warning("%d units were done after their event loop had ended", len(told))
        if topics:
            self.wakes.fire(topics)


def _call(fn: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any], db: Db) -> Any:
    return fn(db, *args, **kwargs)


def _tell(units: list[Unit]) -> None:
    for unit in units:
        unit.tell(unit.value, unit.error)
