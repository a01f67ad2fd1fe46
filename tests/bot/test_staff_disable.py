"""Ending an account: at the machine by a command, on the board by a supervisor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.cli import staff as command
from bot.opening import open_house
from bot.settings import load
from storage import staff as tables
from storage.audit import Audit
from tests.bot.running import Running
from tests.bot.test_media import jpeg

BODIES: dict[str, dict[str, Any]] = {
    "claim": {"json": {}},
    "reply": {"json": {"id": "a", "text": "再见"}},
    "reveal": {"json": {"field": "phone", "person": "asker"}},
    "photo": {"data": {"id": "a"}, "files": {"file": ("a.jpg", jpeg())}},
}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house that is not running, for commands."""
    monkeypatch.setenv("NUANXIN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NUANXIN_KEY_FILE", str(tmp_path / "key"))
    path = tmp_path / "config.yml"
    path.write_text("office: {}", encoding="utf-8")
    return path


def test_the_command(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.add_person("李顾问", config=config)
    command.disable("李顾问", config)
    assert "李顾问停用了,0 件事回到队列" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        command.disable("李顾问", config)  # nobody of this name works here any more
    command.add_person("周主管", "supervisor", config=config)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        command.disable("周主管", config)
    assert "周主管是最后一位主管,不能停用" in capsys.readouterr().err
    database = open_house(load(config)).database
    try:
        assert [row.name for row in database.read_blocking(tables.everyone)] == ["周主管"]
        ended = database.read_blocking(
            lambda db: db.execute(select(Audit).where(Audit.act == "disabled")).scalars().all()
        )
        assert [(row.staff_id, list(row.data)) for row in ended] == [(None, ["staff"])]
    finally:
        database.close_blocking()


async def test_a_supervisor_ends_an_account_at_once(house: Running) -> None:
    boss, li = await house.staff("周主管", "supervisor"), await house.staff("李顾问")
    page = await house.resident()
    await page.say("我不想活了")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    case_id = (await li.cards())[0]["id"]
    assert (await li.post(f"cases/{case_id}/claim")).status_code == 200
    assert (await li.post(f"staff/{boss.me['id']}/disable")).status_code == 403
    answer = await boss.post(f"staff/{boss.me['id']}/disable")
    assert (answer.status_code, answer.json()["error"]) == (409, "last_supervisor")
    names = {one["name"]: one["id"] for one in (await boss.get("board"))["duty"]}
    answer = await boss.post(f"staff/{names['李顾问']}/disable")
    assert (answer.status_code, answer.json()) == (200, {"cases": 1})
    assert (await li.client.get("/desk/api/me")).status_code == 401
    login = {"login": "李顾问", "password": "whatever"}
    assert (await li.client.post("/desk/api/login", json=login)).status_code == 401
    (card,) = await boss.cards()
    assert (card["assignee"], card["due_kind"]) == (None, "claim")
    assert "李顾问" not in [one["name"] for one in (await boss.get("board"))["duty"]]


@pytest.mark.parametrize("path", ["claim", "reply", "reveal", "photo"])
async def test_a_request_under_way_ends_with_the_account(house: Running, path: str) -> None:
    """Who knows that they will be sent away can hold a body back for a minute."""
    boss, li = await house.staff("周主管", "supervisor"), await house.staff("李顾问")
    page = await house.resident()
    await page.say("我不想活了,电话13812345678")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    case = f"cases/{(await li.cards())[0]['id']}"
    if path != "claim":
        assert (await li.post(f"{case}/claim")).status_code == 200
    request = li.client.build_request("POST", f"/desk/api/{case}/{path}", **BODIES[path])
    whole = request.read()

    async def held_back() -> AsyncIterator[bytes]:
        yield whole[:1]
        assert (await boss.post(f"staff/{li.me['id']}/disable")).status_code == 200
        yield whole[1:]

    before = await page.log()
    answer = await li.client.post(
        request.url, content=held_back(), headers={"Content-Type": request.headers["Content-Type"]}
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "login_required")
    assert (await boss.cards())[0]["assignee"] is None
    assert [one for one in await page.log() if one not in before and one["from"] == "advisor"] == []


async def test_nothing_stays_with_who_took_it_at_that_moment(both: Running) -> None:
    boss, li = await both.staff("周主管", "supervisor"), await both.staff("李顾问")
    pages = [await both.resident() for _ in range(6)]
    for page in pages:
        await page.say("我不想活了")
        await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    claims = [li.post(f"cases/{card['id']}/claim") for card in await li.cards()]
    disable = boss.post(f"staff/{li.me['id']}/disable")
    answers = await asyncio.gather(*claims[:3], disable, *claims[3:])
    assert {answer.status_code for answer in answers} <= {200, 401}
    assert [card["assignee"] for card in await boss.cards()] == [None] * 6
