"""From POST to the bot's answer in the event stream, against a real process on loopback."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import aiohttp

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

    async def listen(self) -> None:
        """Follow the stream for as long as it is open."""
        async with self.session.get(f"{self.url}chat/events") as stream:
            async for raw in stream.content:
                an_entry = raw.startswith(b"data: {") and b'"seq"' in raw
                if an_entry and json.loads(raw[6:])["from"] == "bot":
                    self.answered.set()

    async def ask(self) -> float:
        """Send the next message; seconds until the bot's answer was in the stream."""
        self.answered.clear()
        body = {"id": f"m{self.said}", "text": SAID[self.said] if self.said < len(SAID) else THEN}
        self.said += 1
        begun = time.perf_counter()
        async with self.session.post(f"{self.url}chat/messages", json=body, headers=HEADERS) as got:
            got.raise_for_status()
        async with asyncio.timeout(10):
            await self.answered.wait()
        return time.perf_counter() - begun


async def measure(url: str, *, people: int, rate: float, seconds: float) -> list[float]:
    """Seconds from POST to answer, of `rate` messages a second by `people` devices in turn."""
    found: list[float] = []
    everybody: list[Person] = []
    tasks: list[asyncio.Task[None]] = []
    for _ in range(people):
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        async with session.get(url) as page:
            page.raise_for_status()
        person = Person(session, url, asyncio.Event())
        tasks.append(asyncio.create_task(person.listen()))
        everybody.append(person)
    await asyncio.sleep(1.0)
    asks: list[asyncio.Task[float]] = []
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        asks.append(asyncio.create_task(everybody[number % people].ask()))
    found = list(await asyncio.gather(*asks))
    for task in tasks:
        task.cancel()
    for person in everybody:
        await person.session.close()
    return found
