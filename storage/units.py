"""The writing threads: units of work that wait are done in one transaction (group commit).

Each unit runs in a SAVEPOINT with a session of its own, all that wait share one COMMIT, and each
caller is told after it. A unit that raises undoes only itself. When the whole transaction is
lost before its COMMIT, or a unit lost against another transaction, it is done again alone: units
are functions of the database only and may run twice, though only one run is kept.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from storage import engines, errors

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
CONFLICT_TRIES = 6


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

    def _keep(self) -> None:
        super().commit()

    def _undo(self) -> None:
        super().rollback()


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
    alone: int = 0
    waiting: int = 0


class Writers:
    """`threads` threads that do the units of one queue."""

    def __init__(
        self,
        engine: Engine,
        *,
        threads: int,
        batch: int,
        batch_seconds: float,
        info: dict[str, Any],
        told: Callable[[list[Unit]], None],
    ) -> None:
        self._engine, self._info, self._told = engine, info, told
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
            s = self._stats
            return Stats(s.units, s.failed, s.commits, s.alone, self._queue.qsize())

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

    def _together(self, first: Unit) -> tuple[list[Unit], list[Unit], bool]:
        """Do `first` and what waits. Returns (settled units, units to do alone, stop?)."""
        taken: list[Unit] = []
        again: list[Unit] = []
        stop, committing = False, False
        unit: Unit | None = first
        until = time.monotonic() + self._batch_seconds
        try:
            with self._engine.connect() as connection:
                transaction = connection.begin()
                while unit is not None:
                    taken.append(unit)
                    if not self._do(connection, unit):
                        again.append(unit)
                    if len(taken) >= self._batch or time.monotonic() > until:
                        break
                    unit, stop = self._next()
                committing = True
                transaction.commit()
        except BaseException as error:
            if first not in taken:
                taken.append(first)
            if committing and not self._surely_undone(error):
                self._fail(taken, error, unknown=True)
                return taken, [], stop
            if committing and self._sqlite:
                self._fail(taken, error)
                return taken, [], stop
            return [], taken, stop
        with self._lock:
            self._stats.commits += 1
        return [unit for unit in taken if unit not in again], again, stop

    def _next(self) -> tuple[Unit | None, bool]:
        try:
            unit = self._queue.get_nowait()
        except Empty:
            return None, False
        return unit, unit is None

    def _do(self, connection: Connection, unit: Unit) -> bool:
        """Run one unit in its savepoint; False: do it again alone.

        Raises when the whole transaction is lost.
        """
        unit.value, unit.error = None, None
        unit.topics = []
        db = Db(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        db.info.update(self._info)
        db.info["topics"] = unit.topics
        try:
            unit.value = unit.call(db)
            db._keep()
        except BaseException as error:
            if errors.is_lost(error) or not self._alive(connection):
                raise
            db._undo()  # raises when the savepoint has gone
            if errors.is_conflict(error):
                return False
            unit.error = errors.translate(error)
            unit.topics = []
        finally:
            db.close()
        return True

    def _alive(self, connection: Connection) -> bool:
        """Is the transaction still open? SQLite may end it itself on FULL, IOERR or NOMEM."""
        if connection.invalidated:
            return False
        if not self._sqlite:
            return True
        return bool(connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]

    def _surely_undone(self, error: BaseException) -> bool:
        """Did a failed COMMIT certainly not happen?"""
        if self._sqlite:
            return errors.sqlite_code(error) in (5, 6, 13)  # busy, locked, full: rolled back
        return bool(errors.sqlstate(error)) and not errors.is_lost(error)

    def _fail(self, units: list[Unit], error: BaseException, *, unknown: bool = False) -> None:
        for unit in units:
            told = errors.translate(error)
            if unknown:
                told = errors.CommitUnknown(f"COMMIT failed, done or not: {error}")
                told.__cause__ = error
            unit.value, unit.error, unit.topics = None, told, []

    def _alone(self, unit: Unit) -> None:
        """Do one unit in its own transaction, again while that may help."""
        until = time.monotonic() + RETRY_SECONDS
        conflicts = 0
        while True:
            committing = False
            with self._lock:
                self._stats.alone += 1
            try:
                with self._engine.connect() as connection:
                    transaction = connection.begin()
                    if not self._sqlite:
                        connection.exec_driver_sql(
                            f"SET LOCAL lock_timeout = {engines.LOCK_WAIT_ALONE_MS}"
                        )
                    if self._do(connection, unit):
                        committing = True
                        transaction.commit()
                        with self._lock:
                            self._stats.commits += 1
                        return
                conflicts += 1
                error: BaseException = errors.StorageBusy("kept losing against other writers")
            except BaseException as caught:
                error = caught
                if committing and not self._surely_undone(error):
                    self._fail([unit], error, unknown=True)
                    return
                if not errors.is_lost(error) and not errors.is_conflict(error):
                    self._fail([unit], error)
                    return
                conflicts += errors.is_conflict(error)
            if conflicts >= CONFLICT_TRIES or time.monotonic() > until:
                self._fail([unit], error)
                return
            time.sleep(random.uniform(0.01, 0.1))
