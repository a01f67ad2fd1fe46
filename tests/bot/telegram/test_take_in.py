"""Updates are stored before they are confirmed, each by itself, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.backlog import Backlog
from bot.channels.telegram import take_in as module
from bot.channels.telegram.take_in import TRIES, TakeIn
from bot.house import build_house
from bot.settings import load
from dialogs.meaning import danger
from handlers.ports import House
from storage import failpoints, inbox
from storage.database import Database, StorageUnavailable
from storage.inbox import Stored
from tests.bot.telegram.fakes import FakeBot, FakeLine, text

CHAT = 6001
Taking = Callable[..., TakeIn]


@pytest.fixture(scope="module")
def house() -> House:
    made, _ = build_house(load(Path("config.yml"), {}), date(2026, 11, 25))
    return made


@pytest.fixture
def bot(database: Database) -> FakeBot:
    return FakeBot(database.vault.index, FakeLine())


@pytest.fixture
def taking(database: Database, house: House, bot: FakeBot) -> Taking:
    def make(house: House = house, **more: Any) -> TakeIn:
        given = {"now": database.clock.now, "unknown": bot.identity.unknown, **more}
        return TakeIn(database, bot, house, Backlog(database), **given)

    return make


def kept(database: Database, bot: FakeBot, external_id: str, chat: int = CHAT) -> Stored | None:
    sender = bot.identity.sender(chat)
    return database.read_blocking(inbox.find, bot.name, bot.account, sender, external_id)


async def test_a_batch_is_stored_and_then_acknowledged(
    database: Database, bot: FakeBot, taking: Taking
) -> None:
    taken = taking()
    raws = [text(1, "您好"), text(2, "再见"), text(3, "别的人", chat=6002)]
    assert await taken.take(raws) == []
    await taken.stop()
    assert [kept(database, bot, number) is not None for number in ("1", "2", "3")] == [
        True, True, False
    ]  # fmt: skip
    first, second = kept(database, bot, "1"), kept(database, bot, "2")
    assert first is not None
    assert second is not None
    assert first.id < second.id
    assert first.conversation_id == second.conversation_id
    assert kept(database, bot, "3", chat=6002) is not None
    assert sorted(raw["update_id"] for raw in bot.acknowledgements) == [1, 2, 3]
    assert taken.taken == 3


async def test_what_comes_again_is_known_whatever_it_says_now(
    database: Database, bot: FakeBot, taking: Taking
) -> None:
    taken = taking()
    for words in ("您好", "您好", "别的话"):
        assert await taken.take([text(1, words)]) == []
    stored = kept(database, bot, "1")
    assert stored is not None
    assert stored.body["text"] == "您好"
    assert taken.taken == 1


@pytest.mark.parametrize("reads", [True, False])
async def test_danger_is_read_in_residents_words_and_not_in_staffs(
    database: Database, taking: Taking, bot: FakeBot, reads: bool
) -> None:
    bot.reads_danger = reads
    long = "今天天气不错。" * 500 + "我不想活了"
    assert await taking().take([text(1, "我不想活了"), text(2, long)]) == []
    for number in ("1", "2"):
        stored = kept(database, bot, number)
        assert stored is not None
        assert bool(stored.danger) is reads


async def test_what_cannot_be_read_is_kept_as_unknown_and_stops_nothing(
    database: Database, bot: FakeBot, taking: Taking
) -> None:
    nonsense: Any = [{"update_id": 3}, 5, {"update_id": 4, "message": 7}]
    assert await taking().take([text(1, "poison"), *nonsense, text(2, "您好")]) == []
    stored = kept(database, bot, "u1")
    assert stored is not None
    assert stored.body["kind"] == "unknown"
    assert kept(database, bot, "2") is not None


async def test_what_fails_by_itself_is_tried_then_kept_without_its_words(
    database: Database, bot: FakeBot, taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = vars(module)["receive"]

    def broken(db: Any, update: Any, *given: Any) -> bool:
        if update.text == "boom":
            raise LookupError("a bug")
        return bool(receive(db, update, *given))

    monkeypatch.setattr(module, "receive", broken)
    taken, raws = taking(), [text(1, "boom"), text(2, "后面的"), text(3, "别的", chat=6002)]
    for _ in range(TRIES - 1):
        assert await taken.take(raws) == raws[:2]  # its chat waits, others go on
    assert await taken.take(raws) == []
    assert kept(database, bot, "1") is None
    assert kept(database, bot, "u1") is not None
    assert kept(database, bot, "2") is not None


async def test_without_the_database_nothing_is_confirmed_or_acknowledged(
    bot: FakeBot, taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> bool:
        raise StorageUnavailable("gone")

    taken, raws = taking(), [text(1, "您好"), text(2, "在吗")]
    with monkeypatch.context() as patched:
        patched.setattr(module, "receive", down)
        for _ in range(2 * TRIES):
            assert await taken.take(raws) == raws
    assert bot.acknowledgements == []
    assert await taken.take(raws) == []


async def test_a_full_disk_and_a_full_inbox_take_nothing_but_danger(
    database: Database, bot: FakeBot, taking: Taking, house: House
) -> None:
    raws = [text(1, "您好")]
    assert await taking(has_room=lambda: False).take(raws) == raws
    assert await taking(has_room=lambda: False).take([text(3, "我不想活了", chat=6009)]) == []
    full = replace(house, office=replace(house.office, inbox_limit=0))
    assert await taking(full).take(raws) == raws
    assert await taking(full).take([text(2, "我不想活了")]) == []
    assert kept(database, bot, "1") is None


async def test_no_more_is_read_than_telegram_lets_anybody_write(
    database: Database, bot: FakeBot, taking: Taking, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def find(said: str) -> tuple[str, ...]:
        read.append(len(said))
        return ()

    monkeypatch.setattr(danger, "find", find)
    assert await taking().take([text(1, "我不想活了" * 200_000)]) == []
    assert read == [4_096]
    stored = kept(database, bot, "1")
    assert stored is not None
    assert len(stored.body["text"]) == 1_000_000, "and all of it is kept"


async def test_the_commit_comes_before_the_confirmation(
    database: Database, bot: FakeBot, taking: Taking
) -> None:
    seen: list[tuple[str, bool]] = []

    def look() -> None:
        seen.append(("after", kept(database, bot, "1") is not None))

    failpoints.arm("intake.after_commit", look)
    try:
        await taking().take([text(1, "您好")])
    finally:
        failpoints.disarm()
    assert seen == [("after", True)]


async def test_one_chat_is_taken_in_by_turns_even_by_several_webhooks(
    database: Database, bot: FakeBot, taking: Taking
) -> None:
    taken = taking()
    done = await asyncio.gather(*(taken.take([text(each, f"第{each}")]) for each in range(1, 21)))
    assert not any(done)
    ids = []
    for number in range(1, 21):
        stored = kept(database, bot, str(number))
        assert stored is not None
        ids.append(stored.id)
    assert ids == sorted(ids)


async def test_trouble_with_an_acknowledgement_is_nobodys_trouble(
    bot: FakeBot, taking: Taking
) -> None:
    bot.trouble = RuntimeError("no answer")
    taken = taking()
    assert await taken.take([text(1, "您好")]) == []
    await taken.stop()
    assert len(bot.acknowledgements) == 1
