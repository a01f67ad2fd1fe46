"""The contract of every pushing channel, with a channel of the tests' own, on both databases."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.channels.base import Abilities, Channel, Message, Pushing, SendError
from bot.channels.web.channel import WebChannel
from bot.delivery import Delivery
from bot.house import build_house
from bot.settings import load
from handlers.ports import House, Update
from storage import conversations, entries, failpoints, outbox
from storage.database import Database, Db

NAME = "pigeon"


class Pigeon:
    """Carries messages; `plan` says what happens to the next ones of a chat."""

    name = NAME

    def __init__(self, **abilities: Any) -> None:
        self.abilities = Abilities(**abilities)
        self.carried: dict[str, list[str]] = defaultdict(list)
        self.order: list[str] = []
        self.plan: dict[str, list[Exception | float]] = defaultdict(list)
        self.at_once = self.most_at_once = 0

    def to_update(self, raw: Any) -> Update | None:
        return None

    async def send(self, message: Message) -> str | None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            for step in self.plan[message.address][:1]:
                del self.plan[message.address][0]
                if isinstance(step, Exception):
                    raise step
                await asyncio.sleep(step)
            self.carried[message.address].append(message.body["text"])
            self.order.append(message.body["text"])
            return f"feather-{message.id}"
        finally:
            self.at_once -= 1


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), date(2026, 11, 25))[0]


def put(db: Db, chat: str, text: str, lane: int, now: datetime) -> str:
    """One message in a chat's outbox, as a use case writes it."""
    conversation_id = conversations.open_for(db, NAME, "a", chat, chat, now)
    conversation = conversations.lock(db, conversation_id)
    line = entries.append(db, conversation, kind="message", sender="bot", at=now, text=text)
    outbox.put(
        db, conversation_id=conversation_id, channel=NAME, account="a", seq=line.seq, lane=lane,
        body={"text": text}, now=now,
    )  # fmt: skip
    return conversation_id


def state(db: Db) -> list[tuple[str, int, str | None, str | None]]:
    rows = db.execute(outbox.TABLE.select().order_by(outbox.TABLE.c.id))
    return [(row.state, row.attempts, row.error, row.external_id) for row in rows]


@asynccontextmanager
async def sending(
    database: Database, house: House, pigeon: Pigeon, **options: Any
) -> AsyncIterator[Delivery]:
    given = {"poll": 0.05, "first_pause": 0.01, "send_seconds": 1.0, "owner": "me", **options}
    delivery = Delivery(
        database, pigeon, house, now=database.clock.now,
        **{"lease": timedelta(seconds=3), **given},
    )  # fmt: skip
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        await delivery.stop()
        await asyncio.wait_for(task, 5)


async def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


async def write(database: Database, chat: str, *texts: str, lane: int = 2) -> None:
    for text in texts:
        await database.write(put, chat, text, lane, database.clock.now())


def test_the_channels_keep_the_contract() -> None:
    assert isinstance(Pigeon(), Pushing)
    assert isinstance(WebChannel(), Channel)
    assert not isinstance(WebChannel(), Pushing)
    assert WebChannel().to_update({"text": "not from the page"}) is None


async def test_in_order_in_a_chat_and_chats_side_by_side(database: Database, house: House) -> None:
    pigeon = Pigeon()
    chats = [f"chat{number}" for number in range(5)]
    texts = [f"{number}" for number in range(6)]
    for chat in chats:
        await write(database, chat, *texts)
        pigeon.plan[chat] = [0.02] * 6
    async with sending(database, house, pigeon):
        await until(lambda: len(pigeon.order) == 30)
    assert all(pigeon.carried[chat] == texts for chat in chats)
    assert pigeon.most_at_once > 1
    found = await database.read(state)
    assert {row[0] for row in found} == {"sent"}
    assert all(row[3] and row[3].startswith("feather-") for row in found)


async def test_what_can_be_tried_again_is_and_keeps_its_place(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("wind", retryable=True), SendError("wind", retryable=True)]
    await write(database, "a", "1", "2", "3")
    await write(database, "b", "x")
    async with sending(database, house, pigeon):
        await until(lambda: len(pigeon.order) == 4)
        await asyncio.sleep(0.1)
    assert pigeon.carried["a"] == ["1", "2", "3"]
    assert [row[1] for row in await database.read(state)] == [3, 1, 1, 1]


async def test_a_pause_that_the_channel_asks_for_is_kept(database: Database, house: House) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("slow down", retryable=True, retry_after=0.6)]
    await write(database, "a", "1")
    began = asyncio.get_running_loop().time()
    async with sending(database, house, pigeon):
        await until(lambda: pigeon.order == ["1"])
    assert asyncio.get_running_loop().time() - began >= 0.6


