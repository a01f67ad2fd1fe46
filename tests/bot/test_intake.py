"""The workers: what fails is tried again and parked, and nothing else waits for it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.intake import Intake
from bot.log import where
from bot.settings import Settings
from dialogs.meaning.reading import Reading
from handlers import inbound
from handlers.ports import STAFF_CHANNEL
from storage.errors import StorageBusy
from storage.inbox import Stored
from tests.bot.running import PATIENCE, Running, Words, running
from tests.handlers.street import MORNING


class Failing(Words):
    """A reader that raises at one word and dawdles at another."""

    def read(self, text: str) -> Reading:
        if "炸" in text:
            raise RuntimeError(text)
        if "慢" in text:
            time.sleep(0.3)
        return super().read(text)


async def test_without_the_reader_danger_is_still_heard(both_settings: Settings) -> None:
    async with running(both_settings, reader=Failing()) as house:
        page = await house.resident()
        await page.say("炸!我不想活了")
        log = await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
        assert log[0]["text"] == "炸!我不想活了"


@pytest.mark.alone
async def test_a_slow_reading_holds_up_no_other_conversation(settings: Settings) -> None:
    async with running(settings, reader=Failing()) as house:
        slow, quick = await house.resident(), await house.resident()
        for number in range(4):
            await slow.say(f"慢{number}")
        began = time.monotonic()
        await quick.say("想进养老院")
        await quick.until(lambda log: len(log) >= 3)
        assert time.monotonic() - began < 1.2
        log = await slow.until(lambda log: sum(entry["from"] == "me" for entry in log) == 4)
        assert [e["text"] for e in log if e["from"] == "me"] == [f"慢{n}" for n in range(4)]


@pytest.mark.alone
async def test_what_fails_three_times_is_parked_shown_and_the_talk_goes_on(
    both: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle, tries = inbound.handle, 0

    def breaking(db: Any, stored: Any, *rest: Any) -> Any:
        nonlocal tries
        if "碎" in str(stored.body.get("text")):
            tries += 1
            raise ZeroDivisionError("secret words")
        return handle(db, stored, *rest)

    monkeypatch.setattr(inbound, "handle", breaking)
    desk = await both.staff("李顾问")
    page, other = await both.resident(), await both.resident()
    for text in ("碎了", "想进养老院"):
        await page.say(text)
    began = time.monotonic()
    await other.say("想进养老院")
    await other.until(lambda log: len(log) >= 3)
    assert time.monotonic() - began < PATIENCE / 2
    log = await page.until(lambda log: any(entry["tone"] == "question" for entry in log))
    assert tries == 3
    assert [entry["text"] for entry in log if entry["from"] == "me"] == ["碎了", "想进养老院"]
    parked = (await desk.get("parked"))["items"]
    assert [item["text"] for item in parked] == ["碎了"]
    assert (await desk.post(f"parked/{parked[0]['id']}/taken")).status_code == 200
    assert (await desk.get("parked"))["items"] == []


async def test_our_own_trouble_parks_nothing_and_is_tried_again_soon(
    both: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle, tries = inbound.handle, 0

    def in_trouble(db: Any, stored: Any, *rest: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries <= 4:  # more often than what is parked
            raise StorageBusy("locked")
        return handle(db, stored, *rest)

    monkeypatch.setattr(inbound, "handle", in_trouble)
    page = await both.resident()
    await page.say("想进养老院")
    log = await page.until(lambda log: len(log) >= 3)
    assert tries == 5
    assert "您的话我收到了。请人来看。" not in [entry["text"] for entry in log]


@pytest.mark.parametrize(
    ("channel", "kind", "meant"),
    [
        ("telegram", "text", True),
        ("telegram", "edit", True),
        ("telegram", "photo", True),
        ("telegram", "choice", False),
        ("telegram", "start", False),
        ("telegram", "place", False),
        (STAFF_CHANNEL, "text", False),
    ],
)
async def test_only_what_a_resident_said_is_read(channel: str, kind: str, meant: bool) -> None:
    read: list[str] = []

    class Listening(Words):
        at_once = 100

        def read(self, text: str) -> Reading:
            read.append(text)
            return super().read(text)

    nobody: Any = None
    reader = Listening()
    intake = Intake(
        nobody, nobody, lambda: reader, owner="me", now=lambda: MORNING, lease=timedelta(seconds=1)
    )
    body = {"kind": kind, "text": "我不想活了"}
    labels = ("suicide_selfharm",)
    stored = Stored("1", "2", channel, "7", "s", "9", body, labels, MORNING, 1)
    reading = await intake.read(stored)
    assert (read == ["我不想活了"]) is meant
    assert reading.danger == (() if channel == STAFF_CHANNEL else labels)


def test_the_log_holds_no_words() -> None:
    def breaking(db: Any, *rest: Any) -> Any:
        raise ZeroDivisionError("碎了的话")

    with pytest.raises(ZeroDivisionError) as caught:
        breaking(None)
    told = where(caught.value)
    assert "碎了" not in told
    assert "ZeroDivisionError" in told
    assert "test_intake.py" in told


async def test_what_came_while_the_house_was_closed_is_done_at_the_next_start(
    both_settings: Settings,
) -> None:
    async with running(both_settings, roles=frozenset({"web"})) as house:
        page = await house.resident()
        jar = dict(page.client.cookies)
        assert (await page.say("想进养老院")).status_code == 202
        await asyncio.sleep(0.3)
        assert await page.log() == []
    async with running(both_settings) as house:
        page = await house.resident()
        page.client.cookies.clear()
        page.client.cookies.update(jar)
        assert len(await page.until(lambda log: len(log) >= 3)) == 3
