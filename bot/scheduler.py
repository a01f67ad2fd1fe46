"""The tick: APScheduler is only the clock that asks the database what is due (design §3).

Each due row is a transaction of its own that takes the row first, so any number of processes may
tick: what one has taken the others do not find.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers import remind, staff
from handlers.ports import House
from storage import media
from storage.database import Database, Db, StorageClosed, StorageError
from storage.failpoints import failpoint
from storage.files import MediaFiles

log = structlog.get_logger(__name__)

AT_ONCE = 100  # due rows of one look
SWEEP_HOURS = 24
ORPHAN_SECONDS = 24 * 3600.0  # a file younger than this may still get its row


class Scheduler:
    """Asks every `tick` seconds; `sweep` once a day."""

    def __init__(
        self,
        database: Database,
        house: House,
        files: MediaFiles,
        *,
        now: Callable[[], datetime],
        tick: float,
    ) -> None:
        self._database, self._house, self._files, self._now = database, house, files, now
        self._seconds = tick
        self._clock = AsyncIOScheduler(timezone="UTC")
        self._running: asyncio.Task[Any] | None = None
        self._stopping = False
        self.fired = 0
        self.last_tick: datetime | None = None

    def start(self) -> None:
        """Begin to tick, on the running loop. A tick that was missed or is late is done once."""
        once: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._clock.add_job(self._tick, "interval", seconds=self._seconds, id="tick", **once)
        self._clock.add_job(self._sweep, "interval", hours=SWEEP_HOURS, id="sweep", **once)
        self._clock.start()

    async def stop(self) -> None:
        """Tick no more; the row in hand is finished."""
        self._stopping = True
        if self._clock.running:
            self._clock.pause()
        if self._running is not None and not self._running.done():
            await asyncio.wait({self._running}, timeout=5.0)
        if self._clock.running:  # only now: it cancels what still runs
            self._clock.shutdown(wait=False)

    async def _tick(self) -> None:
        self._running = asyncio.current_task()
        try:
            await self.tick()
        except asyncio.CancelledError:
            raise
        except StorageClosed:
            return
        except StorageError as error:
            log.warning("tick.storage", error=type(error).__name__)
        except Exception as error:
            log.error("tick.failed", exc_info=error)

    async def tick(self) -> int:
        """Do everything that is due now; how many rows were done. One that fails waits for the
        next tick and holds up no other."""
        done = 0
        tried: set[str] = set()
        while True:
            found = await self._database.read(remind.due_ids, self._now(), AT_ONCE + len(tried))
            fresh = [row for row in found if row not in tried]
            if not fresh:
                break
            tried.update(fresh)
            failpoint("tick.claimed")
            for row in fresh:
                if not self._stopping:
                    done += await self._fire(row)
        self.fired += done
        self.last_tick = self._now()
        return done

    async def _fire(self, row: str) -> bool:
        try:
            kind = await self._database.write(_fire, row, self._now(), self._house)
        except StorageError:
            raise
        except Exception as error:
            log.error("tick.row", row=row, exc_info=error)
            return False
        failpoint("tick.after_commit")
        if kind is not None:
            log.info("tick.fired", row=row, kind=kind)
        return kind is not None

    async def _sweep(self) -> None:
        try:
            swept = await self.sweep()
            if swept:
                log.info("media.swept", files=swept)
        except (OSError, StorageError) as error:
            log.warning("sweep.failed", error=type(error).__name__)

    async def sweep(self) -> int:
        """Delete log-ins that no longer count, and files whose row was never written; how many
        files."""
        await self._database.write(staff.forget_old, self._now())
        known = await self._database.read(media.all_ids)
        return await asyncio.to_thread(self._files.sweep, known, ORPHAN_SECONDS)


def _fire(db: Db, row: str, now: datetime, house: House) -> str | None:
    kind = remind.fire(db, row, now, house)
    failpoint("tick.before_commit")
    return kind
