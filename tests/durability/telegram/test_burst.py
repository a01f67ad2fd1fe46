"""Many write at once to the real process: everything is stored, handled, in order, none lost; and
a danger message in the middle has its script within two seconds.

BURST=10000 (in BURST_SECONDS=60, from 500 people) is the whole of it; the suite sends a part.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import conversations
from storage.database import Database
from storage.keys import Keyring
from tests.botapi import Bot, BotApi, Person
from tests.durability.checks import no_gap
from tests.durability.telegram.checks import in_their_order, sent_once, stored_once
from tests.durability.telegram.crowd import Chat
from tests.durability.telegram.plan import SECRET
from tests.durability.telegram.seen import Lived, look
from tests.journeys.live_house import LiveHouse
from tests.ports import free_port

pytestmark = [pytest.mark.alone, pytest.mark.load, pytest.mark.slow]

EACH = 20  # messages of one person in a minute: as many as are no flood
MESSAGES = {
    "polling": int(os.environ.get("BURST", "1000")),
    "webhook": int(os.environ.get("BURST", "1500")) // 5,
}
SECONDS = float(os.environ.get("BURST_SECONDS", "7"))
SCRIPT_SECONDS = 2.0
LATE_SECONDS = 60.0  # after the last message was sent everything is handled
DANGER, SCRIPT = "我爸摔了一跤叫不应了", "120"


@pytest.fixture
def paced_api() -> Iterator[BotApi]:
    """A Bot API with Telegram's limits, and pauses of a webhook as long as Telegram's."""
    with BotApi(retry_unit=1.0) as api:
        yield api
        assert not api.wrong


def house(folder: Path, url: str, keyring: Keyring, api: BotApi, mode: str) -> LiveHouse:
    """A house with both bots, as `make run` starts it."""
    port = free_port() if mode == "webhook" else 0
    environ = {
        "NUANXIN_DATABASE_URL": url,
        "NUANXIN_KEY": keyring.text(),
        "NUANXIN_TELEGRAM_RESIDENT_TOKEN": api.bot("residents").token,
        "NUANXIN_TELEGRAM_STAFF_TOKEN": api.bot("staff").token,
        "NUANXIN_TELEGRAM_API_BASE": api.base,
        "NUANXIN_TELEGRAM_MODE": mode,
    }
    if mode == "webhook":
        environ["NUANXIN_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        environ["NUANXIN_TELEGRAM_SECRET"] = SECRET
    return LiveHouse(folder, environ=environ, port=port)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_burst_is_stored_handled_and_in_order(
    tmp_path: Path, database_url: str, keyring: Keyring, paced_api: BotApi, mode: str
) -> None:
    api, messages = paced_api, MESSAGES[mode]
    live = house(tmp_path, database_url, keyring, api, mode)
    residents, staff = api.world.bots.values()
    chats = _people(api, residents, messages)
    begun = time.monotonic()
    live.start()
    database = Database(database_url, keyring.vault())
    try:
        started = time.monotonic()
        told, sent = _write(chats, messages)
        ended = time.monotonic()
        while database.read_blocking(conversations.pending_total) or residents.pending:
            assert time.monotonic() < ended + LATE_SECONDS, "the house is late"
            time.sleep(0.1)
        handled = time.monotonic() - ended
        in_danger = told.waits_for(SCRIPT, 30.0)
        took = in_danger.at - sent
    finally:
        live.stop()
        lived = [Lived(begun, time.monotonic(), killed=False)]
        seen = look(database, api, (residents, staff), chats, None, lived)
        database.close_blocking()
    said = sum(len(chat.said) for chat in seen.chats.values()) - len(chats)
    print(
        f"a burst, {mode}: {said} messages of {len(chats)} people in {ended - started:.0f} s,"
        f" all stored and handled {handled:.1f} s after the last; danger was answered"
        f" after {took:.2f} s"
    )
    for name, chat in seen.chats.items():
        wrong = [*stored_once(name, chat), *in_their_order(name, chat), *no_gap(name, chat.talk)]
        assert [*wrong, *sent_once(chat, lived)] == []
    assert said == messages
    assert took <= SCRIPT_SECONDS
    # safety sentences do not rest; who goes on writing at once in danger may get a fourth of them
    refused = [call for call in api.journal.calls(status=429) if call.chat != told.id]
    assert [str(call) for call in refused] == []


def _people(api: BotApi, bot: Bot, messages: int) -> list[Chat]:
    """Who writes; all have opened the bot before."""
    count = messages // EACH if messages >= 5_000 else messages // 5
    found = [Chat(f"burst-telegram-{number}", api.person(f"{number}")) for number in range(count)]
    for chat in found:
        chat.said.append(str(chat.person.opens(bot).id))
    return found


def _write(chats: list[Chat], messages: int) -> tuple[Person, float]:
    """Everybody in turn, evenly; who wrote of danger in the middle, and when."""
    begun, sent = time.monotonic(), 0.0
    for number in range(messages):
        time.sleep(max(0.0, begun + number * SECONDS / messages - time.monotonic()))
        chat = chats[number % len(chats)]
        if number == messages // 2:
            sent = chat.types(DANGER).at
        else:
            chat.types(f"第{number // len(chats) + 1}句")
    return chats[messages // 2 % len(chats)].person, sent
