"""The staff bot's line: polling, the menu, silence, and a house that starts without Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Message, SendError
from bot.channels.telegram.line import ALLOWED
from bot.channels.telegram_staff import line
from handlers.staff_chat.parcels import body
from storage.crypto import Vault
from storage.files import MediaFiles
from tests.bot.telegram_staff.desks import Desk, staff_bot

AWAY = "http://127.0.0.1:1"


async def test_nothing_is_asked_of_telegram_before_the_first_call(
    vault: Vault, tmp_path: Path
) -> None:
    channel = staff_bot("42:abc", AWAY, MediaFiles(tmp_path / "media", vault), vault)
    with pytest.raises(SendError) as caught:
        await channel.line.me()
    assert (caught.value.code, caught.value.everywhere) == ("unreachable", True)
    message = Message("p1", "7", 2, body("text", text="好"))
    with pytest.raises(SendError) as caught:
        await channel.send(message, channel.parts(message)[0])
    assert caught.value.everywhere
    await channel.coming("7")
    await channel.acknowledged({"update_id": 1, "callback_query": {"id": "5"}})
    await channel.line.close()


async def test_telegram_comes_back(desk: Desk) -> None:
    with desk.api.unreachable(), pytest.raises(SendError):
        await desk.send(text="好")
    await desk.send(text="又好了")
    desk.li.waits_for("又好了")


async def test_silence_ends_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.api.fault("getMe", "silence", seconds=30)
    monkeypatch.setattr(line, "QUICK_SECONDS", 0.05)
    with pytest.raises(SendError) as caught:
        await desk.channel.line.me()
    assert caught.value.everywhere


async def test_who_it_is_and_its_menu(desk: Desk) -> None:
    me = await desk.channel.line.me()
    assert (me.id, me.username) == (desk.bot.id, desk.bot.username)
    await desk.channel.line.set_commands()
    call = desk.api.journal.calls("setMyCommands")[-1]
    assert "队列" in str(call.params["commands"])
    assert "all_private_chats" in str(call.params["scope"])


async def test_typing_is_shown(desk: Desk) -> None:
    await desk.channel.coming(str(desk.li.id))
    assert desk.li.typing() == ["typing"]


async def test_an_update_is_given_until_the_offset_moves(desk: Desk) -> None:
    desk.li.types("一")
    first = await desk.updates()
    assert first == await desk.updates()
    last = first[-1]["update_id"]
    assert await desk.updates(last + 1) == []


async def test_a_long_poll_ends_with_what_comes(desk: Desk) -> None:
    last = (await desk.updates())[-1]["update_id"]
    poll = asyncio.create_task(desk.channel.line.get_updates(last + 1, 20, ALLOWED))
    await asyncio.sleep(0.1)
    desk.li.types("来了")
    async with asyncio.timeout(10):
        (raw,) = await poll
    assert raw["message"]["text"] == "来了"


async def test_a_webhook_is_set_and_taken_away(desk: Desk) -> None:
    await desk.channel.line.set_webhook("http://127.0.0.1:1/telegram/staff", "secret_1", ALLOWED)
    with pytest.raises(SendError) as caught:
        await desk.updates()
    assert caught.value.code == "second_poller"
    desk.li.types("在吗")
    await desk.channel.line.delete_webhook()
    kept = await desk.updates()
    assert kept[-1]["message"]["text"] == "在吗", "what waits is not dropped"


def test_it_is_no_address(desk: Desk) -> None:
    message = Message("p1", "nobody", 2, body("text", text="好"))
    send: Callable[..., Any] = desk.channel.send
    with pytest.raises(SendError) as caught:
        asyncio.run(send(message, desk.channel.parts(message)[0]))
    assert caught.value.gone
