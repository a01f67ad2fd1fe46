"""How many updates wait to be handled? Asked of the database at most once a second."""

from __future__ import annotations

import time

from storage import conversations
from storage.database import Database

_EVERY_SECONDS = 1.0


class Backlog:
    """The inbox's length, at most a second old: every message asks, and counting takes time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked = float("-inf")
        self._waiting = 0

    async def waiting(self) -> int:
        """Updates that nobody has handled yet."""
        if time.monotonic() - self._looked > _EVERY_SECONDS:
            self._looked = time.monotonic()
            self._waiting = await self._database.read(conversations.pending_total)
        return self._waiting
