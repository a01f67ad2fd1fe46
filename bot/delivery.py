"""Sends what waits in the outbox of a pushing channel (design §3, 4).

In order per chat, several chats at once, paced; a safety sentence overtakes, then red. One
process at a time sends for a bot, and whoever sends holds a message longer than a send may take.
Between "the channel took it" and "we recorded it" a kill makes one part of one message of a chat
come twice: nothing can close that window.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.carrying import Carrier
from bot.channels.base import Pushing
from bot.holding import Holding
from bot.line import Line
from bot.outcome import FIRST_PAUSE, TRIES, Tries
from bot.pace import Pace, Rests
from handlers import delivery
from handlers.delivery import Ready
from handlers.ports import House
from storage import bots, outbox
from storage.database import Database, StorageClosed, StorageError

log = structlog.get_logger(__name__)

AT_ONCE, FOR_URGENT = 32, 4  # chats; so many of them are kept free for safety and red
SEND_SECONDS = 10.0
FINISH_SECONDS = 5.0
COUNT_SECONDS = 5.0  # how old the figure of what waits may be
STOP_BEFORE = 2.0  # seconds before the holding ends what is under way is broken off


class Delivery:
    """The sender of one bot; `run` is its task, `stop` ends it gently."""

    def __init__(
        self,
        database: Database,
        channel: Pushing,
        house: House,
        *,
        owner: str,
        now: Callable[[], datetime],
        poll: float = 1.0,
        lease: timedelta = timedelta(seconds=30),
        send_seconds: float = SEND_SECONDS,
        holding: Holding | None = None,
        at_once: int = AT_ONCE,
        tries: int = TRIES,
        first_pause: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`lease` must be longer than `send_seconds` with the recording after it. `holding`: the
        line's SEND; None: nobody else sends for this bot."""
        if lease.total_seconds() < 2 * send_seconds:
            raise ValueError("a lease must be twice as long as a send may take")
        if holding is not None and holding.seconds < send_seconds + 2 * STOP_BEFORE:
            raise ValueError("a bot must be held for longer than a send may take")
        self.channel = channel
        self._database, self._house = database, house
        self._owner, self._now, self._poll, self._lease = owner, now, poll, lease
        self._at_once, self._clock = at_once, clock
        self._for_urgent, self._holding = min(FOR_URGENT, at_once // 4), holding
        self._pace = Pace(channel.abilities.a_second, clock=clock)
        self._rests, self._line = Rests(clock=clock), Line(channel.name, clock=clock)
        self._carrier = Carrier(
            database,
            channel,
            house,
            owner,
            now,
            lease,
            send_seconds,
            Tries(tries, first_pause),
            self._pace,
            self._rests,
            self._line,
            self._may_begin,
        )
        self._told: tuple[str, str | None] | None = None
        self._counted_at = -COUNT_SECONDS
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._turning = asyncio.Lock()
        self._stopping = False
        self.waiting = 0  # messages, a moment ago

    @property
    def up(self) -> bool:
        """Whether messages pass, as far as this process knows."""
        return self._line.up

    @property
    def busy(self) -> int:
        """Chats in hand."""
        return len(self._tasks)

    @property
    def sent(self) -> int:
        """Messages since the start."""
        return self._carrier.sent

    @property
    def failed(self) -> int:
        """Messages that failed for good since the start."""
        return self._carrier.failed

    def spare(self) -> bool:
        """Whether the pace leaves room for what is only nice (a mark under a question); it is
        counted then. Two places stay free for what must go."""
        room = self._pace.room()
        if room is not None and room <= 2:
            return False
        self._pace.take()
        return True

    async def run(self) -> None:
        """Send, until stopped."""
        with self._database.wakes.listen("outbox") as ear:
            while not self._stopping:
                try:
                    async with self._turning:
                        wait = await self.turn()
                except StorageClosed:
                    return
                except StorageError as error:
                    log.warning("delivery.not_taken", error=type(error).__name__)
                    wait = self._poll
                if wait > 0:
                    await self._wait(ear.wait(wait))

    async def stop(self) -> None:
        """Take no more; finish what is being sent."""
        self._stopping = True
        self._ended.set()
        self._database.wakes.fire(["outbox"])
        with contextlib.suppress(TimeoutError):  # what is being taken now is sent too
            async with asyncio.timeout(FINISH_SECONDS), self._turning:
                pass
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        for task in self._tasks:
            task.cancel()
        self._carrier.stop()

    async def turn(self) -> float:
        """Begin to send what may go now; seconds until it is worth while to look again."""
        if self._holding is not None and not self._may_begin():
            if self._holding.left < STOP_BEFORE:
                for task in self._tasks:
                    task.cancel()
            return self._poll
        await self._tell_state()
        room, urgent = self._room()
        taken: list[Ready] = []
        if room > 0:
            # no more than may go: what is most urgent is chosen at the last moment
            taken = await self._take(room, urgent)
        for ready in taken:
            self._begin(ready)
        return 0.0 if room > 0 and len(taken) == room else self._until_next()

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _may_begin(self) -> bool:
        """Whether this process speaks for the bot, and for long enough to say something."""
        return self._holding is None or self._holding.left >= 2 * STOP_BEFORE

    def _room(self) -> tuple[int, bool]:
        """How many chats may be taken now, and whether only urgent ones."""
        if not self._line.up:  # one of them, to see whether the line is up again
            return int(not self._tasks and self._line.wait() <= 0), False
        free, paced = self._at_once - len(self._tasks), self._pace.room()
        most = free if paced is None else min(free, paced)
        plain = min(most, free - self._for_urgent)
        return (plain, False) if plain > 0 else (max(0, most), True)

    def _until_next(self) -> float:
        waits = (self._pace.wait(), self._line.wait(), self._rests.next() or 0.0)
        return min([self._poll, *(wait for wait in waits if wait > 0)])

    async def _wait(self, hearing: Coroutine[Any, Any, bool]) -> None:
        """Until something is to be sent, or a chat is done (its next message may go)."""
        waits = {asyncio.create_task(hearing), asyncio.create_task(self._ended.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._ended.clear()

    async def _tell_state(self) -> None:
        """Keep in the tables how the line is, and count now and then what waits."""
        name, account = self.channel.name, self.channel.account
        state = self._line.state
        if state is not None and state != self._told:
            own = bots.line_name(name, account, bots.SEND)
            await self._database.write(bots.tell, own, *state, self._now())
            self._told = state
        if self._clock() - self._counted_at >= COUNT_SECONDS:
            self._counted_at = self._clock()
            self.waiting = await self._database.read(outbox.waiting, name, account)

    async def _take(self, room: int, urgent: bool) -> list[Ready]:
        now = self._now()
        return await self._database.write(
            delivery.lease,
            self.channel.name,
            self.channel.account,
            self._owner,
            now,
            now + self._lease,
            room,
            self._house,
            resting=self._rests.resting(),
            urgent=urgent,
        )

    def _begin(self, ready: Ready) -> None:
        self._pace.take()
        task = asyncio.create_task(self._carrier.deliver(ready), name=f"send-{ready.parcel.id}")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery.task", exc_info=error)
