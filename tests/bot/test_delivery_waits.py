"""What makes sending wait: a channel that is down, a chat that rests, a file, another process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import structlog

from bot.channels.base import SendError
from bot.holding import Holding
from bot.house import build_house
from bot.settings import load
from handlers import delivery
from handlers.ports import House
from storage import bots, entries, media
from storage.database import Database, Db
from tests.bot.pigeons import ACCOUNT, NAME, Pigeon, Turns, make, put, sending, state, until, write

UNREACHABLE = SendError("unreachable", retryable=True, everywhere=True)
LINE = bots.line_name(NAME, ACCOUNT, bots.SEND)


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), date(2026, 11, 25))[0]


async def test_an_hour_without_the_channel_costs_nothing(database: Database, house: House) -> None:
    pigeon = Pigeon()
    chats = [f"chat{number}" for number in range(40)]
    for chat in chats:
        await write(database, chat, "1", "2")
    turns = Turns(database, house, pigeon, poll=30.0)
    pigeon.down = UNREACHABLE
    with structlog.testing.capture_logs() as told:
        await turns.pass_by(1)
        assert not turns.delivery.up
        (line,) = await database.read(bots.states)
        assert (line.name, line.state, line.error) == (LINE, "down", "unreachable")
        began = line.since
        tried = pigeon.tried
        await turns.pass_by(3600)
        assert pigeon.tried - tried <= 3600 / 30 + 6, "one at a time, and seldom"
        await write(database, "chat0", "safety", lane=0)
        (line,) = await database.read(bots.states)
        assert (line.since, turns.delivery.waiting) == (began, 80)
        pigeon.down = None
        await turns.pass_by(31)
    assert {row[:2] for row in await database.read(state)} == {("sent", 1)}
    assert pigeon.order[0] == "safety", "what is most urgent is the one that tries it"
    assert pigeon.carried["chat0"] == ["safety", "1", "2"]
    assert all(pigeon.carried[chat] == ["1", "2"] for chat in chats[1:])
    assert [one["event"] for one in told] == ["delivery.down", "delivery.up"]
    (line,) = await database.read(bots.states)
    assert (line.state, line.error, turns.delivery.up) == ("ok", None, True)


async def test_a_wrong_token_is_another_word_and_the_same_patience(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    pigeon.down = UNREACHABLE
    await write(database, "a", "1")
    turns = Turns(database, house, pigeon)
    await turns.pass_by(1)
    pigeon.down = SendError("bad_token", retryable=True, everywhere=True)
    await turns.pass_by(60)
    (line,) = await database.read(bots.states)
    assert (line.state, line.error) == ("down", "bad_token")
    assert (await database.read(state))[0][:2] == ("queued", 0)


async def test_chats_rest_and_take_no_slot(database: Database, house: House) -> None:
    pigeon = Pigeon(pause=1.0)
    for number in range(12):
        await write(database, f"chat{number}", "1|2", "3")
    turns = Turns(database, house, pigeon, at_once=4)
    await turns.pass_by(0.5)
    assert pigeon.order == ["1"] * 12, "with four slots: nobody who rests holds one"
    assert {row[0] for row in await database.read(state)} == {"queued"}
    await turns.pass_by(1.0)
    assert pigeon.order == ["1"] * 12 + ["2"] * 12
    await turns.pass_by(1.0)
    assert all(carried == ["1", "2", "3"] for carried in pigeon.carried.values())
    assert {row[:2] for row in await database.read(state)} == {("sent", 1)}
    assert set(pigeon.came) == set(pigeon.carried), "that more comes was shown"
    assert len(pigeon.came) == 24


async def test_safety_does_not_rest_and_not_between_its_parts(
    database: Database, house: House
) -> None:
    pigeon = Pigeon(pause=3.0)
    await write(database, "a", "1|2")
    turns = Turns(database, house, pigeon)
    await turns.pass_by(0.1)
    await write(database, "a", "s1|s2", lane=0)
    await turns.pass_by(0.1)
    assert pigeon.order == ["1", "s1", "s2"]
    await turns.pass_by(2.7)
    assert pigeon.order == ["1", "s1", "s2"], "its chat rests after it"
    await turns.pass_by(0.6)
    assert pigeon.order == ["1", "s1", "s2", "2"]


async def test_a_safety_sentence_that_was_too_fast_goes_again_and_nothing_overtakes_it(
    database: Database, house: House
) -> None:
    """Safety sentences do not rest, so that Telegram may refuse the fourth: it keeps its place."""
    pigeon = Pigeon(pause=1.0)
    slow = SendError("too_fast", retryable=True, retry_after=5.0)
    pigeon.plan["a"] = [0, 0, 0, slow]
    await write(database, "a", "plain")
    await write(database, "a", "s1", "s2", "s3", "s4", "s5", lane=0)
    turns = Turns(database, house, pigeon)
    await turns.pass_by(1)
    await write(database, "a", "red", lane=1)
    await write(database, "a", "s6", lane=0)
    await write(database, "b", "elsewhere")
    await turns.pass_by(3)
    assert pigeon.order == ["s1", "s2", "s3", "elsewhere"]
    assert pigeon.tried == 5, "nobody asks again before the time that was asked for"
    await turns.pass_by(4)
    assert pigeon.carried["a"] == ["s1", "s2", "s3", "s4", "s5", "s6", "plain", "red"]


async def test_nothing_is_sent_for_a_message_without_parts(
    database: Database, house: House
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "", "1")
    await Turns(database, house, pigeon).pass_by(1)
    assert pigeon.order == ["1"]
    assert {row[0] for row in await database.read(state)} == {"sent"}


async def test_the_pace_over_all_chats(database: Database, house: House) -> None:
    pigeon = Pigeon(a_second=30.0)
    for number in range(90):
        await write(database, f"chat{number}", "1")
    turns = Turns(database, house, pigeon)
    sent = []
    for _ in range(35):
        await turns.pass_by(0.1)
        sent.append(len(pigeon.order))
    assert max(after - before for before, after in zip([0, *sent], sent[9:], strict=False)) <= 31
    assert sent[-1] == 90


async def test_in_a_broadcast_a_safety_sentence_leaves_at_once(
    database: Database, house: House
) -> None:
    pigeon = Pigeon(a_second=30.0, pause=1.0)
    for number in range(120):
        await write(database, f"chat{number}", "news")
    turns = Turns(database, house, pigeon)
    await turns.pass_by(1.5)
    await write(database, "chat0", "safety", lane=0)
    await write(database, "chat119", "red", lane=1)
    before = len(pigeon.order)
    await turns.pass_by(0.4)
    assert 30 <= before <= 50
    assert pigeon.order[before] == "safety"
    assert pigeon.carried["chat119"] == ["news"], "what stands before the red one hurries too"
    await turns.pass_by(1.1)
    assert pigeon.carried["chat119"] == ["news", "red"]


async def test_a_file_that_is_to_be_fetched_is_waited_for(database: Database, house: House) -> None:
    pigeon = Pigeon()
    await database.write(_with_file, "kept", "awaited", database)
    await write(database, "a", "later")
    turns = Turns(database, house, pigeon)
    await turns.pass_by(100)
    assert pigeon.order == []
    assert (await database.read(state))[0][:2] == ("queued", 0), "it does not count"
    await database.write(_becomes, "kept", "kept")
    await turns.pass_by(2)
    assert pigeon.order == ["look", "later"]
    assert pigeon.bodies[0]["media"] == {
        "id": "kept", "kind": "photo", "mime": "image/jpeg", "seconds": None, "name": "猫.jpg",
    }  # fmt: skip
    await database.write(_with_file, "gone", "lost", database)
    await turns.pass_by(1)
    assert (pigeon.bodies[-1]["media"], pigeon.bodies[-1]["media_lost"]) == (None, True)


def _with_file(db: Db, media_id: str, how: str, database: Database) -> None:
    chat = put(db, "a", "look", 2, database, media_id)
    media.add(
        db, media_id=media_id, conversation_id=chat, kind="photo", mime="image/jpeg", size=9,
        seconds=None, name="猫.jpg", now=database.clock.now(),
    )  # fmt: skip
    _becomes(db, media_id, how)


def _becomes(db: Db, media_id: str, how: str) -> None:
    row = media.get(db, media_id)
    assert row is not None
    row.state = how


async def test_who_does_not_hold_the_bot_sends_nothing(
    open_database: Callable[..., Database], house: House
) -> None:
    one, two = open_database(), open_database()
    pigeons = [Pigeon(), Pigeon()]
    holdings = [Holding(one, LINE, "one", 20), Holding(two, LINE, "two", 20)]
    assert await holdings[0].ask()
    assert not await holdings[1].ask()
    turns = [
        Turns(database, house, pigeon, owner=owner, holding=holding)
        for database, pigeon, owner, holding in zip(
            (one, two), pigeons, ("one", "two"), holdings, strict=True
        )
    ]
    await write(one, "a", "1", "2")
    await turns[1].pass_by(5)
    assert pigeons[1].order == []
    await turns[0].pass_by(5)
    assert pigeons[0].order == ["1", "2"]
    await holdings[0].stop()
    await write(one, "a", "3")
    await turns[0].pass_by(5)
    assert await holdings[1].ask()
    await turns[1].pass_by(5)
    assert (pigeons[0].order, pigeons[1].order) == (["1", "2"], ["3"])


async def test_what_is_under_way_stops_with_the_holding(database: Database, house: House) -> None:
    seconds = [100.0]
    holding = Holding(database, LINE, "me", 20, clock=lambda: seconds[0])
    assert await holding.ask()
    pigeon = Pigeon()
    pigeon.plan["a"] = [30.0]
    await write(database, "a", "1", "2")
    async with sending(
        database, house, pigeon, holding=holding, lease=timedelta(seconds=60), send_seconds=15.0
    ) as works:
        await until(lambda: pigeon.at_once == 1)
        seconds[0] += 17
        await write(database, "b", "x")
        await asyncio.sleep(0.2)
        assert (pigeon.at_once, pigeon.tried) == (1, 1), "nothing new for the last seconds"
        seconds[0] += 2
        await until(lambda: works.busy == 0)
    assert pigeon.order == []
    with pytest.raises(ValueError, match="held"):
        make(database, house, pigeon, holding=Holding(database, LINE, "me", 2))


async def test_one_that_cannot_be_put_together_holds_up_no_other(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(db: Db, parcel: object, now: object, house: House) -> dict[str, str]:
        if "bad" in str(parcel):
            entries.after(db, "nobody", 0)
            raise KeyError("a fault")
        return {"text": "good"}

    monkeypatch.setitem(delivery.FILLERS, NAME, fill)
    pigeon = Pigeon()
    await write(database, "a", "bad", "1")
    await write(database, "b", "2")
    await Turns(database, house, pigeon, tries=3).pass_by(30)
    assert pigeon.order == ["good", "good"]
    assert (await database.read(state))[0][:3] == ("failed", 3, "fault")
