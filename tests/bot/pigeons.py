"""A pushing channel of the tests' own, and what its tests share."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.channels.base import Abilities, FetchError, Message
from bot.delivery import Delivery
from handlers.ports import House, Update
from storage import conversations, entries, outbox
from storage.database import Database, Db

NAME, ACCOUNT = "pigeon", "a"


class Pigeon:
    """Carries messages, each part between "|" by itself.

    `plan` says what happens to the next parts of a chat, `down` to every part of every chat.
    """

    name, account = NAME, ACCOUNT

    def __init__(self, *, pause: float = 0.0, **abilities: Any) -> None:
        self.abilities, self._pause = Abilities(**abilities), pause
        self.carried: dict[str, list[str]] = defaultdict(list)
        self.order: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.plan: dict[str, list[Exception | float]] = defaultdict(list)
        self.down: Exception | None = None
        self.tried = self.at_once = self.most_at_once = 0
        self.came: list[str] = []

    def to_update(self, raw: Any) -> Update | None:
        return None

    def pause(self, address: str) -> float:
        return self._pause

    def parts(self, message: Message) -> tuple[Any, ...]:
        text = message.body["text"]
        return tuple(text.split("|")) if text else ()

    async def send(self, message: Message, part: Any) -> str | None:
        self.tried += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            if self.down is not None:
                raise self.down
            for step in self.plan[message.address][:1]:
                del self.plan[message.address][0]
                if isinstance(step, Exception):
                    raise step
                await asyncio.sleep(step)
            self.carried[message.address].append(part)
            self.order.append(part)
            self.bodies.append(dict(message.body))
            return f"feather-{len(self.order)}"
        finally:
            self.at_once -= 1

    async def coming(self, address: str) -> None:
        self.came.append(address)

    async def fetch(self, source: str, most: int) -> bytes:
        raise FetchError("no_files")


def put(
    db: Db, chat: str, text: str, lane: int, database: Database, media_id: str | None = None
) -> str:
    """One message in a chat's outbox, as a use case writes it."""
    now = database.clock.now()
    conversation_id = conversations.open_for(db, NAME, ACCOUNT, chat, chat, now)
    conversation = conversations.lock(db, conversation_id)
    line = entries.append(db, conversation, kind="message", sender="bot", at=now, text=text)
    outbox.put(
        db, conversation_id=conversation_id, channel=NAME, account=ACCOUNT, seq=line.seq,
        lane=lane, body={"text": text, "media_id": media_id}, now=now,
    )  # fmt: skip
    return conversation_id


async def write(database: Database, chat: str, *texts: str, lane: int = 2, **more: Any) -> None:
    for text in texts:
        await database.write(put, chat, text, lane, database, **more)


def state(db: Db) -> list[tuple[str, int, str | None, str | None]]:
    """state, attempts, error, external id of each message, oldest first."""
    rows = db.execute(outbox.TABLE.select().order_by(outbox.TABLE.c.id))
    return [(row.state, row.attempts, row.error, row.external_id) for row in rows]


def make(database: Database, house: House, pigeon: Pigeon, **options: Any) -> Delivery:
    given: dict[str, Any] = {
        "poll": 0.05, "first_pause": 0.01, "send_seconds": 1.0, "owner": "me",
        "lease": timedelta(seconds=3), "now": database.clock.now, **options,
    }  # fmt: skip
    return Delivery(database, pigeon, house, **given)


@asynccontextmanager
async def sending(
    database: Database, house: House, pigeon: Pigeon, **options: Any
) -> AsyncIterator[Delivery]:
    """A delivery at work."""
    delivery = make(database, house, pigeon, **options)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        await delivery.stop()
        await asyncio.wait_for(task, 15)


async def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


class Turns:
    """A delivery whose turns and whose time the test takes by itself: nobody sleeps."""

    def __init__(self, database: Database, house: House, pigeon: Pigeon, **options: Any) -> None:
        self.database, self.seconds = database, 0.0
        self.delivery = make(
            database, house, pigeon, clock=lambda: self.seconds, **{"poll": 1.0, **options}
        )

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
        self.database.clock.advance(timedelta(seconds=seconds))

    async def pass_by(self, seconds: float) -> None:
        """So much time, and whatever is to be done in it."""
        end = self.seconds + seconds
        while True:
            wait = await self.delivery.turn()
            if self.delivery.busy:
                await self.delivery.idle()
            elif wait > 0:
                if self.seconds + wait > end:
                    self.advance(end - self.seconds)
                    return
                self.advance(wait + 1e-4)
