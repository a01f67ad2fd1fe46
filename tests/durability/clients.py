"""People who write: each message under an id of its own, and again until it is acknowledged."""

from __future__ import annotations

import asyncio
import functools
import io
import itertools
import random
import struct
from collections import defaultdict
from collections.abc import Iterator

import httpx
from PIL import Image

from bot.app import App
from dialogs.meaning import danger
from tests.durability.journal import Journal
from tests.durability.pigeon import Pigeon, take_in
from tests.durability.plan import (
    SCRIPTS,
    Plan,
    Send,
    cookie,
    is_web,
    kind_of,
    message_id,
    new_chat,
)

AT_ONCE = 8  # chats that write side by side
_AGAIN = 0.15  # how often an acknowledged message is sent once more, by a client that missed it
_PAUSE = 0.01  # seconds, at most, between two messages of one chat


class Clients:
    """The chats of one life: those of earlier lives that are not finished, then new ones."""

    def __init__(self, app: App, plan: Plan, journal: Journal) -> None:
        self._app, self._plan, self._journal = app, plan, journal
        self._chance = random.Random(f"{plan.seed}:{plan.life}:{plan.worker}")
        self._offered = _ids(journal, "offered")
        self._accepted = _ids(journal, "accepted")
        self._first = plan.fault == "acknowledge_first"

    @functools.cached_property
    def _web(self) -> httpx.AsyncClient:
        """The real web application, in this process."""
        site = httpx.ASGITransport(self._app.web())
        return httpx.AsyncClient(transport=site, base_url="http://house", timeout=60.0)

    def open_web(self) -> None:
        """Make the web application now; otherwise the first message to it does."""
        assert not self._web.is_closed

    async def run(self) -> None:
        """Write everything; returns when the last message is acknowledged."""
        chats = self._chats()

        async def one_after_the_other() -> None:
            for chat in chats:
                await self._write(chat)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(one_after_the_other())

    def _chats(self) -> Iterator[str]:
        plan = self._plan
        if plan.only:
            yield from plan.only
            return
        mine = f"-{plan.worker}."
        own = [chat for chat in self._offered if mine in chat]
        # a life that begins nothing new ends what any process had begun
        going_on = list(self._offered) if plan.chats == 0 else own
        yield from [chat for chat in going_on if not self._finished(chat)]
        first = 1 + max((int(chat.rpartition(".")[2]) for chat in own), default=-1)
        numbers = itertools.count(first)
        if plan.chats is not None:
            numbers = iter(range(first, first + plan.chats))  # type: ignore[assignment]
        for number in numbers:
            yield new_chat(plan.worker, number)

    def _finished(self, chat: str) -> bool:
        done = self._offered if kind_of(chat) == "careless" else self._accepted
        return len(done[chat]) == len(SCRIPTS[kind_of(chat)])

    async def _write(self, chat: str) -> None:
        kind = kind_of(chat)
        done = self._offered[chat] if kind == "careless" else self._accepted[chat]
        waiting = [
            (message_id(chat, number), send)
            for number, send in enumerate(SCRIPTS[kind])
            if message_id(chat, number) not in done
        ]
        if kind == "burst":
            await asyncio.gather(*(self._send(chat, *each) for each in waiting))
            return
        for own_id, send in waiting:
            await self._send(chat, own_id, send)
            await asyncio.sleep(self._chance.random() * _PAUSE)

    async def _send(self, chat: str, own_id: str, send: Send) -> None:
        self._journal.write("offered", chat=chat, id=own_id)
        if self._first:  # the fault that the checks must see
            self._journal.write("accepted", chat=chat, id=own_id)
        await self._post(chat, own_id, send)
        if not self._first:
            self._journal.write("accepted", chat=chat, id=own_id)
        if self._chance.random() < _AGAIN:
            await self._post(chat, own_id, send)

    async def _post(self, chat: str, own_id: str, send: Send) -> None:
        """Returns when the house has acknowledged it."""
        app = self._app
        if not is_web(chat):
            (pigeon,) = (each for each in app.channels if isinstance(each, Pigeon))
            update = pigeon.to_update((chat, own_id, send.text))
            assert update is not None
            await take_in(app.database, update, danger.find(send.text), app.house)
            return
        headers = {"X-Nuanxin": "1", "Cookie": f"nx_device={cookie(app.database.vault, chat)}"}
        if send.file:
            form = {"id": own_id, "kind": send.file}
            files = {"file": ("file", _file(send.file, own_id))}
            answer = await self._web.post("/chat/media", data=form, files=files, headers=headers)
        else:
            words = {"id": own_id, "text": send.text}
            answer = await self._web.post("/chat/messages", json=words, headers=headers)
        assert answer.status_code == 202, (own_id, answer.status_code, answer.text)
        assert answer.json() == {"id": own_id}


def _ids(journal: Journal, name: str) -> defaultdict[str, set[str]]:
    """The ids of each chat, chats in the order in which they began."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in journal.read(name):
        found[line["chat"]].add(line["id"])
    return found


def _file(kind: str, own_id: str) -> bytes:
    """A small photo or sound; the same bytes for the same id."""
    if kind == "photo":
        out = io.BytesIO()
        shade = sum(own_id.encode()) % 256
        Image.new("RGB", (8, 8), (shade, 0, 255 - shade)).save(out, "PNG")
        return out.getvalue()
    sound = own_id.encode().ljust(64, b"\0")
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    data = struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI4s", b"RIFF", 4 + len(head) + len(data), b"WAVE") + head + data
