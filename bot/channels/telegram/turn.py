"""Who may poll for a bot, and what is told about its line: one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.holding import Holding
from storage import bots
from storage.database import Database, StorageError

log = structlog.get_logger(__name__)


class Turn:
    """The turn to fetch a bot's updates; bot/holding.py keeps it."""

    def __init__(
        self, database: Database, holding: Holding, *, now: Callable[[], datetime]
    ) -> None:
        self.holding = holding
        self._database, self._now = database, now

    async def mine(self, seconds: float = 1.0) -> bool:
        """Whether it is ours, as soon as it is; False after so many seconds."""
        return await self.holding.wait_held(seconds)

    async def tell(self, error: str | None, username: str | None = None) -> None:
        """Keep how the line is, None is well, for all who ask after the house's health."""
        state = bots.OK if error is None else bots.DOWN
        try:
            await self._database.write(
                bots.tell, self.holding.name, state, error, self._now(), username
            )
        except StorageError as trouble:
            log.warning("telegram.not_told", name=self.holding.name, error=type(trouble).__name__)
