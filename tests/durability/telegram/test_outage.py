"""Telegram is away for an hour, the token is wrong, somebody else polls: the web channel goes on,
the log says it once, health shows it, and afterwards everything is delivered in its order."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.botapi import BotApi, Person
from tests.durability.telegram import letters
from tests.durability.telegram.checks import (
    answered_in_order,
    in_their_order,
    sent_once,
    stored_once,
)
from tests.durability.telegram.crowd import Chat
from tests.durability.telegram.plan import Plan
from tests.durability.telegram.seen import look
from tests.durability.telegram.town import Town
from tests.ports import free_port

pytestmark = [pytest.mark.kill, pytest.mark.slow]

SHORTER = 900.0  # by what the rests of a line that is down are divided
HOUR = 3_600 / SHORTER  # seconds of these tests
ONE_MODE = pytest.mark.parametrize("mode", ["polling"], indirect=True)
SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PATIENCE = 30.0


@pytest.fixture
def outage_town(bot_town: Town) -> Town:
    """A town with a web server."""
    bot_town.port = bot_town.port or free_port()
    return bot_town


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until it is true, and give what it was."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)
    return found


def health(plan: Plan) -> dict[str, Any]:
    """What the house says of its bots, to this machine."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{plan.port}/healthz", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer).get("bots", {})
            return found
    except urllib.error.URLError:
        return {}


def until_state(plan: Plan, channel: str, line: str, wanted: tuple[str, str | None]) -> None:
    """Wait until the house's health says (state, error) of one line of a bot."""

    def said() -> bool:
        found = health(plan).get(channel, {}).get(line, {})
        return (found.get("state"), found.get("error")) == wanted

    until(said)


def talks_on_the_web(plan: Plan) -> None:
    """Somebody writes on the page, and is answered."""
    url = f"http://127.0.0.1:{plan.port}"
    keeper = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    keeper.open(url, timeout=5).read()
    body = json.dumps({"id": "m1", "text": "我想办低保"}).encode()
    headers = {"X-Nuanxin": "1", "Content-Type": "application/json"}
    sent = urllib.request.Request(f"{url}/chat/messages", body, headers)
    assert keeper.open(sent, timeout=5).status == 202

    def answered() -> bool:
        found = json.load(keeper.open(f"{url}/chat/history?after=0", timeout=5))
        return any(entry["from"] == "bot" for entry in found)

    until(answered)


def heard(person: Person, beginning: str) -> list[str]:
    """What the person was sent, of the texts that begin so."""
    return [
        each.text for each in person.chat() if not each.mine and each.text.startswith(beginning)
    ]


def events(town: Town, plan: Plan, channel: str) -> Counter[tuple[str, str]]:
    """How often each change of a bot's lines was logged: (event, code)."""
    return Counter(
        (line["event"], str(line.get("code") or line.get("error")))
        for line in town.log(plan.life)
        if line.get("channel") == channel
        and line["event"].split(".")[1] in ("down", "up", "up_again")
    )


def once(error: str) -> dict[tuple[str, str], int]:
    """Each line of the residents' bot is said to be down once, and up again once."""
    changes = ("telegram.down", "telegram.up_again", "delivery.down", "delivery.up")
    return {(change, error): 1 for change in changes}


def residents(town: Town, count: int) -> list[Person]:
    """People who have opened the bot; the house has greeted them."""
    found = [town.api.person(f"居民{number}") for number in range(count)]
    for person in found:
        person.opens(town.bots[0])
    return found


