"""The tick: what is due is done once, by any number of processes, and a bad row waits alone."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.settings import Settings
from handlers import remind, staff
from storage import due
from storage.keys import Keyring
from tests.bot.running import Running, events, running, settings_of

LADDER = {"ladder": {"red": {"second": 0.01, "supervisor": 0.02, "everyone": 0.05}}}
CLOCK = {"clock": {"tick": 0.1}}


def short(url: str, folder: Any, keyring: Keyring) -> Settings:
    return settings_of(url, folder, keyring.text(), **LADDER, **CLOCK)


async def danger(house: Running) -> None:
    page = await house.resident()
    await page.say("我不想活了")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))


async def test_silence_is_pushed_once_each_rung_by_two_processes(
    database_url: str, tmp_path: Any, keyring: Keyring
) -> None:
    settings = short(database_url, tmp_path, keyring)
    async with running(settings) as one, running(settings):
        boss = await one.staff("王主管", "supervisor")
        await danger(one)
        await asyncio.sleep(4.0)
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(15):
            while sum(each["data"]["kind"] == "push" for each in found) < 3:
                found = await events(boss.client, "/desk/events", 6, last="0")
        pushes = [each["data"]["text"] for each in found if each["data"]["kind"] == "push"]
        assert len(pushes) == 3
        assert all(each["data"]["sound"] for each in found if each["data"]["kind"] == "push")
        card = (await boss.cards())[0]
        event_texts = [event["text"] for event in (await boss.get(f"cases/{card['id']}"))["events"]]
        assert len(event_texts) >= 4


async def test_a_bad_row_holds_up_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired: list[str] = []
    bad = ""

    def fire(db: Any, row: str, now: Any, house: Any) -> str:
        if row == bad:
            raise ZeroDivisionError
        fired.append(row)
        due.drop(db, db.get(due.Due, row))
        return "claim"

    def make(db: Any, name: str, now: datetime) -> str:
        due.put(db, "claim", name, now - timedelta(minutes=1), now)
        key = col(due.Due.key) == f"claim:{name}"
        return str(db.execute(select(col(due.Due.id)).where(key)).scalar_one())

    monkeypatch.setattr(remind, "fire", fire)
    async with running(settings, roles=frozenset({"web", "worker"})) as house:
        write, now = house.app.database.write, house.app.clock.now()
        rows = [await write(make, f"case{number}", now) for number in range(5)]
        bad = rows[1]
        assert await house.app.scheduler.tick() == 4
        assert sorted(fired) == sorted(row for row in rows if row != bad)
        assert await house.app.scheduler.tick() == 0
        bad = ""
        assert await house.app.scheduler.tick() == 1


async def test_files_without_a_row_are_swept_when_they_are_old(house: Running) -> None:
    files = house.app.files
    old, young = "a" * 32, "b" * 32
    for name in (old, young):
        files.write(name, b"x")
    folder = house.app.settings.env.data / "media"
    day = time.time() - 2 * 24 * 3600
    os.utime(folder / old, (day, day))
    assert await house.app.scheduler.sweep() == 1
    assert {path.name for path in folder.iterdir()} == {young}


async def test_log_ins_that_no_longer_count_are_swept_with_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[datetime] = []
    monkeypatch.setattr(staff, "forget_old", lambda db, now: swept.append(now))
    async with running(settings, roles=frozenset({"web", "worker"})) as house:
        await house.app.scheduler.sweep()
    assert len(swept) == 1


async def test_the_desk_of_an_answer_nobody_saw_gets_a_visit(
    database_url: str, tmp_path: Any, keyring: Keyring
) -> None:
    office = {"ladder": {"unseen": {"red": 0.005}, "bell_pause": 0.001}, **CLOCK}
    settings = settings_of(database_url, tmp_path, keyring.text(), **office)
    async with running(settings) as house:
        desk = await house.staff("李顾问")
        await danger(house)
        case_id = (await desk.cards())[0]["id"]
        await desk.post(f"cases/{case_id}/claim")
        await desk.post(f"cases/{case_id}/reply", {"id": "a", "text": "在吗?"})
        until = time.monotonic() + 15
        tasks: list[dict[str, Any]] = []
        while not tasks and time.monotonic() < until:
            await asyncio.sleep(0.1)
            tasks = (await desk.get("due"))["tasks"]
        assert [task["kind"] for task in tasks] == ["visit"], "no telephone was given"
        done = await desk.post(f"tasks/{tasks[0]['id']}/done", {"reached": True, "note": "好"})
        assert done.status_code == 200
        assert (await desk.get("due"))["tasks"] == []
        view = await desk.get(f"cases/{case_id}")
        assert "好" in [entry["text"] for entry in view["entries"] if entry["from"] == "note"]
