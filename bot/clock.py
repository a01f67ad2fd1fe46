"""The clock that leases go by: the database's, without asking it every time (design §3)."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import structlog

from storage.database import Database, StorageError

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


class HouseClock:
    """The database's time, as this machine's clock and the measured difference between the two.

    On SQLite they are the same clock. On PostgreSQL the difference is measured at the start and
    every minute, and the measure with the shortest way counts.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._database.clock.now() + self._ahead

    async def measure(self) -> None:
        """Compare the two clocks."""
        if self._database.is_sqlite:
            return
        best: tuple[float, timedelta] | None = None
        for _ in range(3):
            began, before = time.perf_counter(), self._database.clock.now()
            theirs = await self._database.now()
            way = time.perf_counter() - began
            ahead = theirs - before - timedelta(seconds=way / 2)
            if best is None or way < best[0]:
                best = (way, ahead)
        if best is not None:
            self._ahead = best[1]

    async def run(self) -> None:
        """Keep comparing, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.measure()
            except StorageError as error:
                log.warning("clock.not_measured", error=type(error).__name__)
