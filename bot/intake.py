"""Workers that take what waits in the inbox: conversations side by side, each in its own order.

A reading is made before the transaction and off the event loop; the handling is one transaction
(design §3, 2). What a process holds comes free when its lease ends, so a kill loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from dialogs.meaning import danger
from dialogs.meaning.reading import Reading
from handlers import inbound, waiting
from handlers.ports import STAFF_CHANNEL, House, Reader
from storage.database import Database, Db, StorageClosed, StorageError
from storage.failpoints import failpoint
from storage.inbox import Stored

log = structlog.get_logger(__name__)

AT_ONCE = 16  # conversations that one process handles side by side
READERS = 2  # threads that read meanings
MOST_READ = 100_000  # characters, the most that a page may send; the rest is kept, and not read
READ_SECONDS = 5.0  # longer than this and the patterns alone must do
LEARN_SECONDS = 20.0  # at the start, until the reader is there; danger does not wait for it
_NOT_SAID = frozenset({"choice", "start", "place", "left", "back"})  # their text is nobody's words
FINISH_SECONDS = 5.0  # at shutdown, for what is in hand


class Intake:
    """Takes updates until it is stopped; `run` is its task, `stop` ends it gently."""

    def __init__(
        self,
        database: Database,
        house: House,
        reader: Callable[[], Reader | None],
        *,
        owner: str,
        now: Callable[[], datetime],
        lease: timedelta,
        poll: float = 1.0,
        at_once: int = AT_ONCE,
        loaded: asyncio.Event | None = None,
    ) -> None:
        """`reader` gives the present reader, or None while there is none; `loaded` is set when
        there is one or will be none. `owner` names the process in leases; `now` is the database's
        clock."""
        self._database, self._house, self._reader = database, house, reader
        self._loaded = loaded
        self._owner, self._now, self._lease, self._poll = owner, now, lease, poll
        self._at_once = at_once
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reading")
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Event()
        self._stopping = self._suspect = False
        self.handled = self.failed = 0

    @property
    def busy(self) -> int:
        """Conversations in hand."""
        return len(self._tasks)

    async def run(self) -> None:
        """Take and handle, until stopped."""
        with self._database.wakes.listen("inbox") as ear:
            while not self._stopping:
                room = self._at_once - len(self._tasks)
                if room <= 0 or (self._suspect and self._tasks):
                    self._free.clear()
                    await self._free.wait()
                    continue
                try:
                    taken = await self._take(room)
                except StorageClosed:
                    return
                except StorageError as error:
                    log.warning("intake.not_taken", error=type(error).__name__)
                    await asyncio.sleep(self._poll)
                    continue
                except Exception as error:
                    log.error("intake.not_taken", exc_info=error)
                    await asyncio.sleep(self._poll)
                    continue
                # begun before, and not ended: it is tried with nothing else in hand
                self._suspect = any(stored.attempts > 1 for stored in taken)
                for stored in taken:
                    self._begin(stored)
                if len(taken) < room and not self._suspect and not self._stopping:
                    await ear.wait(self._poll)

    async def stop(self) -> None:
        """Take no more, and finish what is in hand; what takes too long is given back."""
        self._stopping = True
        self._free.set()
        if self._loaded is not None:
            self._loaded.set()
        self._database.wakes.fire(["inbox"])
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1.0)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _take(self, room: int) -> list[Stored]:
        now = self._now()
        until = now + self._lease
        return await self._database.write(
            waiting.take_waiting,
            self._owner,
            now,
            until,
            room,
            self._house,
            alone=not self._tasks,
        )

    def _begin(self, stored: Stored) -> None:
        task = asyncio.create_task(self._conversation(stored), name=f"talk-{stored.id}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._free.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("intake.task", exc_info=error)

    async def _conversation(self, stored: Stored) -> None:
        """One conversation's updates, one after the other."""
        failpoint("handle.claimed")
        following: Stored | None = stored
        while following is not None:
            present, following = following, None
            try:
                if self._stopping and present is not stored:
                    await self._give_back(present, failed=False)
                    return
                reading = await self.read(present)
                following = await self._handle(present, reading)
                self.handled += 1
            except asyncio.CancelledError:
                await asyncio.shield(self._give_back(present, failed=False))
                raise
            except inbound.LeaseLost:
                log.warning("intake.lease_lost", update=present.id)
            except StorageError as error:
                # No fault of the update: it does not count, and is tried again a moment later.
                log.warning("intake.storage", update=present.id, error=type(error).__name__)
                await self._give_back(present, failed=False, pause=True)
            except Exception as error:
                self.failed += 1
                log.error(
                    "intake.failed", update=present.id, attempt=present.attempts, exc_info=error
                )
                await self._give_back(present, failed=True)

    async def _handle(self, stored: Stored, reading: Reading) -> Stored | None:
        now = self._now()
        following = await self._database.write(
            _handle, stored, reading, now, self._house, self._owner, now + self._lease
        )
        failpoint("handle.after_commit")
        return following

    async def _give_back(self, stored: Stored, *, failed: bool, pause: bool = False) -> None:
        """Give the update back; while the database does not take it, until the lease runs out."""
        give = partial(waiting.give_back, failed=failed, pause=pause)
        clock = asyncio.get_running_loop().time
        end = clock() + self._lease.total_seconds()
        while True:
            try:
                await self._database.write(give, stored, self._owner, self._now(), self._house)
                return
            except StorageClosed:
                return
            except Exception as error:  # noqa: BLE001 - then the lease runs out
                log.warning("intake.not_given_back", update=stored.id, error=type(error).__name__)
                if not isinstance(error, StorageError) or self._stopping or clock() >= end:
                    return
            await asyncio.sleep(self._poll)

    async def read(self, stored: Stored) -> Reading:
        """What an update means; with danger alone where the reader fails or takes too long."""
        if stored.channel == STAFF_CHANNEL:
            return Reading()  # staff speak of danger all day; nothing is meant by their words
        text = stored.body.get("text")
        if not isinstance(text, str) or not text or stored.body.get("kind") in _NOT_SAID:
            return Reading(danger=stored.danger)
        text = text[:MOST_READ]
        if self._loaded is not None and not stored.danger:
            with contextlib.suppress(TimeoutError):  # the first start learns for some seconds
                async with asyncio.timeout(LEARN_SECONDS):
                    await self._loaded.wait()
        reader = self._reader()
        if reader is None and self._stopping:
            raise asyncio.CancelledError  # given back: the next start will understand it
        if reader is None:
            return _patterns_only(stored, text)
        loop = asyncio.get_running_loop()
        try:
            # a reader may say that so many characters take less time than handing them over
            if len(text) <= getattr(reader, "at_once", 0):
                return reader.read(text)
            async with asyncio.timeout(READ_SECONDS):
                return await loop.run_in_executor(self._threads, reader.read, text)
        except Exception as error:  # noqa: BLE001 - the house goes on without it
            log.warning("intake.not_read", update=stored.id, error=type(error).__name__)
            return _patterns_only(stored, text)


def _patterns_only(stored: Stored, text: str) -> Reading:
    found = stored.danger or danger.find(text)
    return Reading(danger=tuple(found), act="request_help")


def _handle(db: Db, *args: Any) -> Stored | None:
    following = inbound.handle(db, *args)
    failpoint("handle.before_commit")
    return following
