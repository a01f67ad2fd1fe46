"""Long polling: an update counts as fetched only after it is stored (design §3, 1)."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from bot.channels.base import SendError
from bot.channels.telegram import identity
from bot.channels.telegram.errors import SECOND_POLLER
from bot.channels.telegram.line import ALLOWED, BotLine, Raw
from bot.channels.telegram.take_in import TakeIn
from bot.channels.telegram.turn import Turn

log = structlog.get_logger(__name__)

POLL_SECONDS = 25  # Telegram holds the answer back so long; more, and routers cut the line
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
NOT_STORED_PAUSE = 1.0
T = TypeVar("T")


class Stopped(Exception):
    """The house shuts down."""


class Attendant(ABC):
    """What polling and the keeping of a webhook share: the turn, trouble, and a quick end."""

    def __init__(
        self,
        line: BotLine,
        turn: Turn,
        *,
        name: str,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        """`name`: the channel, for the log."""
        self.line, self._turn, self._name = line, turn, name
        self._first, self._longest = first_pause, longest_pause
        self._pause = first_pause
        self._stop, self._running = asyncio.Event(), asyncio.Lock()
        self._greeted = False
        self.error: str | None = None

    async def run(self) -> None:
        """Attend, until stopped. Trouble of the line is told and waited out, never raised."""
        await self._running.acquire()
        try:
            while True:
                if not await self._unless_stopped(self._turn.mine()):
                    self._greeted = False
                    await self.rest(self._first)
                    continue
                try:
                    if not self._greeted:
                        await self._unless_stopped(self.greet())
                        self._greeted = True
                    await self.attend()
                except SendError as error:
                    await self._trouble(error)
                except Stopped:
                    raise
                except Exception as error:
                    log.error("telegram.fault", channel=self._name, exc_info=error)
                    await self._trouble(SendError("fault"))
                else:
                    await self._well()
        except Stopped:
            log.info("telegram.stopped", channel=self._name)
        finally:
            self._running.release()

    async def stop(self) -> None:
        """End at once; what has been fetched is still stored."""
        self._stop.set()
        async with self._running:
            return

    async def greet(self) -> None:
        """What is done once, before attending, and again after trouble. Raises SendError."""
        me = await self.line.me()
        await self._turn.tell(self.error, me.username)
        if self.error is None:
            log.info("telegram.bot", channel=self._name, username=me.username)

    async def set_commands(self) -> None:
        """The menu; a bot without one works too. Raises SendError only where nothing works."""
        try:
            await self.line.set_commands()
        except SendError as error:
            if error.everywhere:
                raise
            log.warning("telegram.no_menu", channel=self._name, error=error.code)

    @abstractmethod
    async def attend(self) -> None:
        """One round. Raises SendError."""

    async def rest(self, seconds: float) -> None:
        """Wait. Raises Stopped."""
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return
        raise Stopped

    async def _unless_stopped(self, work: Awaitable[T]) -> T:
        """The work's value. Raises Stopped at once when the house shuts down."""
        task, stop = asyncio.ensure_future(work), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Stopped
            return task.result()
        finally:
            for each in (task, stop):
                each.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)

    async def _trouble(self, error: SendError) -> None:
        self._greeted = False  # another may have set a webhook, or the token was changed
        if self.error != error.code:
            log.error("telegram.down", channel=self._name, error=error.code)
        self.error = error.code
        await self._turn.tell(error.code)
        await self.rest(max(self._pause, error.retry_after or 0.0))
        self._pause = min(self._longest, self._pause * 2)

    async def _well(self) -> None:
        self._pause = self._first
        if self.error is not None:
            log.info("telegram.up_again", channel=self._name, error=self.error)
            self.error = None
            await self._turn.tell(None)


class Poller(Attendant):
    """Fetches a bot's updates; `run` is its task, `stop` ends it at once."""

    def __init__(
        self,
        take_in: TakeIn,
        turn: Turn,
        *,
        seconds: int = POLL_SECONDS,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(
            take_in.channel.line,
            turn,
            name=take_in.channel.name,
            first_pause=first_pause,
            longest_pause=longest_pause,
        )
        self._take_in, self._seconds, self._clock = take_in, seconds, clock
        self._offset: int | None = None
        self._troubled_at = 0.0
        self.fetched = 0

    async def greet(self) -> None:
        """Say who we are, end a webhook (what waits is kept), and set the menu."""
        await super().greet()
        await self.line.delete_webhook()
        await self.set_commands()

    async def attend(self) -> None:
        """Fetch once and store; the offset moves over what is stored, and no further."""
        # After trouble the first answer comes at once, so that "up again" is not said late.
        seconds = 0 if self.error not in (None, SECOND_POLLER) else self._seconds
        raws = await self._unless_stopped(self.line.get_updates(self._offset, seconds, ALLOWED))
        if not raws:
            return
        self.fetched += len(raws)
        left = await self._take_in.take(raws)
        self._offset = _next(raws, left, self._offset)
        if left:
            await self.rest(NOT_STORED_PAUSE)

    async def _trouble(self, error: SendError) -> None:
        self._troubled_at = self._clock()
        await super()._trouble(error)

    async def _well(self) -> None:
        """Another poller takes the line and loses it, again and again: it is ours when nobody
        took it for as long as we ask at a time."""
        if self.error == SECOND_POLLER and self._clock() - self._troubled_at < self._seconds:
            return
        await super()._well()


def _next(raws: Sequence[Raw], left: Sequence[Raw], offset: int | None) -> int | None:
    """The number from which on Telegram shall give: the first that is not stored."""
    waiting = [number for raw in left if (number := identity.update_id(raw)) is not None]
    if waiting:
        return min(waiting)
    seen = [number for raw in raws if (number := identity.update_id(raw)) is not None]
    return max(seen) + 1 if seen else offset
