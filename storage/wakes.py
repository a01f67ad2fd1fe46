"""In-process wake-ups that shorten a polling wait. Polling stays the truth: a wake may be missed
(another process, a restart), so every wait has a time-out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from types import TracebackType


class Ear:
    """Hears wakes of its topics from the moment it is opened, so nothing falls between a look
    at the table and the wait:

        with database.wakes.listen("inbox") as ear:
            while True:
                …look…
                await ear.wait(1.0)
    """

    def __init__(self, wakes: Wakes, topics: tuple[str, ...]) -> None:
        self._wakes, self.topics = wakes, topics
        self.loop = asyncio.get_running_loop()
        self._heard = asyncio.Event()

    def __enter__(self) -> Ear:
        self._wakes.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wakes.remove(self)

    def ring(self) -> None:
        """Wake the waiter (on the ear's own loop)."""
        self._heard.set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a wait that ends by itself
        """True as soon as a topic was woken since the last wait, False after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._heard.wait()
        except TimeoutError:
            return False
        self._heard.clear()
        return True


class Wakes:
    """Who waits for which topic. Fired by the database after a commit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ears: dict[str, set[Ear]] = {}

    def listen(self, *topics: str) -> Ear:
        """An ear for one or more topics; use it as a context manager inside a running loop."""
        return Ear(self, topics)

    async def wait(self, topic: str, timeout: float) -> bool:  # noqa: ASYNC109 - a wait that ends by itself
        """Wait once: True when `topic` was woken meanwhile, False after `timeout` seconds."""
        with self.listen(topic) as ear:
            return await ear.wait(timeout)

    def fire(self, topics: Iterable[str]) -> None:
        """Wake all who listen to these topics. May be called from any thread."""
        with self._lock:
            ears = {ear for topic in topics for ear in self._ears.get(topic, ())}
        for ear in ears:
            try:
                ear.loop.call_soon_threadsafe(ear.ring)
            except RuntimeError:  # that loop has ended, and its waiter with it
                self.remove(ear)

    def add(self, ear: Ear) -> None:
        """For Ear: begin to hear."""
        with self._lock:
            for topic in ear.topics:
                self._ears.setdefault(topic, set()).add(ear)

    def remove(self, ear: Ear) -> None:
        """For Ear: stop hearing."""
        with self._lock:
            for topic in ear.topics:
                ears = self._ears.get(topic)
                if ears is not None:
                    ears.discard(ear)
                    if not ears:
                        del self._ears[topic]
