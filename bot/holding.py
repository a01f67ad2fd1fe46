"""One process at a time speaks for a bot: a lease in the database that is renewed (design §3)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from storage import bots
from storage.database import Database, Db, StorageClosed, StorageError, now

log = structlog.get_logger(__name__)

RENEWALS = 5  # in the time of a lease


class Holding:
    """Whether this process holds one line of a bot; `run` is its task, `stop` gives it back.

    Who holds it counts the time on its own clock, from before it asked: with the database out of
    reach it stops by itself before anybody else can begin.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        owner: str,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name`: storage.bots.line_name(channel, account, POLL or SEND). `seconds`: how long
        after the death of its holder somebody else may begin."""
        self.name, self.seconds = name, seconds
        self._database, self._owner, self._clock = database, owner, clock
        self._until = 0.0
        self._stop = asyncio.Event()
        self._changed = asyncio.Event()
        self._asking = asyncio.Lock()
        self._was_held = False

    @property
    def held(self) -> bool:
        """Whether this process may go on."""
        return self.left > 0

    @property
    def left(self) -> float:
        """For how many seconds it surely may."""
        return max(0.0, self._until - self._clock())

    async def run(self) -> None:
        """Take it, and go on holding it, until stopped."""
        while not self._stop.is_set():
            try:
                await self.ask()
            except StorageClosed:
                return
            try:
                async with asyncio.timeout(self.seconds / RENEWALS):
                    await self._stop.wait()
            except TimeoutError:
                continue

    async def ask(self) -> bool:
        """Take it or renew it now; whether it is held."""
        async with self._asking:
            if not self._stop.is_set():
                await self._ask()
        return self.held

    async def _ask(self) -> None:
        began = self._clock()
        try:
            taken = await self._database.write(_take, self.name, self._owner, self.seconds)
        except StorageClosed:
            raise
        except StorageError as error:
            log.warning("holding.not_asked", name=self.name, error=type(error).__name__)
        else:
            self._until = began + self.seconds if taken else 0.0
        self._tell()

    async def wait_held(self, timeout: float) -> bool:  # noqa: ASYNC109 - a wait that ends by itself
        """Wait until it is held, at most so many seconds; whether it is."""
        if not self.held:
            self._changed.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._changed.wait()
            except TimeoutError:
                return self.held
        return self.held

    async def stop(self) -> None:
        """Give it back, so that another process can begin at once. What it guards must have
        stopped before."""
        self._stop.set()
        async with self._asking:
            if not self._until:
                return
            self._until = 0.0
            try:
                await self._database.write(bots.give_back, self.name, self._owner)
            except StorageError as error:
                log.warning("holding.not_given_back", name=self.name, error=type(error).__name__)

    def _tell(self) -> None:
        held = self.held
        if held:
            self._changed.set()
        else:
            self._changed.clear()
        if held != self._was_held:
            log.info("holding.begun" if held else "holding.lost", name=self.name)
        self._was_held = held


def _take(db: Db, name: str, owner: str, seconds: float) -> bool:
    return bots.take(db, name, owner, now(db), seconds)
