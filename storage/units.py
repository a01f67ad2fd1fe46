"""The writing threads, which do the units of work.

SQLite: one thread with group commit. Each unit that waits runs in a SAVEPOINT with a session of
its own, all share one COMMIT, and each caller is told after it. A unit that raises undoes only
itself. When the whole transaction is lost before its COMMIT, each unit is done again alone.

PostgreSQL: a few threads, a transaction a unit. Its server groups commits itself, and here a
batch gained nothing (measured: 32 callers, within noise) while it would hold row locks longer.
What lost against another transaction, or lost its connection before COMMIT, is done again: units
are functions of the database only, so they may run twice, though only one run is kept.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm.session import JoinTransactionMode
from sqlmodel import Session

from storage import errors

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
TRIES = 10
_IN_ERROR = 3  # psycopg.pq.TransactionStatus.INERROR


class Db(Session):
    """The session a unit gets. The unit is the transaction: it neither commits nor rolls back.

    `info` carries "vault", "clock" and what wake() collects.
    """

    def commit(self) -> None:
        """Always raises: returning commits."""
        raise RuntimeError("a unit does not commit; it returns, and is committed as a whole")

    def rollback(self) -> None:
        """Always raises: raising undoes. For a part, use `with db.begin_nested():`."""
        raise RuntimeError("a unit does not roll back; it raises, or uses db.begin_nested()")


@dataclass(slots=True, eq=False)
class Unit:
    """One call of Database.write and whom to tell."""

    call: Callable[[Db], Any]
    tell: Callable[[Any, BaseException | None], None]
    loop: Any = None
    value: Any = None
    error: BaseException | None = None
    topics: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Stats:
    """Counted since the start; `waiting` is the present length of the queue."""

    units: int = 0
    failed: int = 0
    commits: int = 0
    again: int = 0
    waiting: int = 0


class Writers:
    """`threads` threads that do the units of one queue, up to `batch` in one transaction.

    `last` is run as the last work of every unit, `told` with units after their commit.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        threads: int,
        batch: int,
        batch_seconds: float,
        info: dict[str, Any],
        last: Callable[[Db], object],
        told: Callable[[list[Unit]], None],
    ) -> None:
        self._engine, self._info, self._last, self._told = engine, info, last, told
        self._batch, self._batch_seconds = batch, batch_seconds
        self._sqlite = engine.dialect.name == "sqlite"
        self._queue: SimpleQueue[Unit | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._stats = Stats()
        self._threads = [
            threading.Thread(target=self._work, name=f"write-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def stats(self) -> Stats:
        """A copy of the counters."""
        with self._lock:
            return replace(self._stats, waiting=self._queue.qsize())

    @property
    def waiting(self) -> int:
        """How many units nobody has taken yet."""
        return self._queue.qsize()

    def put(self, unit: Unit) -> None:
        """Queue a unit."""
        self._queue.put(unit)

    def finish(self) -> None:
        """Do all that is queued, then end the threads. Blocks."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        stop = False
        while not stop:
            unit = self._queue.get()
            if unit is None:
                return
            again = [unit]
            if self._batch > 1:
                units, again, stop = self._together(unit)
                self._report(units)
            for each in again:
                self._alone(each)
                self._report([each])

    def _report(self, units: list[Unit]) -> None:
        if not units:
            return
        with self._lock:
            self._stats.units += len(units)
            self._stats.failed += sum(unit.error is not None for unit in units)
        try:
            self._told(units)
        except Exception:
            log.exception("telling the callers of %d units failed", len(units))

    # ------------------------------------------------------------ several units, one COMMIT

    def _together(self, first: Unit) -> tuple[list[Unit], list[Unit], bool]:
        """Do `first` and what waits. Returns (settled units, units to do alone, stop?)."""
        taken = [first]
        stop, began, committing = False, False, False
        until = time.monotonic() + self._batch_seconds
        try:
            with self._engine.connect() as connection:
                transaction = connection.begin()
                began = True
                unit: Unit | None = first
                while unit is not None:
                    self._in_savepoint(connection, unit)
                    if len(taken) >= self._batch or time.monotonic() > until:
                        break
                    unit, stop = self._next()
                    if unit is not None:
                        taken.append(unit)
                committing = True
                self._commit(connection, transaction)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the callers are told
            if began and not committing:
                return [], taken, stop
            _fail(taken, error, unknown=committing and not self._surely_undone(error))
        return taken, [], stop

    def _next(self) -> tuple[Unit | None, bool]:
        try:
            unit = self._queue.get_nowait()
        except Empty:
            return None, False
        return unit, unit is None

    def _in_savepoint(self, connection: Connection, unit: Unit) -> None:
        """Run one unit; what it raises is kept in it. Raises when the transaction is lost."""
        driver: Any = connection.connection.dbapi_connection
        driver.execute("SAVEPOINT unit")
        db = self._session(connection, unit, "rollback_only")
        try:
            unit.value = self._run(unit, db)
            db.flush()
            driver.execute("RELEASE unit")
        except BaseException as error:
            if not driver.in_transaction:
                raise  # rolled back whole: by SQLite (FULL, IOERR, NOMEM), or by a failed flush
            driver.execute("ROLLBACK TO unit")
            driver.execute("RELEASE unit")
            _fail([unit], error)
        finally:
            db.close()

    # ------------------------------------------------------------ one unit, one COMMIT

    def _alone(self, unit: Unit) -> None:
        """Do one unit in its own transaction, again while that may help."""
        until = time.monotonic() + RETRY_SECONDS
        tries = 0
        while True:
            committing = False
            try:
                with self._engine.connect() as connection, connection.begin() as transaction:
                    db = self._session(connection, unit, "rollback_only")
                    try:
                        unit.value = self._run(unit, db)
                        db.flush()
                    finally:
                        db.close()
                    self._refuse_aborted(connection)
                    committing = True
                    self._commit(connection, transaction)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the caller is told
                if committing and not self._surely_undone(error):
                    _fail([unit], error, unknown=True)
                    return
                tries += 1
                again = errors.is_conflict(error) or errors.is_lost(error)
                if not again or tries >= TRIES or time.monotonic() > until:
                    _fail([unit], error)
                    return
                with self._lock:
                    self._stats.again += 1
                time.sleep(random.uniform(0.5, 1.0) * min(0.01 * 2**tries, 0.5))  # noqa: S311
            else:
                return

    def _run(self, unit: Unit, db: Db) -> Any:
        value = unit.call(db)
        self._last(db)
        return value

    def _refuse_aborted(self, connection: Connection) -> None:
        """PostgreSQL answers COMMIT after a failed statement with a silent ROLLBACK."""
        driver: Any = connection.connection.dbapi_connection
        if not self._sqlite and driver.info.transaction_status == _IN_ERROR:
            raise RuntimeError(
                "a statement failed and the unit went on: what may fail belongs in"
                " `with db.begin_nested():`"
            )

    def _session(self, connection: Connection, unit: Unit, mode: JoinTransactionMode) -> Db:
        unit.value, unit.error, unit.topics = None, None, []
        db = Db(connection, join_transaction_mode=mode, expire_on_commit=False)
        db.info.update(self._info)
        db.info["topics"] = unit.topics
        return db

    def _commit(self, connection: Connection, transaction: RootTransaction) -> None:
        try:
            transaction.commit()
        except BaseException:
            # SQLAlchemy would give it back to the pool with its transaction still open.
            connection.invalidate()
            raise
        with self._lock:
            self._stats.commits += 1

    def _surely_undone(self, error: BaseException) -> bool:
        """Did a failed COMMIT certainly not happen?"""
        if isinstance(error, InvalidRequestError):  # SQLAlchemy did not even send it
            return True
        if self._sqlite:  # busy, locked, full, constraint leave it open, and it is rolled back
            return errors.sqlite_code(error) in (5, 6, 13, 19)
        return bool(errors.sqlstate(error)) and not errors.is_lost(error)


def _fail(units: list[Unit], error: BaseException, *, unknown: bool = False) -> None:
    for unit in units:
        told = errors.translate(error)
        if unknown:
            told = errors.CommitUnknown(f"COMMIT failed, done or not: {error}")
            told.__cause__ = error
        unit.value, unit.error, unit.topics = None, told, []
