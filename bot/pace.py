"""How fast a channel is spoken to: a bucket that fills with time (the same idea as GCRA)."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """At most `a_second` messages, with a burst of one second's worth; None: no limit."""

    def __init__(
        self, a_second: float | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._clock = a_second, clock
        self._most = max(1.0, a_second or 1.0)
        self._left, self._at = self._most, clock()

    def room(self) -> int | None:
        """How many may go now; None: as many as there are."""
        if self._rate is None:
            return None
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return int(self._left + 1e-9)

    def wait(self) -> float:
        """Seconds until the next may go."""
        room = self.room()
        if room is None or room >= 1 or self._rate is None:
            return 0.0
        return (1.0 - self._left) / self._rate

    def take(self, count: int = 1) -> None:
        """So many go now."""
        self._left -= count


class ChatPauses:
    """When each chat was last spoken to; forgets those whose pause is over."""

    def __init__(self, pause: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause, self._clock = pause, clock
        self._free_at: dict[str, float] = {}

    def wait(self, chat: str) -> float:
        """Seconds until this chat may be spoken to."""
        return max(0.0, self._free_at.get(chat, 0.0) - self._clock())

    def spoken(self, chat: str) -> None:
        """Something was said in this chat."""
        if not self._pause:
            return
        now = self._clock()
        if len(self._free_at) > 1000:
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}
        self._free_at[chat] = now + self._pause
