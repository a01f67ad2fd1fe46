"""Sends what waits in the outbox of a pushing channel (design §3, 4).

In order per chat, several chats at once, paced; a safety sentence overtakes, then red. Whoever
sends holds a lease longer than a send may take. Between "the channel took it" and "we recorded
it" a kill makes one message of a chat come twice: nothing can close that window.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog

from bot.channels.base import Message, Pushing, SendError
from bot.pace import ChatPauses, Pace
from handlers import delivery
from handlers.ports import House
from storage.database import Database, Db, StorageClosed, StorageError
from storage.failpoints import failpoint
from storage.outbox import Parcel

log = structlog.get_logger(__name__)

AT_ONCE = 16  # chats
SEND_SECONDS = 10.0
TRIES = 10  # with the pauses below: about an hour and a half
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 1800.0
FINISH_SECONDS = 5.0
RECORD_TRIES = 5
Addressed = tuple[Parcel, str]
Outcome = Literal["sent", "queued", "failed"]


class Delivery:
    """The sender of one channel; `run` is its task, `stop` ends it gently."""

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
        at_once: int = AT_ONCE,
        tries: int = TRIES,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """`lease` must be longer than `send_seconds` with the recording after it."""
        if lease.total_seconds() < 2 * send_seconds:
            raise ValueError("a lease must be twice as long as a send may take")
        self._database, self._channel, self._house = database, channel, house
        self._owner, self._now, self._poll, self._lease = owner, now, poll, lease
        self._send_seconds, self._at_once = send_seconds, at_once
        self._tries, self._first_pause = tries, first_pause
        self._pace = Pace(channel.abilities.a_second)
        self._pauses = ChatPauses(channel.abilities.chat_pause)
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self._stopping = False
        self.sent = self.failed = 0

    async def run(self) -> None:
        """Send, until stopped."""
        with self._database.wakes.listen("outbox") as ear:
            while not self._stopping:
                room = self._room()
                taken: list[Addressed] = []
                if room > 0:
                    try:
                        taken = await self._take(room)
                    except StorageClosed:
                        return
                    except StorageError as error:
                        log.warning("delivery.not_taken", error=type(error).__name__)
                for parcel, address in taken:
                    self._begin(parcel, address)
                if room > 0 and len(taken) == room:
                    continue
                await self._wait(ear.wait(self._until_next()))

    async def stop(self) -> None:
        """Take no more; finish what is being sent."""
        self._stopping = True
        self._ended.set()
        self._database.wakes.fire(["outbox"])
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        for task in self._tasks:
            task.cancel()

    def _room(self) -> int:
        """How many chats may be taken now. Taking no more than may go keeps the order: what is
        most urgent is chosen at the last moment."""
        free = self._at_once - len(self._tasks)
        paced = self._pace.room()
        return free if paced is None else min(free, paced)

    def _until_next(self) -> float:
        wait = self._pace.wait()
        return min(wait, self._poll) if wait else self._poll

    async def _wait(self, hearing: Coroutine[Any, Any, bool]) -> None:
        """Until something is to be sent, or a chat is done (its next message may go)."""
        waits = {asyncio.create_task(hearing), asyncio.create_task(self._wait_ended())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._ended.clear()

    async def _wait_ended(self) -> bool:
        return await self._ended.wait()

    async def _take(self, room: int) -> list[Addressed]:
        now = self._now()
        return await self._database.write(
            _lease, self._channel.name, self._owner, now, now + self._lease, room
        )

    def _begin(self, parcel: Parcel, address: str) -> None:
        self._pace.take()
        task = asyncio.create_task(self._deliver(parcel, address), name=f"send-{parcel.id}")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery.task", exc_info=error)

    async def _deliver(self, parcel: Parcel, address: str) -> None:
        failpoint("deliver.claimed")
        if parcel.lane > 0:  # a safety sentence does not wait for the pause of its chat
            await asyncio.sleep(self._pauses.wait(parcel.conversation_id))
        failpoint("deliver.before_send")
        outcome, code, external_id, pause = await self._send(parcel, address)
        failpoint("deliver.after_send")
        if outcome == "sent":
            self.sent += 1
        else:
            self.failed += outcome == "failed"
            log.warning("delivery.not_sent", parcel=parcel.id, outcome=outcome, code=code)
        await self._record(parcel, outcome, code, external_id, pause)
        failpoint("deliver.after_commit")

    async def _send(
        self, parcel: Parcel, address: str
    ) -> tuple[Outcome, str | None, str | None, float]:
        """Outcome, code, the channel's id, seconds to wait before the next try."""
        message = Message(parcel.id, address, parcel.lane, parcel.body)
        try:
            async with asyncio.timeout(self._send_seconds):
                external_id = await self._channel.send(message)
        except SendError as error:
            if not error.retryable or parcel.attempts >= self._tries:
                return "failed", error.code, None, 0.0
            return "queued", error.code, None, self._pause(parcel.attempts, error.retry_after)
        except TimeoutError:
            if parcel.attempts >= self._tries:
                return "failed", "time_out", None, 0.0
            return "queued", "time_out", None, self._pause(parcel.attempts, None)
        except Exception as error:
            log.error("delivery.channel", parcel=parcel.id, exc_info=error)
            if parcel.attempts >= self._tries:
                return "failed", "fault", None, 0.0
            return "queued", "fault", None, self._pause(parcel.attempts, None)
        self._pauses.spoken(parcel.conversation_id)
        return "sent", None, external_id, 0.0

    def _pause(self, attempts: int, asked: float | None) -> float:
        """Twice as long each time, with some chance in it; never shorter than the channel asked."""
        own: float = min(LONGEST_PAUSE, self._first_pause * 2 ** min(attempts - 1, 20))
        return max(asked or 0.0, own * random.uniform(0.8, 1.2))  # noqa: S311 - no secret

    async def _record(
        self,
        parcel: Parcel,
        outcome: Outcome,
        code: str | None,
        external_id: str | None,
        pause: float,
    ) -> None:
        """Write down what became of it; tried again, because what is not recorded is sent twice."""
        for again in range(RECORD_TRIES):
            now = self._now()
            try:
                await self._database.write(
                    delivery.settled,
                    parcel,
                    self._owner,
                    outcome,
                    now,
                    self._house,
                    error=code,
                    external_id=external_id,
                    not_before=now + timedelta(seconds=pause) if outcome == "queued" else None,
                )
            except StorageError as error:
                log.warning("delivery.not_recorded", parcel=parcel.id, error=type(error).__name__)
                await asyncio.sleep(0.2 * 2**again)
            else:
                return


def _lease(
    db: Db, channel: str, owner: str, now: datetime, until: datetime, limit: int
) -> list[Addressed]:
    return [
        (parcel, delivery.address(db, parcel.conversation_id) or "")
        for parcel in delivery.lease(db, channel, owner, now, until, limit)
    ]
