"""A house that runs in the test's own loop, on a real port, and people who use it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.app import ROLES, App, build, serve
from bot.settings import Settings, load
from bot.understanding import Understanding
from dialogs.meaning import danger
from dialogs.meaning.reading import Reading
from handlers import staff

ROOT = Path(__file__).parents[2]
PASSWORD = "一句只有我自己知道的话"
PATIENCE = 20.0  # the machine may be busy; what is waited for comes in milliseconds


class Words:
    """A reader by one word, so that these tests need no training."""

    def read(self, text: str) -> Reading:
        needs = ("long_term_care",) if "养老" in text else ()
        return Reading(danger.find(text), needs, "request_help" if needs else "out_of_scope",
                       "self" if needs else "unknown", 0.9)  # fmt: skip


class Understood(Understanding):
    """Understanding that is there at once."""

    def __init__(self, reader: Any = None) -> None:
        super().__init__(ROOT, ROOT)
        self._reader = reader or Words()

    async def load(self) -> None:
        self.loaded.set()


def settings_of(url: str, folder: Path, key: str, **office: Any) -> Settings:
    """Settings as config.yml and the environment would give them."""
    config = folder / "config.yml"
    config.write_text(json.dumps({"office": office}), encoding="utf-8")
    return load(
        config,
        {
            "NUANXIN_DATABASE_URL": url,
            "NUANXIN_KEY": key,
            "NUANXIN_DATA": str(folder / "data"),
            "NUANXIN_PORT": "0",
        },
    )


@dataclass
class Running:
    """A house at work."""

    app: App
    url: str
    stop: asyncio.Event
    task: asyncio.Task[None]
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def client(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE)
        self.clients.append(made)
        return made

    async def resident(self) -> Resident:
        """A device that has opened the page."""
        client = self.client(**{"X-Nuanxin": "1"})
        answer = await client.get("/")
        assert answer.status_code == 200
        return Resident(client)

    async def staff(self, name: str, role: str = "advisor", unit: str | None = None) -> Desk:
        """A staff member who has used a one-time link."""
        office = self.app.house.office
        token = await self.app.database.write(
            staff.invite, name, role, unit or office.units[0], "", self.app.clock.now(),
            self.app.house,
        )  # fmt: skip
        client = self.client()
        answer = await client.post(
            "/desk/api/join", json={"token": token, "login": name, "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        me = (await client.get("/desk/api/me")).json()
        client.headers["X-CSRF-Token"] = me["csrf"]
        return Desk(client, me)

    async def end(self) -> float:
        """Stop; the seconds it took."""
        began = time.monotonic()
        self.stop.set()
        await self.task
        return time.monotonic() - began


@dataclass
class Resident:
    """A resident's page."""

    client: httpx.AsyncClient
    count: int = 0

    async def say(self, text: str, own_id: str | None = None) -> httpx.Response:
        self.count += 1
        body = {"id": own_id or f"m{self.count}", "text": text}
        return await self.client.post("/chat/messages", json=body)

    async def log(self, after: int = 0) -> list[dict[str, Any]]:
        answer = await self.client.get("/chat/history", params={"after": after})
        assert answer.status_code == 200
        found: list[dict[str, Any]] = answer.json()
        return found

    async def until(self, wanted: Any) -> list[dict[str, Any]]:
        """The log, as soon as `wanted(log)` is true of it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            log = await self.log()
            if wanted(log):
                return log
            await asyncio.sleep(0.02)
        raise AssertionError(f"waited in vain; the log: {await self.log()}")


@dataclass
class Desk:
    """A staff member's browser."""

    client: httpx.AsyncClient
    me: dict[str, Any]

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/desk/api/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.client.post(f"/desk/api/{path}", json=body or {})

    async def cards(self) -> list[dict[str, Any]]:
        return [card for group in (await self.get("queue"))["groups"] for card in group["cards"]]


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    roles: frozenset[str] = ROLES,
    reader: Any = None,
    channels: tuple[Any, ...] = (),
) -> AsyncIterator[Running]:
    """Start a house, and stop it afterwards."""
    app = build(settings, understanding=Understood(reader), channels=channels)
    stop = asyncio.Event()
    listening: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def told(port: int | None) -> None:
        listening.set_result(port)

    task = asyncio.create_task(serve(app, roles, told=told, stop=stop, signals=False))
    both: set[asyncio.Future[Any]] = {task, listening}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    house = Running(app, f"http://127.0.0.1:{listening.result()}", stop, task)
    until = time.monotonic() + PATIENCE
    while "web" in roles and time.monotonic() < until:
        try:
            async with httpx.AsyncClient() as probe:
                await probe.get(f"{house.url}/healthz")
            break
        except httpx.TransportError:
            await asyncio.sleep(0.02)
    try:
        yield house
    finally:
        for client in house.clients:
            await client.aclose()
        if not task.done():
            await house.end()


async def events(
    client: httpx.AsyncClient, path: str, count: int, *, last: str | None = None
) -> list[dict[str, Any]]:
    """The first `count` events with data and an id of a stream: {"id", "data"}."""
    found: list[dict[str, Any]] = []
    headers = {"Last-Event-ID": last} if last is not None else {}
    async with asyncio.timeout(PATIENCE), client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        present: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                present[name] = value
                continue
            if "id" in present and "data" in present:
                found.append({"id": int(present["id"]), "data": json.loads(present["data"])})
            present = {}
            if len(found) >= count:
                return found
    return found
