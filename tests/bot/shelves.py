"""A channel that holds files, and somebody whose files arrive."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot import media
from bot.fetching import Fetching
from handlers import receive
from handlers.ports import House, MediaInfo, Update
from storage import fetches, outbox
from storage import media as rows
from storage.clock import utc_now
from storage.database import Database, Db, vault_of
from storage.files import MediaFiles

NAME = "telegram"


class Shelf:
    """A channel that holds files; `plan` says what happens to the next tries of one."""

    account = "42"

    def __init__(self, name: str = NAME) -> None:
        self.name = name
        self.files: dict[str, bytes] = {}
        self.plan: dict[str, list[Exception]] = defaultdict(list)
        self.down: Exception | None = None
        self.asked: list[str] = []

    async def fetch(self, source: str, most: int) -> bytes:
        self.asked.append(source)
        await asyncio.sleep(0)
        if self.down is not None:
            raise self.down
        for error in self.plan[source][:1]:
            del self.plan[source][0]
            raise error
        return self.files[source]


class Post:
    """Somebody's files arrive, and a fetcher is at work."""

    def __init__(self, database: Database, folder: Path, house: House, shelf: Shelf) -> None:
        self.database, self.house, self.shelf = database, house, shelf
        self.files = MediaFiles(folder, database.vault)

    async def arrives(
        self,
        source: str,
        data: bytes,
        kind: str = "voice",
        name: str | None = None,
        chat: str = "chat",
    ) -> str:
        """A file that waits at the channel; its id."""
        number = len(self.shelf.files) + 1
        self.shelf.files[source] = data
        info = MediaInfo(f"{number:032x}", kind, "audio/ogg", 9, "", 3.0, name, source)
        update = Update(
            self.shelf.name, "42", chat, f"{number}", kind, media=info, address="7", actor="li"
        )
        assert await self.database.write(receive.receive, update, (), utc_now(), self.house)
        return info.id

    def fetcher(self, **more: Any) -> Fetching:
        given: dict[str, Any] = {
            "owner": "me", "now": self.database.clock.now, "limits": media.Limits(),
            "poll": 0.01, "first_pause": 0.001, "first_rest": 0.01,
        }  # fmt: skip
        return Fetching(self.database, self.shelf, self.files, self.house, **given | more)  # type: ignore[arg-type]

    @asynccontextmanager
    async def at_work(self, **more: Any) -> AsyncIterator[Fetching]:
        made = self.fetcher(**more)
        task = asyncio.create_task(made.run())
        try:
            yield made
        finally:
            await made.stop()
            await task

    async def row(self, media_id: str) -> rows.Media:
        found = await self.database.read(rows.get, media_id)
        assert found is not None
        return found

    async def until(self, media_id: str, state: str) -> rows.Media:
        async with asyncio.timeout(20):
            while True:
                found = await self.row(media_id)
                if found.state == state:
                    return found
                await asyncio.sleep(0.01)

    async def waiting(self) -> int:
        return await self.database.read(fetches.waiting, self.shelf.name, "42")

    async def attempts(self) -> list[int]:
        return await self.database.read(_attempts)

    async def told(self) -> list[str]:
        """What the house wrote to the chat, by its outbox."""
        return await self.database.read(_told)


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if seen():
                return
            await asyncio.sleep(0.01)


def _attempts(db: Db) -> list[int]:
    return list(db.execute(select(fetches.TABLE.c.attempts)).scalars())


def _told(db: Db) -> list[str]:
    rows_ = db.execute(select(outbox.TABLE).order_by(outbox.TABLE.c.seq)).all()
    bodies = [vault_of(db).open_text(row.body, "outbox", "body", row.id) for row in rows_]
    return [json.loads(body)["text"] for body in bodies]
