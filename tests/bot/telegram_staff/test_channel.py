"""The staff bot against a Bot API of our own: sending, editing, fetching, groups, refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot import sound
from bot.channels.base import FetchError, Pushing, SendError
from bot.channels.telegram.line import BotChannel
from bot.channels.telegram_staff import line
from tests.bot.telegram_staff.desks import Desk
from tests.bot.test_media import jpeg
from tests.bot.test_ogg import PACKET, recording
from tests.botapi.media import ogg, pdf

ROW = [{"label": "我来", "value": "cl:~abc"}]


def test_it_is_a_channel_that_pushes_and_a_bot(desk: Desk) -> None:
    assert isinstance(desk.channel, Pushing)
    checked: BotChannel = desk.channel
    assert checked.account == str(desk.bot.id)
    assert not checked.reads_danger
    assert (checked.pause("7"), checked.pause("-7")) == (1.0, 3.0)


async def test_a_card_is_sent_pressed_and_laid_out_anew(desk: Desk) -> None:
    (number,) = await desk.send(title="#231 <陈>", text="想进养老院", rows=[ROW])
    card = desk.li.waits_for("想进养老院")
    assert card.id == int(number)
    assert card.text == "#231 <陈>\n想进养老院"
    press = desk.li.presses("我来")
    raw = (await desk.updates())[-1]
    found = desk.channel.to_update(raw)
    assert found is not None
    assert (found.kind, found.choice, found.reply_to) == ("choice", "cl:~abc", number)
    await desk.channel.acknowledged(raw)
    assert press.answered() == ""
    assert await desk.send(title="#231 <陈>", text="李顾问接了", edit=number) == [number]
    assert desk.li.waits_for("李顾问接了").id == card.id
    assert await desk.send(title="#231 <陈>", text="李顾问接了", edit=number) == [number], (
        "the same"
    )


async def test_a_message_that_is_gone_needs_no_edit(desk: Desk) -> None:
    assert await desk.send(text="改好了", edit="999999") == ["999999"]


async def test_an_answer_hangs_on_what_it_answers_and_may_come_silently(desk: Desk) -> None:
    said = desk.li.types("231")
    await desk.send(text="找到了", reply_to=str(said.id), silent=True)
    call = desk.api.journal.calls("sendMessage")[-1]
    assert call.params["disable_notification"] in (True, "true")
    assert desk.li.waits_for("找到了").reply_to == said.id
    await desk.send(text="还在", reply_to="999999")
    assert desk.li.waits_for("还在").reply_to is None


async def test_a_browsers_recording_plays_as_a_voice_note(desk: Desk) -> None:
    webm = recording(*[PACKET] * 100)
    await desk.send(media=desk.keep(webm, "voice", "audio/webm", seconds=2.0), text="陈老伯")
    seen = desk.li.waits_for("陈老伯")
    assert seen.media is not None
    assert (seen.media.kind, seen.media.seconds) == ("voice", 2)
    assert sound.seconds(seen.media.data, "audio/ogg") == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize(
    ("data", "kind", "mime", "seen"),
    [
        (jpeg(), "photo", "image/jpeg", "photo"),
        (ogg(2), "voice", "audio/ogg", "voice"),
        (b"ID3\4" + b"\0" * 90, "voice", "audio/mpeg", "audio"),
        (b"#!AMR\n" + b"\x3c" * 90, "voice", "audio/amr", "document"),
        (recording(PACKET, codec=b"A_VORBIS"), "voice", "audio/webm", "document"),
        (pdf(), "document", "application/pdf", "document"),
    ],
    ids=["photo", "ogg", "mp3", "amr", "no opus", "pdf"],
)
async def test_files_go_as_what_they_are(
    desk: Desk, data: bytes, kind: str, mime: str, seen: str
) -> None:
    await desk.send(media=desk.keep(data, kind, mime), title="陈老伯", rows=[ROW])
    shown = desk.li.waits_for(lambda message: message.media is not None)
    assert shown.marks == (("bold", "陈老伯"),)
    assert shown.media is not None
    assert shown.media.kind == seen
    if mime != "audio/ogg":
        assert shown.media.data == data
    desk.li.presses("我来", message=shown)


async def test_a_file_that_is_not_there(desk: Desk) -> None:
    media = {"id": "b" * 32, "kind": "photo", "mime": "image/jpeg", "seconds": None, "name": None}
    with pytest.raises(SendError) as caught:
        await desk.send(media=media)
    assert (caught.value.code, caught.value.retryable) == ("media_lost", False)


async def test_a_picture_that_is_refused_goes_as_a_document(desk: Desk) -> None:
    desk.api.fault("sendPhoto", status=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    await desk.send(media=desk.keep(jpeg(), "photo", "image/jpeg"), text="看")
    shown = desk.li.waits_for("看")
    assert shown.media is not None
    assert shown.media.kind == "document"


async def test_a_file_is_fetched(desk: Desk) -> None:
    desk.li.speaks(ogg(3), 3)
    found = desk.channel.to_update((await desk.updates())[-1])
    assert found is not None
    assert found.media is not None
    assert found.media.source is not None
    assert await desk.channel.fetch(found.media.source, 1_000_000) == ogg(3)
    with pytest.raises(FetchError) as caught:
        await desk.channel.fetch(found.media.source, 100)
    assert (caught.value.code, caught.value.retryable) == ("too_big", False)
    desk.api.fault("download", status=404)
    with pytest.raises(FetchError) as caught:
        await desk.channel.fetch(found.media.source, 1_000_000)
    assert (caught.value.retryable, caught.value.everywhere) == (True, False)
    with desk.api.unreachable(), pytest.raises(FetchError) as caught:
        await desk.channel.fetch(found.media.source, 1_000_000)
    assert caught.value.everywhere


async def test_a_file_of_another_bot_cannot_be_had(desk: Desk) -> None:
    with pytest.raises(FetchError) as caught:
        await desk.channel.fetch("nothing-of-ours", 1_000_000)
    assert not caught.value.retryable


async def test_a_group_hears_its_cards_and_is_left(desk: Desk) -> None:
    group = desk.api.group("值班", [desk.li])
    group.add(desk.bot, desk.li)
    desk.li.types("/queue@staff_bot", to=group)
    desk.li.types("王阿婆家里没人", to=group)
    found = [desk.channel.to_update(raw) for raw in await desk.updates()]
    kept = [(one.kind, one.text) for one in found if one is not None and one.group]
    assert kept == [("back", ""), ("text", "/queue@staff_bot")]
    await desk.send(group.id, text="走了", ends=True)
    desk.li.waits_for("走了", to=group)
    assert desk.bot.id not in group.talk.bots
    await desk.send(group.id, what="nothing", ends=False)


async def test_a_group_that_moved_says_where(desk: Desk) -> None:
    group = desk.api.group("值班", [desk.li], kind="group")
    group.add(desk.bot, desk.li)
    moved = group.upgrade(desk.li)
    with pytest.raises(SendError) as caught:
        await desk.send(group.id, text="在吗")
    assert (caught.value.moved_to, caught.value.retryable) == (str(moved.id), True)


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "too fast": (
        {"status": 429, "retry_after": 7},
        {"code": "too_fast", "retryable": True, "retry_after": 7.0},
    ),
    "one call": ({"status": 502}, {"code": "server_error", "retryable": True}),
    "wrong token": ({"status": 401}, {"code": "bad_token", "everywhere": True}),
    "blocked": (
        {"status": 403, "description": "Forbidden: bot was blocked by the user"},
        {"code": "blocked", "gone": True, "retryable": False},
    ),
    "another poller": ({"status": 409}, {"code": "second_poller", "everywhere": True}),
    "a connection that ends": ({"how": "reset"}, {"code": "server_error", "retryable": True}),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_refusals(desk: Desk, name: str) -> None:
    fault, expected = REFUSED[name]
    desk.api.fault("sendMessage", **fault)
    with pytest.raises(SendError) as caught:
        await desk.send(text="好")
    assert {key: getattr(caught.value, key) for key in expected} == expected


async def test_an_answer_that_nobody_can_read_is_no_refusal_of_the_chat(desk: Desk) -> None:
    """It may have been done: it is sent again, and that is the one duplicate we cannot help."""
    desk.api.fault("sendMessage", "broken")
    with pytest.raises(SendError) as caught:
        await desk.send(text="好")
    assert (caught.value.retryable, caught.value.gone) == (True, False)


async def test_an_answer_in_new_words_still_says_which_message_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(data: Any, bot: Any = None) -> Any:
        raise KeyError("date")

    monkeypatch.setattr(line.RawBot, "send_message", _reading(cannot))
    (number,) = await desk.send(text="好")
    assert desk.li.waits_for("好").id == int(number)
    monkeypatch.setattr(line.RawBot, "send_message", _never_sent)
    with pytest.raises(TypeError):
        await desk.send(text="没送出")


def _reading(read: Callable[..., Any]) -> Callable[..., Any]:
    async def send_message(bot: line.RawBot, chat: int, text: str, **more: Any) -> Any:
        return read(await bot._post("sendMessage", {"chat_id": chat, "text": text}))

    return send_message


async def _never_sent(bot: line.RawBot, *args: Any, **more: Any) -> Any:
    raise TypeError("a fault of ours")


async def test_nobody_fetches_what_a_resident_links_to(desk: Desk) -> None:
    (number,) = await desk.send(text="看 https://example.org/you-read-it")
    await desk.send(text="看看 https://example.org/you-read-it", edit=number)
    for method in ("sendMessage", "editMessageText"):
        given = desk.api.journal.calls(method)[-1].params["link_preview_options"]
        assert "true" in str(given).lower()
        assert "is_disabled" in str(given)
