"""Carries one message to its channel, part by part, and keeps what became of it (design §3, 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.base import Message, Pushing, SendError
from bot.line import Line
from bot.outcome import FAULT, NOT_HELD, Outcome, Tries
from bot.pace import Pace, Rests
from handlers import delivery
from handlers.delivery import Ready
from handlers.ports import House
from storage import outbox
from storage.database import Database, Db, StorageError
from storage.failpoints import failpoint
from storage.outbox import SAFETY, Parcel

log = structlog.get_logger(__name__)

RECORD_TRIES = 5
COMING_SECONDS = 0.4  # a longer wait than this is shown (typing)


@dataclass(slots=True)
class Carrier:
    """What every message of one bot needs on its way."""

    database: Database
    channel: Pushing
    house: House
    owner: str
    now: Callable[[], datetime]
    lease: timedelta
    send_seconds: float
    tries: Tries
    pace: Pace
    rests: Rests
    line: Line
    may_begin: Callable[[], bool]  # whether this process speaks for the bot
    sent: int = 0
    failed: int = 0
    _beside: set[asyncio.Task[None]] = field(default_factory=set)

    def stop(self) -> None:
        """Nothing is shown as coming any more."""
        for task in self._beside:
            task.cancel()

    async def deliver(self, ready: Ready) -> None:
        """Send a message that was leased, and record what became of it."""
        failpoint("deliver.claimed")
        parcel = ready.parcel
        outcome = await self._outcome(ready)
        if outcome is None:
            return
        if outcome.state == "sent":
            self.sent += 1
        elif outcome.state == "failed" or self.line.up:  # of a line that is down one word is enough
            self.failed += outcome.state == "failed"
            log.warning(
                "delivery.not_sent", parcel=parcel.id, outcome=outcome.state, code=outcome.code
            )
        await self._record(parcel, outcome)
        failpoint("deliver.after_commit")

    async def _outcome(self, ready: Ready) -> Outcome | None:
        """Send it; None: a part of it was sent, and the rest of it goes later."""
        parcel = ready.parcel
        if parcel.attempts > self.tries.most:  # it ended the process again and again
            return Outcome("failed", FAULT)
        if ready.fault is not None:
            log.error("delivery.fault", parcel=parcel.id, error=ready.fault)
            return self.tries.after(RuntimeError(ready.fault), parcel.attempts)
        message = Message(parcel.id, parcel.address, parcel.lane, parcel.body)
        try:
            parts = self.channel.parts(message)
            return await self._carry(parcel, message, parts)
        except SendError as error:
            self.line.down(error.code) if error.everywhere else self.line.heard()
            return self.tries.after(error, parcel.attempts)
        except TimeoutError as error:
            return self.tries.after(error, parcel.attempts)
        except Exception as error:
            log.error("delivery.channel", parcel=parcel.id, exc_info=error)
            return self.tries.after(error, parcel.attempts)

    async def _carry(
        self, parcel: Parcel, message: Message, parts: tuple[Any, ...]
    ) -> Outcome | None:
        """Send the parts that are not sent yet, up to one after which the chat must rest."""
        external_id = None
        seconds = self.send_seconds + delivery.MEDIA_SECONDS * delivery.has_file(parcel)
        for number in range(parcel.parts_sent + 1, len(parts) + 1):
            if not self.may_begin():
                return Outcome("queued", NOT_HELD, counted=False)
            failpoint("deliver.before_send")
            async with asyncio.timeout(seconds):
                external_id = await self.channel.send(message, parts[number - 1])
            failpoint("deliver.after_send")
            self.line.heard()
            pause = self.channel.pause(parcel.address)
            self.rests.spoken(parcel.conversation_id, pause)
            if number == len(parts):
                break
            rests = parcel.lane > SAFETY and pause > 0
            if not await self._record_part(parcel, number, external_id, goes_on=not rests):
                return None
            failpoint("deliver.after_commit")
            if rests:
                self._show_coming(parcel)
                return None
            await self._pace_next()
        return Outcome("sent", external_id=external_id)

    async def _pace_next(self) -> None:
        while (wait := self.pace.wait()) > 0:  # noqa: ASYNC110 - only time is waited for
            await asyncio.sleep(wait)
        self.pace.take()

    async def _record_part(
        self, parcel: Parcel, number: int, external_id: str | None, *, goes_on: bool
    ) -> bool:
        async def keep() -> bool:
            now = self.now()
            return await self.database.write(
                delivery.part_sent,
                parcel,
                self.owner,
                number,
                now,
                external_id=external_id,
                until=now + self.lease if goes_on else None,
            )

        return bool(await self._keep(parcel, keep))

    async def _record(self, parcel: Parcel, outcome: Outcome) -> None:
        async def keep() -> bool:
            return await self.database.write(
                _settle, parcel, self.owner, outcome, self.now(), self.house
            )

        if await self._keep(parcel, keep):
            self._show_coming(parcel)

    async def _keep(
        self, parcel: Parcel, keep: Callable[[], Coroutine[Any, Any, bool]]
    ) -> bool | None:
        """Tried again, because what is not recorded is sent twice; None: it could not be kept."""
        for again in range(RECORD_TRIES):
            try:
                return await keep()
            except StorageError as error:
                log.warning("delivery.not_recorded", parcel=parcel.id, error=type(error).__name__)
                await asyncio.sleep(0.2 * 2**again)
        return None

    def _show_coming(self, parcel: Parcel) -> None:
        """More comes in this chat, but not at once."""
        if self.rests.wait(parcel.conversation_id) <= COMING_SECONDS or self.pace.room() == 0:
            return
        self.pace.take()
        task = asyncio.create_task(self._coming(parcel.address))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _coming(self, address: str) -> None:
        try:
            async with asyncio.timeout(self.send_seconds):
                await self.channel.coming(address)
        except Exception as error:  # noqa: BLE001 - it is only an ornament
            log.info("delivery.coming", error=type(error).__name__)


def _settle(
    db: Db, parcel: Parcel, owner: str, outcome: Outcome, now: datetime, house: House
) -> bool:
    """Record it; whether more waits in the chat after a message that was sent."""
    kept = delivery.settled(
        db,
        parcel,
        owner,
        outcome.state,
        now,
        house,
        error=outcome.code,
        external_id=outcome.external_id,
        not_before=now + timedelta(seconds=outcome.pause) if outcome.pause else None,
        counted=outcome.counted,
        gone=outcome.gone,
        moved_to=outcome.moved_to,
    )
    return kept and outcome.state == "sent" and outbox.more_waits(db, parcel.conversation_id)