TEXTS = [f"信{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("how", ["refused", "reset"])
@ONE_MODE
@SQLITE
def test_telegram_is_away_for_an_hour(outage_town: Town, how: Any) -> None:
    town, api = outage_town, outage_town.api
    people = residents(town, 5)
    with town.serving(shorter=SHORTER) as plan:
        for person in people:
            person.waits_for(lambda shown: True, PATIENCE)
        api.goes_down(how)
        began = time.monotonic()
        for number in range(1, 6):
            for person in people:
                person.types(f"第{number}句")
        with town.database() as database:
            letters.write(database, town.bots[0], people, TEXTS)
        for channel in ("telegram", "telegram_staff"):
            until_state(plan, channel, "poll", ("down", "unreachable"))
        until_state(plan, "telegram", "send", ("down", "unreachable"))
        talks_on_the_web(plan)
        time.sleep(max(0.0, began + HOUR - time.monotonic()))
        talks_on_the_web(plan)
        assert not any(heard(person, "信") for person in people)
        api.comes_back()
        back = time.monotonic()
        until(lambda: all(heard(person, "信") == TEXTS for person in people))
        until(lambda: not town.bots[0].pending)
        late = time.monotonic() - back
        for line in ("poll", "send"):
            until_state(plan, "telegram", line, ("ok", None))
    print(f"away ({how}): an hour in {HOUR:.0f} s, all delivered {late:.1f} s after it")
    assert events(town, plan, "telegram") == once("unreachable")
    _all_came(town, people)


@ONE_MODE
@SQLITE
def test_a_wrong_token_is_put_right(outage_town: Town) -> None:
    town, api = outage_town, outage_town.api
    people = residents(town, 3)
    bot = api.world.bots.pop(town.bots[0].token)
    for person in people:
        for number in range(1, 4):
            person.types(f"第{number}句")
    with town.database() as database:
        letters.write(database, town.bots[0], people, TEXTS)
    with town.serving(shorter=SHORTER) as plan:
        until_state(plan, "telegram", "poll", ("down", "bad_token"))
        until_state(plan, "telegram", "send", ("down", "bad_token"))
        until_state(plan, "telegram_staff", "poll", ("ok", None))
        talks_on_the_web(plan)
        time.sleep(1.0)
        api.world.bots[bot.token] = bot
        until(lambda: all(heard(person, "信") == TEXTS for person in people))
        until(lambda: not bot.pending)
        until_state(plan, "telegram", "poll", ("ok", None))
    assert events(town, plan, "telegram") == once("bad_token")
    _all_came(town, people)


@ONE_MODE
@SQLITE
def test_somebody_else_polls_for_a_while(outage_town: Town) -> None:
    town = outage_town
    people = residents(town, 3)
    with town.serving(shorter=20.0) as plan:
        for person in people:
            person.waits_for(lambda shown: True, PATIENCE)
        end = threading.Event()
        other = threading.Thread(target=_polls, args=(town.api, town.bots[0].token, end))
        other.start()
        until_state(plan, "telegram", "poll", ("down", "second_poller"))
        talks_on_the_web(plan)
        for number in range(1, 4):
            for person in people:
                person.types(f"第{number}句")
        time.sleep(3.0)
        end.set()
        other.join()
        until(lambda: not town.bots[0].pending)
        until_state(plan, "telegram", "poll", ("ok", None))
    found = events(town, plan, "telegram")
    print("a second poller, 3 s:", dict(found))
    assert found == {
        ("telegram.down", "second_poller"): 1,
        ("telegram.up_again", "second_poller"): 1,
    }, "the log must not flicker"
    _all_came(town, people)


def _polls(api: BotApi, token: str, end: threading.Event) -> None:
    """Another program with the same token, that confirms nothing."""
    while not end.is_set():
        try:
            urllib.request.urlopen(f"{api.base}/bot{token}/getUpdates?timeout=2", timeout=5).read()
        except urllib.error.HTTPError:
            end.wait(0.1)


def _all_came(town: Town, people: list[Person]) -> None:
    """Everything that was written stands in the log once, in its order."""
    chats = [
        Chat(each.name, each, [str(shown.id) for shown in each.chat() if shown.mine])
        for each in people
    ]
    with town.database() as database:
        seen = look(database, town.api, town.bots, chats, None, town.lived)
    for name, chat in seen.chats.items():
        assert [*stored_once(name, chat), *in_their_order(name, chat)] == []
        assert [*answered_in_order(name, chat), *sent_once(chat, seen.lived)] == []
        assert [row.state for row in chat.talk.outbox if row.state != "sent"] == []
