"""Who speaks for a bot, and how it goes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from storage import bots
from storage.database import Database

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)
NAME = bots.line_name("telegram", "123456", bots.SEND)


def test_one_at_a_time_holds_it(database: Database) -> None:
    write = database.write_blocking
    assert write(bots.take, NAME, "one", NOW, 20)
    assert write(bots.take, NAME, "one", NOW, 20), "its holder goes on"
    assert not write(bots.take, NAME, "two", NOW + timedelta(seconds=19), 20)
    assert write(bots.take, NAME, "two", NOW + timedelta(seconds=21), 20), "it is over"
    assert not write(bots.renew, NAME, "one", NOW, 20)
    assert write(bots.renew, NAME, "two", NOW + timedelta(seconds=30), 20)
    assert not write(bots.take, NAME, "one", NOW + timedelta(seconds=42), 20)
    write(bots.give_back, NAME, "one")
    assert not write(bots.take, NAME, "one", NOW + timedelta(seconds=42), 20), "not its own"
    write(bots.give_back, NAME, "two")
    assert write(bots.take, NAME, "one", NOW + timedelta(seconds=42), 20)


async def test_of_many_at_once_one_has_it(database: Database) -> None:
    owners = [f"owner{number}" for number in range(12)]
    won = await asyncio.gather(
        *(database.write(bots.take, NAME, owner, NOW, 20) for owner in owners)
    )
    assert won.count(True) == 1


def test_how_it_is_and_since_when(database: Database) -> None:
    write, read = database.write_blocking, database.read_blocking
    later = NOW + timedelta(minutes=1)
    assert write(bots.tell, NAME, bots.DOWN, "unreachable", NOW)
    assert not write(bots.tell, NAME, bots.DOWN, "unreachable", later), "nothing new"
    assert write(bots.tell, NAME, bots.DOWN, "bad_token", later)
    (state,) = read(bots.states)
    assert (state.channel, state.account, state.line) == ("telegram", "123456", "send")
    assert (state.state, state.error, state.since) == ("down", "bad_token", NOW), "it stayed down"
    assert write(bots.tell, NAME, bots.OK, None, later)
    (state,) = read(bots.states)
    assert (state.state, state.error, state.since) == ("ok", None, later)


def test_holding_and_telling_do_not_undo_each_other(database: Database) -> None:
    write, read = database.write_blocking, database.read_blocking
    write(bots.tell, NAME, bots.DOWN, "unreachable", NOW)
    write(bots.take, NAME, "one", NOW, 20)
    write(bots.tell, NAME, bots.DOWN, "second_poller", NOW)
    (state,) = read(bots.states)
    assert (state.owner, state.until) == ("one", NOW + timedelta(seconds=20))
    assert (state.state, state.error) == ("down", "second_poller")
    poll = bots.line_name("telegram", "123456", bots.POLL)
    assert write(bots.take, poll, "two", NOW, 20), "another line"
    assert write(bots.tell, poll, bots.OK, None, NOW, "nuanxin_bot")
    assert [(one.line, one.owner) for one in read(bots.states)] == [
        ("poll", "two"), ("send", "one"),
    ]  # fmt: skip


def test_how_a_bot_is_called(database: Database) -> None:
    write, read = database.write_blocking, database.read_blocking
    poll = bots.line_name("telegram", "123456", bots.POLL)
    assert read(bots.username, "telegram", "123456") is None
    write(bots.tell, poll, bots.OK, None, NOW, "nuanxin_bot")
    write(bots.tell, poll, bots.DOWN, "unreachable", NOW)
    assert read(bots.username, "telegram", "123456") == "nuanxin_bot"
    assert read(bots.username, "telegram", "999") is None
