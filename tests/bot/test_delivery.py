"""The contract of every pushing channel, with a channel of the tests' own, on both databases."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import structlog

from bot.channels.base import Abilities, Channel, Pushing, SendError
from bot.channels.web.channel import WebChannel
from bot.delivery import Delivery
from bot.house import build_house
from bot.settings import load
from handlers.ports import House
from storage import conversations, entries, failpoints, sent
from storage.database import Database
from tests.bot.pigeons import ACCOUNT, NAME, Pigeon, Turns, make, sending, state, until, write


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), date(2026, 11, 25))[0]


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
    assert {row[3] for row in found} == {f"feather-{number}" for number in range(1, 31)}


async def test_what_was_sent_is_known_by_the_channels_own_id(
    database: Database, house: House
) -> None:
    pigeon, turns = Pigeon(), None
    await write(database, "a", "1", "2|3")
    turns = Turns(database, house, pigeon)
    await turns.pass_by(1)
    chat = await database.read(conversations.find, NAME, ACCOUNT, "a") or ""
    lines = [await database.read(sent.find, chat, f"feather-{number}") for number in (1, 2, 3)]
    assert [(line.kind, line.seq) for line in lines if line] == [
        ("line", 1), ("line", 2), ("line", 2),
    ]  # fmt: skip
    assert [body["seq"] for body in pigeon.bodies] == [1, 2, 2]


async def test_what_can_be_tried_again_is_and_keeps_its_place(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("wind", retryable=True), SendError("wind", retryable=True)]
    await write(database, "a", "1", "2", "3")
    await write(database, "b", "x")
    await Turns(database, house, pigeon).pass_by(10)
    assert pigeon.carried["a"] == ["1", "2", "3"]
    assert [row[1] for row in await database.read(state)] == [3, 1, 1, 1]


async def test_what_a_chat_is_refused_for_a_while_holds_up_no_other(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("too_fast", retryable=True, retry_after=60.0)] * 25
    await write(database, "a", "1", "2")
    await write(database, "b", "x", "y")
    turns = Turns(database, house, pigeon, poll=10.0)
    await turns.pass_by(59)
    assert (pigeon.order, pigeon.tried) == (["x", "y"], 3)
    await turns.pass_by(25 * 70)
    assert pigeon.carried["a"] == ["1", "2"], "however often: the message is not to blame"


async def test_a_refusal_fails_once_and_the_next_goes(database: Database, house: House) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("too_long")]
    await write(database, "a", "1", "2")
    await write(database, "b", "x")
    await Turns(database, house, pigeon).pass_by(1)
    assert pigeon.carried == {"a": ["2"], "b": ["x"]}
    assert (await database.read(state))[0][:3] == ("failed", 1, "too_long")
    chat = await database.read(conversations.find, NAME, ACCOUNT, "a")
    told = [e for e in await database.read(entries.after, chat or "", 0) if e.kind == "delivery"]
    assert ("failed", "too_long", 1) in [
        (entry.extra["outcome"], entry.extra["error"], entry.ref) for entry in told
    ]


async def test_somebody_who_shut_us_out_gets_no_more(database: Database, house: House) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("blocked", gone=True)]
    await write(database, "a", "1", "2", "3")
    await write(database, "b", "x")
    await Turns(database, house, pigeon).pass_by(60)
    assert (dict(pigeon.carried), pigeon.tried) == ({"b": ["x"]}, 2)
    assert [row[:3:2] for row in await database.read(state)] == [
        *[("failed", "blocked")] * 3, ("sent", None),
    ]  # fmt: skip


async def test_a_chat_that_moved_goes_on_at_its_new_address(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("moved", moved_to="-1007")]
    await write(database, "a", "1", "2")
    await Turns(database, house, pigeon).pass_by(1)
    assert pigeon.carried == {"-1007": ["1", "2"]}
    sender = database.vault.index("sender", f"{NAME}:{ACCOUNT}:-1007")
    assert await database.read(conversations.find, NAME, ACCOUNT, sender) is not None


async def test_tries_end(database: Database, house: House) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] += [SendError("wind", retryable=True)] * 3
    pigeon.plan["a"] += [ValueError("a fault")] * 9
    await write(database, "a", "1")
    with structlog.testing.capture_logs() as told:
        await Turns(database, house, pigeon, tries=5).pass_by(60)
    assert "delivery.channel" in [one["event"] for one in told]
    assert (await database.read(state))[0][:3] == ("failed", 5, "fault")


async def test_a_message_that_ends_the_process_each_time_is_given_up(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "1", "2")
    turns = Turns(database, house, pigeon, tries=3)
    for _ in range(3):
        assert await turns.delivery._take(5, urgent=False)
        turns.advance(4)  # nobody is left to say what became of it
    await turns.pass_by(1)
    assert pigeon.order == ["2"]
    assert (await database.read(state))[0][:3] == ("failed", 4, "fault")


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
        make(database, house, pigeon, lease=timedelta(seconds=1), send_seconds=1.0)


async def test_safety_overtakes_its_own_chat_and_red_overtakes_others(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "1", "2")
    await write(database, "b", "plain")
    await write(database, "c", "red", lane=1)
    await write(database, "a", "safety", lane=0)
    await Turns(database, house, pigeon, at_once=1).pass_by(1)
    assert pigeon.order[:2] == ["safety", "red"]
    assert pigeon.carried["a"] == ["safety", "1", "2"]


async def test_safety_overtakes_a_message_that_waits_to_be_tried_again(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.plan["a"] = [SendError("too_fast", retryable=True, retry_after=60.0)]
    await write(database, "a", "1")
    turns = Turns(database, house, pigeon)
    await turns.pass_by(1)
    await write(database, "a", "safety", lane=0)
    await turns.pass_by(1)
    assert pigeon.order == ["safety"]
    await turns.pass_by(60)
    assert pigeon.order == ["safety", "1"]


async def test_slots_are_kept_for_what_is_urgent(database: Database, house: House) -> None:
    pigeon = Pigeon()
    for number in range(8):
        pigeon.plan[f"slow{number}"] = [30.0]
        await write(database, f"slow{number}", "never")
    patient = {"lease": timedelta(seconds=120), "send_seconds": 60.0}
    async with sending(database, house, pigeon, at_once=8, **patient) as works:
        await until(lambda: pigeon.at_once == 6)
        await write(database, "b", "red", lane=1)
        await until(lambda: pigeon.order == ["red"])
        assert pigeon.tried == 7
        for task in works._tasks:
            task.cancel()


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
    await _die(Turns(database, house, pigeon, owner="dying").delivery, point)
    turns = Turns(database, house, pigeon, owner="next")
    turns.advance(4)  # the lease of the dead one ends
    await turns.pass_by(1)
    assert {row[0] for row in await database.read(state)} == {"sent"}
    carried = pigeon.carried["a"]
    assert list(dict.fromkeys(carried)) == ["1", "2", "3"]
    assert len(carried) == (4 if point == "deliver.after_send" else 3)


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("deliver.before_send:2", ["1", "2", "3", "4"]),
        ("deliver.after_send:2", ["1", "2", "2", "3", "4"]),
        ("deliver.after_commit:2", ["1", "2", "3", "4"]),
    ],
)
async def test_a_death_between_parts_repeats_one_part_at_most(
    database: Database, house: House, point: str, expected: list[str]
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "1|2|3", "4")
    await _die(Turns(database, house, pigeon, owner="dying").delivery, point)
    turns = Turns(database, house, pigeon, owner="next")
    turns.advance(4)
    await turns.pass_by(1)
    assert pigeon.order == expected
    assert {row[0] for row in await database.read(state)} == {"sent"}


async def _die(dying: Delivery, point: str) -> None:
    failpoints.arm(point, _crash)
    try:
        (ready,) = await dying._take(1, urgent=False)
        with pytest.raises(Crash):
            await dying._carrier.deliver(ready)
    finally:
        failpoints.disarm()


def _crash() -> None:
    raise Crash


def test_abilities_are_settled() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Abilities().buttons = False  # type: ignore[misc]
