"""Tells the chats of staff what happens in the house: cards, pushes, lines of a talk.

What is told is decided by handlers/staff_chat/feed.py, a few notices a transaction; one process
does it for a bot, the one that sends for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from handlers.ports import House
from handlers.staff_chat.feed import feed
from storage.database import Database, StorageClosed, StorageError

log = structlog.get_logger(__name__)

AT_ONCE = 50  # notices of one transaction
LONGEST_PAUSE = 30.0


class Turn(Protocol):
    """Whether it is this process's turn (bot/holding.py)."""

    @property
    def held(self) -> bool:
        """Whether this process may go on."""

    async def wait_held(self, timeout: float) -> bool:  # noqa: ASYNC109 - it ends by itself
        """Wait until it may, at most so many seconds; whether it may."""


class StaffFeed:
    """The feed of one staff bot; `run` is its task, `stop` ends it."""

    def __init__(
        self,
        database: Database,
        house: House,
        account: str,
        holding: Turn,
        *,
        now: Callable[[], datetime],
        poll: float = 1.0,
    ) -> None:
        """`holding`: the line that sends for this bot."""
        self._database, self._house, self._account = database, house, account
        self._holding, self._now, self._poll = holding, now, poll
        self._pause = poll
        self._stopping = False

    async def run(self) -> None:
        """Tell, until stopped. What fails is tried again, more and more seldom."""
        with self._database.wakes.listen("notices") as ear:
            while not self._stopping:
                if not await self._holding.wait_held(self._poll):
                    continue
                try:
                    done = await self._database.write(
                        feed, self._account, self._now(), self._house, AT_ONCE
                    )
                except StorageClosed:
                    return
                except StorageError as error:
                    log.warning("staff_feed.storage", error=type(error).__name__)
                    await ear.wait(self._poll)
                    continue
                except Exception as error:
                    log.error("staff_feed.failed", exc_info=error)
                    await ear.wait(self._pause)
                    self._pause = min(LONGEST_PAUSE, self._pause * 2)
                    continue
                self._pause = self._poll
                if done < AT_ONCE:
                    await ear.wait(self._poll)

    async def stop(self) -> None:
        """Tell no more; the transaction in hand is finished."""
        self._stopping = True
        self._database.wakes.fire(["notices"])
