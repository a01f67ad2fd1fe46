"""A stream that breaks anywhere and resumes with Last-Event-ID: nothing missing, nothing twice.

A real server in this process; the writers are processes of their own: one on SQLite, two at once
on PostgreSQL, killed or not while the pages look on.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import App
from bot.server import Server, listen
from handlers import staff
from storage import notices
from storage.database import Database
from tests.durability.journal import Journal
from tests.durability.life import build, open_database
from tests.durability.plan import cookie, is_web, new_chat
from tests.durability.town import Town

pytestmark = [pytest.mark.kill, pytest.mark.slow]

PATIENCE = 60.0  # seconds for everything to arrive


@dataclass
class Page:
    """Somebody who looks on over a line that breaks after a few events, and comes again."""

    path: str
    headers: dict[str, str]
    chance: random.Random
    known: int = 0  # the last number it saw
    got: list[int] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    breaks: int = 0

    async def look_on(self, web: httpx.AsyncClient, done: Callable[[Page], bool]) -> None:
        """Until `done`."""
        while not done(self):
            most = self.chance.randint(1, 6)
            headers = self.headers | {"Last-Event-ID": str(self.known)}
            async with web.stream("GET", self.path, headers=headers) as answer:
                assert answer.status_code == 200
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.chance.uniform(0.05, 0.5)):
                        await self._read(answer, most)
            self.breaks += 1

    async def _read(self, answer: httpx.Response, most: int) -> None:
        own_id: int | None = None
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                own_id = int(line[4:])
            elif line.startswith("data: ") and own_id is not None:
                self.known = own_id  # the line may break between any two
                self.got.append(own_id)
                self.events.append(json.loads(line[6:]))
                own_id = None
                most -= 1
                if not most:
                    return


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """The web server of this process, which writes nothing itself."""
    server = Server(app.web(), listen("127.0.0.1", 0))
    tasks = [asyncio.create_task(server.run_here()), asyncio.create_task(app.follower.run())]
    address = f"http://127.0.0.1:{server.port}"
    limits = httpx.Limits(max_connections=None)
    try:
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as web:
            yield web
    finally:
        app.closing.set()
        app.database.wakes.fire(["closing"])
        server.leave()
        await tasks[0]
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        app.passwords.close()
        await app.database.close()


@pytest.mark.parametrize("killed", [False, True], ids=["whole", "killed"])
async def test_nothing_is_missing_and_nothing_repeated(
    town: Town, database_kind: str, killed: bool
) -> None:
    town.begin(7 + killed, attempts=1000)
    first = town.plan(chats=20)
    plans = [first] if database_kind == "sqlite" else [first, replace(first, worker=1)]
    database = open_database(first)
    app = build(first, Journal(Path(first.folder)), database)
    token = await _supervisor(database, app)
    chats = [chat for plan in plans for chat in _web_chats(plan.worker, 20)]
    pages = [
        Page("/chat/events", {"Cookie": f"nx_device={cookie(database.vault, chat)}"}, town.chance)
        for chat in chats
    ]
    desk = Page("/desk/events", {"Cookie": f"nx_staff={token}"}, town.chance)
    written = asyncio.Event()
    async with serving(app) as web:
        looking = [
            asyncio.create_task(page.look_on(web, lambda p: written.is_set() and _whole(p, ends)))
            for page in (*pages, desk)
        ]
        ends: dict[str, int] = {}
        if killed:
            dying = [replace(plan, chats=None, kill_after=0.3) for plan in plans]
            await asyncio.to_thread(town.live, *dying)
            later = town.plan(chats=20)
            plans = [replace(later, worker=plan.worker) for plan in plans]
        await asyncio.to_thread(town.live, *plans)
        await asyncio.to_thread(town.lives, chats=0)
        ends |= await _ends(web, pages)
        ends[_key(desk)] = (await database.read(notices.last_seq)) or 0
        written.set()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*looking)
        for page in pages:
            history = (await web.get("/chat/history", headers=page.headers)).json()
            assert page.got == [entry["seq"] for entry in history], "missing or twice"
            assert page.events == history
            assert page.got == list(range(1, len(history) + 1))
    assert desk.got == list(range(1, ends[_key(desk)] + 1))
    assert sum(page.breaks for page in pages) > 3 * len(pages)
    assert desk.breaks > 3
    print(
        f"{len(pages)} pages and a desk: {sum(len(p.got) for p in pages)} entries,"
        f" {len(desk.got)} notices, {sum(p.breaks for p in pages) + desk.breaks} breaks"
    )


async def _supervisor(database: Database, app: App) -> str:
    """A supervisor's session: every audience but other people's own is theirs."""
    now, house = app.clock.now(), app.house
    unit = house.office.units[0]
    link = await database.write(staff.invite, "王主管", "supervisor", unit, "主管", now, house)
    token, _ = await database.write(staff.join, link, "wang", "hash", now, house)
    return token


def _web_chats(worker: int, count: int) -> list[str]:
    names = [new_chat(worker, number) for number in range(count)]
    return [name for name in names if is_web(name)]


def _key(page: Page) -> str:
    return page.headers["Cookie"]


def _whole(page: Page, ends: dict[str, int]) -> bool:
    return page.known >= ends[_key(page)]


async def _ends(web: httpx.AsyncClient, pages: list[Page]) -> dict[str, int]:
    """The last number of each page's log."""
    found = {}
    for page in pages:
        history = (await web.get("/chat/history", headers=page.headers)).json()
        found[_key(page)] = history[-1]["seq"]
    return found
