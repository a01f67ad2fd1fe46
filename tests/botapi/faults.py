"""Bad luck on demand: what happens to the next calls instead of what should."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Literal

from tests.botapi.errors import ApiError, prefix

How = Literal["error", "silence", "reset", "broken", "lost"]


@dataclass(eq=False)
class Fault:
    """For the next ``times`` calls of ``method`` (None: of any).

    how: ``error``: refused with status, description and retry_after; ``silence``: no answer for
    ``seconds``, then the connection ends, nothing was done; ``reset``: the connection is reset,
    nothing was done; ``broken``: it is done, the answer is cut JSON; ``lost``: it is done, the
    connection is reset instead of an answer.
    """

    method: str | tuple[str, ...] | None
    how: How
    times: int
    bot: int | None = None
    chat: int | None = None
    status: int = 500
    description: str = ""
    retry_after: int | None = None
    seconds: float = 0.0
    met: int = 0  # how often it happened

    def meets(self, bot: int, method: str, chat: Any) -> bool:
        names = (self.method,) if isinstance(self.method, str) else self.method
        return (
            self.met < self.times
            and (names is None or method in {each.lower() for each in names})
            and self.bot in (None, bot)
            and self.chat in (None, chat)
        )

    def error(self) -> ApiError:
        if self.status == 429:
            seconds = self.retry_after or 1
            words = self.description or f"Too Many Requests: retry after {seconds}"
            return ApiError(429, words, retry_after=seconds)
        return ApiError(self.status, self.description or prefix(self.status))


class Faults:
    """All that wait to happen, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._waiting.append(fault)
        return fault

    def meet(self, bot: int, method: str, chat: Any) -> Fault | None:
        with self._lock:
            for each in self._waiting:
                if each.meets(bot, method, chat):
                    each.met += 1
                    if each.met >= each.times:
                        self._waiting.remove(each)
                    return each
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    @property
    def left(self) -> int:
        """How many are still to happen."""
        with self._lock:
            return sum(each.times - each.met for each in self._waiting)
