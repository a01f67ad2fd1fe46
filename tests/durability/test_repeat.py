"""A client that sends a message again under the same id makes one message of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from storage.database import Database
from tests.durability.journal import Journal
from tests.durability.life import build
from tests.durability.plan import Plan, cookie
from tests.durability.town import Town

CHAT = "danger-web-0.0"


@pytest.mark.kill
@pytest.mark.slow
@pytest.mark.parametrize("point", ["intake.before_commit", "intake.after_commit"])
def test_the_first_try_died(town: Town, point: str) -> None:
    town.dies(only=(CHAT,), chats=0, point=f"{point}:1")
    assert [line["id"] for line in town.journal.read("offered")] == [f"{CHAT}/0"]
    assert town.journal.read("accepted") == []
    stored = [row.id for row in town.look().talks[CHAT].inbox]
    assert stored == ([f"{CHAT}/0"] if point == "intake.after_commit" else [])
    town.lives()
    seen = town.check()
    assert [line["id"] for line in town.journal.read("offered")].count(f"{CHAT}/0") == 2
    said = [line.id for line in seen.talks[CHAT].log if line.sender == "me"]
    assert said == [f"{CHAT}/0", f"{CHAT}/1"]


async def test_the_same_id_again_and_at_once(
    open_database: Callable[..., Database], database_url: str, tmp_path: Path
) -> None:
    database = open_database()
    app = build(Plan(database_url, str(tmp_path), 1), Journal(tmp_path), database)
    headers = {"X-Nuanxin": "1", "Cookie": f"nx_device={cookie(database.vault, CHAT)}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app.web()), base_url="http://house", headers=headers
    ) as page:

        async def post(text: str) -> tuple[int, bytes]:
            answer = await page.post("/chat/messages", json={"id": "m1", "text": text})
            return answer.status_code, answer.content

        first = await asyncio.gather(*(post("你好") for _ in range(20)))
        assert set(first) == {(202, b'{"id":"m1"}')}
        working = asyncio.create_task(app.intake.run())
        async with asyncio.timeout(20):
            while not app.intake.handled:  # noqa: ASYNC110 - a counter
                await asyncio.sleep(0.01)
        assert await post("你好") == first[0]
        assert (await post("别的话"))[0] == 409
        await app.intake.stop()
        await working
        history = (await page.get("/chat/history")).json()
    assert [entry["text"] for entry in history if entry["from"] == "me"] == ["你好"]
    app.passwords.close()
