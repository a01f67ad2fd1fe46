"""The residents' bot at a Bot API: what it sends and fetches, and what it makes of refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import FetchError, Message, Pushing, SendError
from bot.channels.telegram.line import ALLOWED, BotChannel, Marking
from bot.channels.telegram_residents.channel import Residents
from bot.house import PHRASES
from dialogs.wording import Phrases
from storage.crypto import Vault
from storage.files import MediaFiles
from tests.botapi import BotApi, Person, Shown, media
from tests.botapi.world import Bot

WORDS = Phrases.load(PHRASES)
MEDIA = "a" * 32
QUESTION = {
    "kind": "message", "from": "bot", "text": "您几岁 <了>?", "tone": "question",
    "choices": [{"label": "80 以上", "value": "s:1:a"}],
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, vault: Vault) -> MediaFiles:
    return MediaFiles(tmp_path / "media", vault)


@pytest.fixture
async def channel(
    botapi: BotApi, resident_bot: Bot, files: MediaFiles, vault: Vault
) -> AsyncIterator[Residents]:
    made = Residents(resident_bot.token, botapi.base, WORDS, files, vault.index)
    yield made
    await made.line.close()


@pytest.fixture
def granny(botapi: BotApi, resident_bot: Bot) -> Person:
    found = botapi.person("李阿婆")
    found.opens(resident_bot)
    return found


async def send(channel: Residents, chat: int | str, **body: Any) -> list[str | None]:
    message = Message("1", str(chat), 2, {"kind": "message", "from": "bot", "text": "", **body})
    return [await channel.send(message, part) for part in channel.parts(message)]


async def raws(channel: Residents, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while len(found) < count:
        offset = found[-1]["update_id"] + 1 if found else None
        allowed = ("message", "callback_query", "my_chat_member")
        found += await channel.line.get_updates(offset, 5, allowed)
    return found


async def refused(channel: Residents, chat: int | str, **body: Any) -> SendError:
    with pytest.raises(SendError) as error:
        await send(channel, chat, **body)
    return error.value


def test_it_is_what_the_house_asks_of_a_bot(channel: Residents) -> None:
    pushing: Pushing = channel
    bot: BotChannel = channel
    assert isinstance(channel, Pushing)
    assert isinstance(channel, Marking)
    assert (pushing.name, bot.reads_danger) == ("telegram", True)
    assert channel.pause("6000") == 1.0
    assert channel.pause("-100") == 3.0
    assert channel.abilities.a_second == 30.0


async def test_a_question_with_its_buttons_arrives_as_written(
    channel: Residents, granny: Person
) -> None:
    [number] = await send(channel, granny.id, **QUESTION)
    shown = granny.waits_for("您几岁 <了>?")
    assert str(shown.id) == number
    assert [each.data for each in shown.buttons] == ["s:1:a", "cmd:back", "cmd:human"]


async def test_nobody_fetches_what_somebody_linked_to(
    channel: Residents, granny: Person, botapi: BotApi
) -> None:
    await send(channel, granny.id, text="看 https://example.org/a")
    (call,) = botapi.journal.calls("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_a_press_takes_the_keyboard_away_and_claims_nothing(
    channel: Residents, granny: Person
) -> None:
    """Whether it was an answer is known only when it was handled: the next message says it."""
    await send(channel, granny.id, **QUESTION)
    press = granny.presses("80 以上")
    [_, raw] = await raws(channel, 2)
    await channel.acknowledged(raw)
    assert press.answered() == "收到了", "that it is stored is said at once"
    shown = granny.waits_for(lambda each: each.text == "您几岁 <了>?" and not each.buttons)
    assert "✓" not in shown.text
    await channel.acknowledged(raw)  # again: "not modified" is as good as done


async def test_a_press_under_what_telegram_gives_out_no_more_is_heard_too(
    channel: Residents, granny: Person, botapi: BotApi
) -> None:
    await send(channel, granny.id, **QUESTION)
    press = granny.presses("80 以上", old=True)
    [_, raw] = await raws(channel, 2)
    await channel.acknowledged(raw)
    assert press.answered() == "收到了"
    assert botapi.journal.calls("editMessageReplyMarkup") == []


async def test_what_was_seen_is_marked_by_the_press_itself(
    channel: Residents, granny: Person
) -> None:
    await send(
        channel, granny.id, **{**QUESTION, "choices": [{"label": "看到了", "value": "seen:7"}]}
    )
    granny.presses("看到了")
    [_, raw] = await raws(channel, 2)
    await channel.acknowledged(raw)
    assert granny.waits_for("✓ 看到了").buttons == ()


async def test_a_mark_waits_for_nobody(channel: Residents, granny: Person, botapi: BotApi) -> None:
    channel.may_edit = lambda: False
    await send(channel, granny.id, **QUESTION)
    press = granny.presses("80 以上")
    [_, raw] = await raws(channel, 2)
    press.expires()
    await channel.acknowledged(raw)  # "query is too old" is as good as done
    assert botapi.journal.calls("editMessageText") == []
    botapi.fault(None, "error", times=2)
    await channel.acknowledged(raw)


@pytest.mark.parametrize(
    ("kind", "mime", "made", "shown"),
    [
        ("voice", "audio/ogg", media.ogg(), "voice"),
        ("photo", "image/jpeg", media.jpeg(), "photo"),
        ("document", "application/pdf", media.pdf(), "document"),
    ],
)
async def test_a_kept_file_goes_out_and_comes_in_the_same(
    channel: Residents, granny: Person, files: MediaFiles, kind: str, mime: str, made: bytes,
    shown: str,
) -> None:  # fmt: skip
    files.write(MEDIA, made)
    fact = {"id": MEDIA, "kind": kind, "mime": mime, "seconds": 2.0, "name": None}
    await send(channel, granny.id, **{"from": "advisor", "name": "李顾问", "media": fact})
    found = granny.waits_for(lambda each: each.media is not None)
    assert found.media is not None
    assert (found.media.kind, found.text) == (shown, "李顾问:")
    granny.document(made)
    update = channel.to_update((await raws(channel, 2))[-1])
    assert update is not None
    assert update.media is not None
    assert update.media.source is not None
    assert await channel.fetch(update.media.source, len(made)) == made
    with pytest.raises(FetchError) as error:
        await channel.fetch(update.media.source, len(made) - 1)
    assert (error.value.code, error.value.retryable) == ("too_big", False)


async def test_a_file_that_is_not_there_says_so(channel: Residents, granny: Person) -> None:
    fact = {"id": MEDIA, "kind": "photo", "mime": "image/jpeg", "seconds": None, "name": None}
    assert (await refused(channel, granny.id, media=fact)).code == "media_lost"


async def test_a_photo_that_telegram_cannot_read_goes_as_a_document(
    channel: Residents, granny: Person, files: MediaFiles, botapi: BotApi
) -> None:
    files.write(MEDIA, media.jpeg())
    botapi.fault(
        "sendPhoto", "error", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS"
    )
    fact = {"id": MEDIA, "kind": "photo", "mime": "image/jpeg", "seconds": None, "name": None}
    await send(channel, granny.id, media=fact)
    found = granny.waits_for(lambda each: each.media is not None)
    assert found.media is not None
    assert found.media.kind == "document"


async def test_who_cannot_be_reached_any_more_is_gone(
    channel: Residents, granny: Person, resident_bot: Bot
) -> None:
    assert (await refused(channel, 99, text="您好")).gone
    assert (await refused(channel, "nobody", text="您好")).gone
    granny.blocks(resident_bot)
    error = await refused(channel, granny.id, text="您好")
    assert (error.code, error.gone) == ("blocked", True)


async def test_a_broken_answer_to_what_was_done_is_told_from_an_outage(
    channel: Residents, granny: Person, botapi: BotApi
) -> None:
    botapi.fault("sendMessage", "error", status=502, description="Bad Gateway")
    alone = await refused(channel, granny.id, text="您好")
    assert (alone.code, alone.everywhere, alone.retryable) == ("server_error", False, True)
    botapi.fault("sendMessage", "error", status=429, retry_after=7)
    slow = await refused(channel, granny.id, text="您好")
    assert (slow.retry_after, slow.everywhere) == (7, False)
    with botapi.unreachable():
        away = await refused(channel, granny.id, text="您好")
    assert (away.code, away.everywhere) == ("unreachable", True)
    await send(channel, granny.id, text="又通了")
    granny.waits_for("又通了")


async def test_a_wrong_token_is_nobodys_message(
    botapi: BotApi, files: MediaFiles, vault: Vault, granny: Person
) -> None:
    wrong = Residents("7:" + "x" * 35, botapi.base, WORDS, files, vault.index)
    error = await refused(wrong, granny.id, text="您好")
    assert (error.code, error.everywhere) == ("bad_token", True)
    await wrong.line.close()


async def test_typing_is_seen_and_never_fails(
    channel: Residents, granny: Person, botapi: BotApi
) -> None:
    await channel.coming(str(granny.id))
    assert granny.typing() == ["typing"]
    with botapi.unreachable():
        await channel.coming(str(granny.id))
    await channel.coming("nobody")


async def test_the_menu_is_in_the_houses_words(channel: Residents, resident_bot: Bot) -> None:
    me = await channel.line.me()
    assert (me.id, me.username) == (resident_bot.id, resident_bot.username)
    await channel.line.set_commands()
    [kept] = [value for key, value in resident_bot.settings.items() if key.startswith("commands")]
    menu = {each["command"]: each["description"] for each in kept}
    assert list(menu) == ["menu", "human", "where", "back", "help"]
    assert menu["where"] == "办到哪了"


async def test_in_a_group_the_bot_says_where_it_works_and_leaves(
    channel: Residents, botapi: BotApi, resident_bot: Bot, granny: Person
) -> None:
    group = botapi.group("302 号楼", [granny])
    group.add(resident_bot, granny)
    found = await raws(channel, 2)
    for raw in found[1:]:
        assert channel.to_update(raw) is None
        await channel.acknowledged(raw)
    shown: Shown = granny.waits_for("单独", to=group)
    assert shown.text == WORDS.say("telegram.group")
    assert resident_bot.id not in group.talk.bots
    for raw in await raws(channel, 3):
        await channel.acknowledged(raw)
    assert len(botapi.journal.calls("leaveChat")) == 1
    group.add(resident_bot, granny)  # a moment later, once more
    again = (await raws(channel, 5))[3:]
    for raw in again:
        await channel.acknowledged(raw)
    assert resident_bot.id not in group.talk.bots
    assert len(botapi.journal.calls("leaveChat")) == 2


async def test_what_waits_is_kept_when_a_webhook_is_set_or_taken_away(
    channel: Residents, granny: Person, resident_bot: Bot
) -> None:
    await channel.line.set_webhook("http://127.0.0.1:9/hook", "secret", ALLOWED)
    granny.types("我想找养老院")
    assert resident_bot.allowed == frozenset(ALLOWED)
    await channel.line.delete_webhook()
    found = await channel.line.get_updates(None, 0, ("message",))
    assert [raw["message"]["text"] for raw in found] == ["/start", "我想找养老院"]
    assert resident_bot.allowed == {"message"}


async def test_a_long_poll_ends_with_its_task(channel: Residents, granny: Person) -> None:
    await raws(channel, 1)
    waiting = asyncio.create_task(channel.line.get_updates(10**9, 20, ("message",)))
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