async def test_a_blocked_chat_fails_once_is_told_and_holds_up_nobody(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("blocked")]
    await write(database, "a", "1", "2")
    await write(database, "b", "x")
    async with sending(database, house, pigeon):
        await until(lambda: len(pigeon.order) == 2)
        await asyncio.sleep(0.1)
    assert pigeon.carried == {"a": ["2"], "b": ["x"]}
    assert (await database.read(state))[0][:3] == ("failed", 1, "blocked")
    chat = await database.read(conversations.find, NAME, "a", "a")
    told = [e for e in await database.read(entries.after, chat or "", 0) if e.kind == "delivery"]
    assert ("failed", "blocked", 1) in [
        (entry.extra["outcome"], entry.extra["error"], entry.ref) for entry in told
    ]


async def test_tries_end(database: Database, house: House) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] += [SendError("wind", retryable=True)] * 3
    pigeon.plan["a"] += [ValueError("a fault")] * 9
    await write(database, "a", "1")
    async with sending(database, house, pigeon, tries=5):
        await until(lambda: database.read_blocking(state)[0][0] == "failed")
    assert (await database.read(state))[0][:3] == ("failed", 5, "fault")


async def test_a_slow_channel_is_given_up_before_the_lease_ends(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [60.0]
    await write(database, "a", "1")
    async with sending(database, house, pigeon, send_seconds=0.2):
        await until(lambda: pigeon.order == ["1"])
        await asyncio.sleep(0.1)
    assert (await database.read(state))[0][:2] == ("sent", 2)
    with pytest.raises(ValueError, match="lease"):
        Delivery(
            database, pigeon, house, owner="x", now=database.clock.now,
            lease=timedelta(seconds=1), send_seconds=1.0,
        )  # fmt: skip


async def test_safety_overtakes_its_own_chat_and_red_overtakes_others(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "1", "2")
    await write(database, "b", "plain")
    await write(database, "c", "red", lane=1)
    await write(database, "a", "safety", lane=0)
    async with sending(database, house, pigeon, at_once=1):
        await until(lambda: len(pigeon.order) == 5)
    assert pigeon.order[:2] == ["safety", "red"]
    assert pigeon.carried["a"] == ["safety", "1", "2"]


async def test_safety_overtakes_a_message_that_waits_to_be_tried_again(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("wind", retryable=True, retry_after=1.0)]
    await write(database, "a", "1")
    async with sending(database, house, pigeon):
        await until(lambda: not pigeon.plan["a"])
        await write(database, "a", "safety", lane=0)
        await until(lambda: len(pigeon.order) == 2)
    assert pigeon.order == ["safety", "1"]


async def test_the_pace_over_all_and_in_a_chat(database: Database, house: House) -> None:
    pigeon = Pigeon(a_second=20.0, chat_pause=0.2)
    for chat in range(10):
        await write(database, f"chat{chat}", "1", "2", "3")
    began = asyncio.get_running_loop().time()
    async with sending(database, house, pigeon, at_once=30):
        await until(lambda: len(pigeon.order) == 30)
    took = asyncio.get_running_loop().time() - began
    assert took >= 0.45  # a burst of 20, then 20 a second
    assert all(texts == ["1", "2", "3"] for texts in pigeon.carried.values())


async def test_two_processes_send_each_message_once(
    open_database: Callable[..., Database], house: House
) -> None:
    one, two = open_database(), open_database()
    pigeon = Pigeon()
    for chat in range(6):
        await write(one, f"chat{chat}", "1", "2", "3")
    async with sending(one, house, pigeon, owner="one"), sending(two, house, pigeon, owner="two"):
        await until(lambda: len(pigeon.order) >= 18)
        await asyncio.sleep(0.2)
    assert all(texts == ["1", "2", "3"] for texts in pigeon.carried.values())


class Crash(BaseException):
    """A process that dies at a failpoint, as far as one process can play it."""


@pytest.mark.parametrize("point", [name for name in failpoints.POINTS if "deliver." in name])
async def test_a_death_costs_at_most_one_duplicate_in_its_window(
    database: Database, house: House, point: str
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "1", "2", "3")
    failpoints.arm(point, _crash)
    lease = timedelta(seconds=2.2)
    dying = Delivery(
        database, pigeon, house, owner="dying", now=database.clock.now, poll=0.05,
        send_seconds=1.0, lease=lease,
    )  # fmt: skip
    try:
        taken = (await dying._take(1))[0]
        with pytest.raises(Crash):
            await dying._deliver(*taken)
    finally:
        failpoints.disarm()
    async with sending(database, house, pigeon, owner="next"):
        await until(lambda: len(set(pigeon.order)) == 3)
        await asyncio.sleep(0.2)
    assert {row[0] for row in await database.read(state)} == {"sent"}
    sent = pigeon.carried["a"]
    assert list(dict.fromkeys(sent)) == ["1", "2", "3"]
    assert len(sent) == (4 if point == "deliver.after_send" else 3)


def _crash() -> None:
    raise Crash


def test_abilities_are_settled() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Abilities().buttons = False  # type: ignore[misc]
