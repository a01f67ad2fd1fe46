"""Trouble of ours is a 503 that says when to come again; the same id then makes one message."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from bot.channels.web import cookies
from bot.settings import Settings
from handlers.ports import InboxFull
from handlers.receive import receive as real
from storage.database import (
    CommitUnknown,
    StorageBusy,
    StorageFull,
    StorageUnavailable,
)
from tests.bot.running import Running, running

RECEIVE = "bot.channels.web.resident.receive"
TROUBLES = [
    StorageFull("full"),
    StorageBusy("busy"),
    StorageUnavailable("gone"),
    CommitUnknown("who knows"),
    InboxFull(),
    OSError(errno.ENOSPC, "no space"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: type(each).__name__)
async def test_trouble_is_a_503_and_nothing_is_lost(
    house: Running, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    page = await house.resident()

    def receive(*args: Any) -> bool:
        raise trouble

    monkeypatch.setattr(RECEIVE, receive)
    refused = await page.say("想进养老院", "a")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["say"].endswith("。")
    monkeypatch.setattr(RECEIVE, real)
    assert (await page.say("想进养老院", "a")).status_code == 202
    log = await page.until(lambda log: len(log) >= 3)
    assert sum(entry["from"] == "me" for entry in log) == 1


async def test_a_fault_of_ours_is_said_kindly_and_tells_nothing(
    house: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = await house.resident()

    def receive(*args: Any) -> bool:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(RECEIVE, receive)
    answer = await page.say("想进养老院")
    assert (answer.status_code, answer.json()["error"]) == (500, "server")
    assert answer.json()["say"].endswith("。")
    assert "secret" not in answer.text
    assert "想进养老院" not in caplog.text


async def test_by_https_cookies_go_no_other_way(settings: Settings) -> None:
    env = settings.env.model_copy(update={"public_url": "https://nuanxin.example"})
    async with running(settings.model_copy(update={"env": env})) as house:
        answer = await house.client().get("/")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"]
        assert cookies.DEVICE in answer.headers["set-cookie"]
