"""Which cases a desk's lists have shown: kept once a minute, beside the reading (design §8)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from handlers.desk import lists
from handlers.ports import Viewer
from storage.database import Database, StorageError

log = structlog.get_logger(__name__)

EVERY = 60.0  # seconds
_MOST = 1_000  # viewers that are remembered


class Looks:
    """Notes what each viewer was shown. A list is fetched often, and waits for no note."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._begun: dict[str, float] = {}
        self._noted: dict[str, set[str]] = {}
        self._writing: set[asyncio.Task[None]] = set()

    def showed(self, viewer: Viewer, case_ids: Iterable[str]) -> None:
        """These cases were shown, with what only those see who may read them."""
        moment = asyncio.get_running_loop().time()
        if moment - self._begun.get(viewer.id, float("-inf")) >= EVERY:
            if len(self._begun) >= _MOST:
                self._begun.clear()
                self._noted.clear()
            self._begun[viewer.id], self._noted[viewer.id] = moment, set()
        noted = self._noted[viewer.id]
        fresh = [case_id for case_id in dict.fromkeys(case_ids) if case_id not in noted]
        if not fresh:
            return
        noted.update(fresh)
        task = asyncio.create_task(self._write(viewer, fresh, noted))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, viewer: Viewer, fresh: list[str], noted: set[str]) -> None:
        try:
            await self._database.write(lists.listed, viewer, fresh, self._now())
        except StorageError as error:  # what was shown is shown; the next look notes it again
            noted.difference_update(fresh)
            log.warning("looks.not_noted", error=type(error).__name__)
