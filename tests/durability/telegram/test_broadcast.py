"""A broadcast at the bot's own pace, and somebody in danger writes meanwhile.

BROADCAST=5000 is the whole of it (three minutes); the suite sends a part.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import BotApi, Person
from tests.durability.telegram import letters
from tests.durability.telegram.town import Town
from tests.durability.town import Nest

pytestmark = [pytest.mark.alone, pytest.mark.load, pytest.mark.slow]

CHATS = int(os.environ.get("BROADCAST", "300"))
A_SECOND = 30.0  # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
SCRIPT_SECONDS = 2.0
DANGER, SCRIPT = "我爸摔了一跤叫不应了", "120"
MOMENTS = (0.1, 0.45, 0.8)  # of the broadcast
TEXTS = ("明天上午九点,活动室有体检。", "要带身份证。")  # every tenth chat gets both


@pytest.fixture
def paced_api() -> Iterator[BotApi]:
    """A Bot API with Telegram's limits."""
    with BotApi() as api:
        yield api
        assert not api.wrong


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_danger_does_not_wait_for_a_broadcast(
    bot_nest: Nest, database_url: str, tmp_path: Path, paced_api: BotApi
) -> None:
    api, folder = paced_api, tmp_path / "town"
    folder.mkdir()
    town = Town.found(bot_nest, database_url, folder, api, "polling")
    bot = town.bots[0]
    people = [api.person(f"居民{number}") for number in range(CHATS)]
    for person in people:
        api.world.open(bot, person.user)
        person.chat(bot)
    with town.database() as database:
        letters.write(database, bot, people, TEXTS[:1])
        letters.write(database, bot, people[::10], TEXTS[1:])
    total = CHATS + len(people[::10])
    expected = total / A_SECOND
    in_danger = [api.person(f"险{number}") for number in range(len(MOMENTS))]
    took: list[float] = []
    with town.serving(rest=None):
        began = time.monotonic()
        for moment, person in zip(MOMENTS, in_danger, strict=True):
            time.sleep(max(0.0, began + moment * expected - time.monotonic()))
            person.opens(bot)
            wrote = person.types(DANGER)
            told = person.waits_for(SCRIPT, 30.0)
            took.append(told.at - wrote.at)
            assert _sent(town, people) < total, "the broadcast was over: nothing was overtaken"
        while _sent(town, people) < total:
            assert time.monotonic() < began + 2 * expected + 30.0, "the broadcast stands still"
            time.sleep(0.1)
        seconds = time.monotonic() - began
    print(
        f"a broadcast of {total} messages to {CHATS} chats: {seconds:.1f} s,"
        f" {total / seconds:.1f} a second; danger was answered after"
        f" {', '.join(f'{each:.2f}' for each in took)} s; {api.violations} times 429"
    )
    assert max(took) <= SCRIPT_SECONDS
    assert api.violations == 0
    _in_order(town, people)


def _sent(town: Town, people: list[Person]) -> int:
    known = {person.id for person in people}
    calls = town.api.journal.calls("sendMessage", bot=town.bots[0], done=True)
    return sum(call.chat in known for call in calls)


def _in_order(town: Town, people: list[Person]) -> None:
    """Everybody has everything once, and the first were served first."""
    calls = town.api.journal.calls("sendMessage", bot=town.bots[0], done=True)
    place = {person.id: number for number, person in enumerate(people)}
    first = [place[call.chat] for call in calls if call.params["text"] == TEXTS[0]]  # type: ignore[index]
    assert sorted(first) == list(range(len(people)))
    # 32 are under way side by side; nobody overtakes more than that
    assert max(abs(number - each) for number, each in enumerate(first)) <= 32 + 4
    for number, person in enumerate(people):
        wanted = list(TEXTS if number % 10 == 0 else TEXTS[:1])
        assert [each.text for each in person.chat()] == wanted
