"""aiogram and python-telegram-bot, really used against the server."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.botapi import Bot, BotApi, Person, media
from tests.botapi.libraries import on_aiogram, on_telegram


async def test_aiogram_sends_edits_and_deletes(api: BotApi, bot: Bot, granny: Person) -> None:
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters

    hello = granny.types("在吗")
    async with on_aiogram(api, bot) as line:
        me = await line.get_me()
        assert (me.id, me.username) == (bot.id, bot.username)
        rows = [
            [InlineKeyboardButton(text="是", callback_data="s:1:yes")],
            [InlineKeyboardButton(text="电话", url="https://example.org/tel")],
        ]
        sent = await line.send_message(
            granny.id,
            "<b>您好</b> &lt;3",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=rows),
            reply_parameters=ReplyParameters(message_id=hello.id),
        )
        shown = granny.waits_for("您好")
        assert (shown.text, shown.marks) == ("您好 <3", (("bold", "您好"),))
        assert shown.labels == ("是", "电话")
        assert (shown.reply_to, shown.edited, shown.silent) == (hello.id, False, False)
        assert granny.presses("电话").url == "https://example.org/tel"
        await line.edit_message_text("您早", chat_id=granny.id, message_id=sent.message_id)
        shown = granny.waits_for("您早")
        assert (shown.id, shown.edited, shown.buttons) == (sent.message_id, True, ())
        await line.send_chat_action(granny.id, "typing")
        assert granny.typing() == ["typing"]
        await line.delete_message(granny.id, sent.message_id)
    assert [each.text for each in granny.chat()] == ["/start", "在吗"]


async def test_telegram_sends_edits_and_answers(api: BotApi, bot: Bot, granny: Person) -> None:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    async with on_telegram(api, bot) as line:
        assert line.bot.username == bot.username
        rows = [[InlineKeyboardButton("接", callback_data="claim:231")]]
        sent = await line.send_message(
            granny.id, "<b>#231</b>", "HTML", reply_markup=InlineKeyboardMarkup(rows),
            disable_notification=True,
        )  # fmt: skip
        assert sent.text_html == "<b>#231</b>"
        press = granny.presses("claim:231")
        updates = await line.get_updates(timeout=1)
        query = updates[-1].callback_query
        assert query is not None
        assert query.data == "claim:231"
        assert await query.answer("您接了")
        assert press.answered() == "您接了"
        await query.edit_message_reply_markup(None)
        shown = granny.chat()[-1]
        assert (shown.rows, shown.edited, shown.silent) == ((), False, True)
        await line.set_my_commands([("menu", "菜单")], language_code="zh")
        commands = await line.get_my_commands(language_code="zh")
        assert [each.description for each in commands] == ["菜单"]


async def test_both_upload_and_download(api: BotApi, bot: Bot, granny: Person) -> None:
    """aiogram says attach://name, python-telegram-bot names the part; files come back whole."""
    from aiogram.types import BufferedInputFile, InputMediaPhoto
    from telegram import InputMediaPhoto as TheirPhoto

    photo, voice = media.jpeg(1280, 960), media.ogg(3)
    async with on_aiogram(api, bot) as line:
        sent = await line.send_photo(granny.id, BufferedInputFile(photo, "a.jpg"), caption="看")
        assert sent.photo
        assert [each.width for each in sent.photo] == [90, 320, 1280]
        read = await line.download(sent.photo[-1])
        assert read is not None
        assert read.read() == photo
        small = await line.download(sent.photo[0])
        assert small is not None
        assert 0 < len(small.read()) < len(photo)
        await line.send_voice(granny.id, BufferedInputFile(voice, "a.ogg"), duration=3)
        await line.send_document(granny.id, BufferedInputFile(b"%PDF-", "纸.pdf"))
        album = [InputMediaPhoto(media=BufferedInputFile(media.jpeg(), f"{n}.jpg")) for n in "ab"]
        both = await line.send_media_group(granny.id, list(album))
        assert both[0].media_group_id == both[1].media_group_id
    staff = api.bot("staff")
    granny.opens(staff)
    async with on_telegram(api, staff) as other:
        sent_there = await other.send_voice(granny.id, voice, duration=3, filename="v.ogg")
        assert sent_there.voice
        file = await sent_there.voice.get_file()
        assert bytes(await file.download_as_bytearray()) == voice
        await other.send_photo(granny.id, photo, caption="看")
        await other.send_document(granny.id, b"%PDF-", filename="纸.pdf")
        await other.send_media_group(granny.id, [TheirPhoto(media.jpeg()), TheirPhoto(photo)])
        await other.send_photo(granny.id, (await other.send_photo(granny.id, photo)).photo[-1])
    for at, kinds in (
        (bot, ["photo", "voice", "document", "photo", "photo"]),
        (staff, ["voice", "photo", "document", "photo", "photo", "photo", "photo"]),
    ):
        shown = [each.media for each in granny.chat(at) if each.media is not None]
        assert [each.kind for each in shown] == kinds
        found = next(each for each in shown if each.kind == "voice")
        assert (found.data, found.seconds, found.mime) == (voice, 3, "audio/ogg")
        paper = next(each for each in shown if each.kind == "document")
        assert (paper.data, paper.name) == (b"%PDF-", "纸.pdf")


