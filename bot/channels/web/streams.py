"""Server-sent events: what is new, in order, without gap or repeat, and an end at shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from starlette.responses import StreamingResponse

from bot.channels.web.channel import ACCOUNT, NAME
from bot.channels.web.follow import Follower
from bot.channels.web.problems import dump
from handlers import staff
from handlers.desk import feed
from handlers.ports import House, Viewer, Who
from handlers.residents import page
from storage.database import Database, StorageError

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
PAGE = 200  # entries or notices of one look
KEEP_ALIVE = ":\n\n"
BEGIN = "retry: 1000\n\n"


class Streams:
    """Makes the streams of one process. `closing` ends them all (wake the follower's topic too)."""

    def __init__(
        self,
        database: Database,
        house: House,
        follower: Follower,
        closing: asyncio.Event,
        keep_alive: float,
    ) -> None:
        self._database, self._house, self._follower = database, house, follower
        self._closing, self._keep_alive = closing, keep_alive

    def resident(self, sender: str, after: int) -> StreamingResponse:
        """The stream of one device, after the entry `after`."""
        return _response(self._resident(sender, after))

    def desk(self, token: str, viewer: Viewer, after: int | None) -> StreamingResponse:
        """The stream of one desk, after the notice `after`; None: what rings, then what comes."""
        return _response(self._desk(token, viewer, after))

    async def _resident(self, sender: str, after: int) -> AsyncGenerator[str, None]:
        who: Who = (NAME, ACCOUNT, sender)
        known: str | None = None
        state: dict[str, Any] | None = None
        yield BEGIN
        while not self._closing.is_set():
            with self._follower.resident(sender, known) as ear:
                while not self._closing.is_set():
                    now = self._database.clock.now()
                    try:
                        found = await self._database.read(
                            page.look, who, after, PAGE, now, self._house
                        )
                    except StorageError:
                        return  # the page comes again by itself, with its last number
                    # A number from before a restore must not hide what comes now.
                    after = min(after, found.last_seq)
                    text = ""
                    for entry in found.entries:
                        after = entry["seq"]
                        text += f"id: {after}\ndata: {dump(entry)}\n\n"
                    if found.state != state:
                        state = found.state
                        text += f"event: state\ndata: {dump(state)}\n\n"
                    yield text or KEEP_ALIVE
                    if found.conversation_id != known:
                        known = found.conversation_id
                        break  # it is open now: hear its own topic too
                    if not found.entries or after >= found.last_seq:
                        await ear.wait(self._keep_alive)

    async def _desk(
        self, token: str, viewer: Viewer, after: int | None
    ) -> AsyncGenerator[str, None]:
        yield BEGIN
        read = self._database.read
        with self._follower.desk() as ear:
            try:
                position, text = await self._begin(viewer, after)
                yield text
                while not self._closing.is_set():
                    # Logged out or disabled meanwhile: the page asks again who it is.
                    if await read(staff.viewer_of, token, self._database.clock.now()) is None:
                        return
                    found = await read(feed.notices_after, viewer, position, PAGE)
                    if found:
                        position = found[-1]["seq"]
                    yield "".join(map(_notice, found)) or KEEP_ALIVE
                    if len(found) < PAGE:
                        await ear.wait(self._keep_alive)
            except StorageError:
                return

    async def _begin(self, viewer: Viewer, after: int | None) -> tuple[int, str]:
        last = await self._database.read(feed.last_notice)
        if after is not None:
            return min(after, last), KEEP_ALIVE
        ringing = await self._database.read(feed.ringing, viewer)
        text = "".join(_notice(notice) for notice in ringing if notice["seq"] <= last)
        return last, f"{text}id: {last}\n\n"


def _notice(notice: dict[str, Any]) -> str:
    return f"id: {notice['seq']}\ndata: {dump(notice)}\n\n"


def _response(content: AsyncGenerator[str, None]) -> StreamingResponse:
    return StreamingResponse(content, media_type="text/event-stream", headers=HEADERS)
