"""From POST to the bot's answer in the event stream, against a real process on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field

import aiohttp

WAIT_SECONDS = 30.0
HEADERS = {"X-Nuanxin": "1"}
SAID = ("想进养老院", "没有人", "1", "走得动", "七十六")
THEN = "办到哪了"  # is always answered, in a dialog and after it


@dataclass(slots=True)
class Person:
    """A device with an open stream; `answered` is set when the bot has said something."""

    session: aiohttp.ClientSession
    url: str
    answered: asyncio.Event
    said: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def listen(self) -> None:
        """Follow the stream for as long as it is open."""
        async with self.session.get(f"{self.url}chat/events") as stream:
            async for raw in stream.content:
                an_entry = raw.startswith(b"data: {") and b'"seq"' in raw
                if an_entry and json.loads(raw[6:])["from"] == "bot":
                    self.answered.set()

    async def ask(self) -> float:
        """Send the next message; seconds from now until the bot's answer was in the stream.

        Who still waits for an answer sends after it: the wait counts (no omission by the load).
        """
        begun = time.perf_counter()
        async with self.turn, asyncio.timeout(WAIT_SECONDS):
            self.answered.clear()
            said = SAID[self.said] if self.said < len(SAID) else THEN
            body = {"id": f"m{self.said}", "text": said}
            self.said += 1
            post = self.session.post(f"{self.url}chat/messages", json=body, headers=HEADERS)
            async with post as got:
                got.raise_for_status()
            await self.answered.wait()
        return time.perf_counter() - begun


async def measure(url: str, *, people: int, rate: float, seconds: float) -> list[float]:
    """Seconds from POST to answer, of `rate` messages a second by `people` devices in turn."""
    async with contextlib.AsyncExitStack() as stack:
        everybody = [await _come(url, stack) for _ in range(people)]
        streams = [asyncio.create_task(person.listen()) for person in everybody]
        await asyncio.sleep(1.0)
        asks: list[asyncio.Task[float]] = []
        begun = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            asks.append(asyncio.create_task(everybody[number % people].ask()))
        found = list(await asyncio.gather(*asks))
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    return found


async def _come(url: str, stack: contextlib.AsyncExitStack) -> Person:
    session = aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=None)
    )
    await stack.enter_async_context(session)
    async with session.get(url) as page:
        page.raise_for_status()
    return Person(session, url, asyncio.Event())