async def test_both_read_what_a_person_sends(api: BotApi, bot: Bot, granny: Person) -> None:
    staff = api.bot("staff")
    for at in (bot, staff):
        granny.opens(at, "abc")
        granny.speaks(media.ogg(4), 4)
        granny.place(31.23, 121.47, title="家", address="人民大道 1 号")
        granny.forwards("听说", "王医生")
    async with on_aiogram(api, bot) as line:
        updates = await line.get_updates()
        said = [each.message for each in updates if each.message is not None]
        assert [each.text for each in said[:2]] == ["/start", "/start abc"]
        assert said[2].voice is not None
        assert said[2].voice.duration == 4
        assert said[3].venue is not None
        assert said[3].venue.title == "家"
        assert said[4].forward_origin is not None
        assert said[4].from_user is not None
        assert said[4].from_user.language_code == "zh-hans"
    async with on_telegram(api, staff) as other:
        theirs = [each.message for each in await other.get_updates() if each.message is not None]
        assert theirs[0].text == "/start abc"
        assert theirs[1].voice is not None
        data = await (await theirs[1].voice.get_file()).download_as_bytearray()
        assert bytes(data) == media.ogg(4)


async def test_both_raise_what_telegram_says(
    api: BotApi, bot: Bot, granny: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else it warns whenever it is told to wait
    from aiogram import exceptions as theirs
    from telegram import error

    staff = api.bot("staff")
    granny.opens(staff)
    for at in (bot, staff):
        granny.blocks(at)
    group = api.group("群", [granny], kind="group")
    for at in (bot, staff):
        group.add(at, granny)
    moved = group.upgrade(granny)
    async with on_aiogram(api, bot) as line:
        with pytest.raises(theirs.TelegramForbiddenError, match="bot was blocked by the user"):
            await line.send_message(granny.id, "x")
        with pytest.raises(theirs.TelegramBadRequest, match="chat not found"):
            await line.send_message(5, "x")
        with pytest.raises(theirs.TelegramMigrateToChat) as caught:
            await line.send_message(group.id, "x")
        assert caught.value.migrate_to_chat_id == moved.id
        api.fault("sendMessage", status=429, retry_after=7)
        with pytest.raises(theirs.TelegramRetryAfter) as late:
            await line.send_message(moved.id, "x")
        assert late.value.retry_after == 7
        api.fault("sendMessage", status=502)
        with pytest.raises(theirs.TelegramServerError):
            await line.send_message(moved.id, "x")
        api.fault("sendMessage", "broken")
        with pytest.raises(theirs.ClientDecodeError):
            await line.send_message(moved.id, "x")
        api.fault("sendMessage", "reset")
        with pytest.raises(theirs.TelegramNetworkError):
            await line.send_message(moved.id, "x")
    async with on_telegram(api, staff) as other:
        with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
            await other.send_message(granny.id, "x")
        with pytest.raises(error.BadRequest, match="hat not found"):
            await other.send_message(5, "x")
        with pytest.raises(error.ChatMigrated) as gone:
            await other.send_message(group.id, "x")
        assert gone.value.new_chat_id == moved.id
        api.fault("sendMessage", status=429, retry_after=7)
        with pytest.raises(error.RetryAfter) as soon:
            await other.send_message(moved.id, "x")
        assert soon.value.retry_after == timedelta(seconds=7)
        for how in ("lost", "reset"):
            api.fault("sendMessage", how)
            with pytest.raises(error.NetworkError):
                await other.send_message(moved.id, how)
    assert [each.text for each in granny.chat(moved) if each.text] == ["x", "lost"]


async def test_a_wrong_token_is_no_network_trouble(api: BotApi, bot: Bot) -> None:
    from aiogram.exceptions import TelegramUnauthorizedError
    from telegram.error import InvalidToken

    wrong = Bot(bot.user, bot.token[:-3] + "xyz")
    async with on_aiogram(api, wrong) as line:
        with pytest.raises(TelegramUnauthorizedError):
            await line.get_me()
    with pytest.raises(InvalidToken):
        async with on_telegram(api, wrong):
            pass


async def test_a_second_poller_ends_the_first(api: BotApi, bot: Bot, granny: Person) -> None:
    from aiogram.exceptions import TelegramConflictError
    from telegram.error import Conflict

    async with on_aiogram(api, bot) as first, on_telegram(api, bot) as second:
        await first.get_updates(offset=-1)
        offset = next(reversed(bot.pending)) + 1
        waiting = asyncio.create_task(first.get_updates(offset=offset, timeout=20))
        await asyncio.to_thread(_polls, bot, api)
        other = asyncio.create_task(second.get_updates(offset=offset, timeout=20))
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
            await waiting
        granny.types("在吗")
        (update,) = await other
        assert update.message is not None
        assert update.message.text == "在吗"
        await second.set_webhook("http://127.0.0.1:9/hook")
        with pytest.raises(Conflict, match="webhook is active"):
            await second.get_updates()
        await second.delete_webhook()


def _polls(bot: Bot, api: BotApi) -> None:
    """Waits until the bot's long poll hangs."""
    line = api.server.lines[bot.id]
    with api.world.lock:
        assert api.world.changed.wait_for(lambda: line.polled, 5)
