"""How fast a channel is spoken to: over all its chats, and in each of them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

BURST = 5  # messages that may go at once after a pause, to catch up
WINDOW = 1.0  # seconds


class Pace:
    """At most `a_second` messages in any second, evenly; None: no limit.

    A bucket that fills with time (the same idea as GCRA) holds a few messages only, so that an
    urgent one finds room within a moment; and because a full bucket and its filling together
    would be more than the limit, the messages of the last second are counted besides.
    """

    def __init__(
        self, a_second: float | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._clock = a_second, clock
        self._most = min(float(BURST), max(1.0, a_second or 1.0))
        self._left, self._at = self._most, clock()
        self._spoken: deque[float] = deque()

    def room(self) -> int | None:
        """How many may go now; None: as many as there are."""
        if self._rate is None:
            return None
        now = self._fill(self._rate)
        while self._spoken and now - self._spoken[0] >= WINDOW:
            self._spoken.popleft()
        within = max(1, int(self._rate * WINDOW)) - len(self._spoken)
        return max(0, min(int(self._left + 1e-9), within))

    def wait(self) -> float:
        """Seconds until the next may go."""
        room = self.room()
        if room is None or room >= 1 or self._rate is None:
            return 0.0
        filled = max(0.0, 1.0 - self._left) / self._rate
        if len(self._spoken) < max(1, int(self._rate * WINDOW)):
            return filled
        return max(filled, self._spoken[0] + WINDOW - self._clock())

    def take(self, count: int = 1) -> None:
        """So many go now."""
        if self._rate is None:
            return
        now = self._fill(self._rate)
        self._left -= count
        self._spoken.extend([now] * count)

    def _fill(self, rate: float) -> float:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * rate)
        self._at = now
        return now


class Rests:
    """When each chat may be spoken to again; forgets those whose rest is over."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}

    def spoken(self, chat: str, pause: float) -> None:
        """Something was said in this chat, which rests for so many seconds now."""
        if pause > 0:
            self._free_at[chat] = self._clock() + pause

    def wait(self, chat: str) -> float:
        """Seconds until this chat may be spoken to."""
        return max(0.0, self._free_at.get(chat, 0.0) - self._clock())

    def resting(self) -> list[str]:
        """The chats that may not be spoken to now."""
        now = self._clock()
        self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        return list(self._free_at)

    def next(self) -> float | None:
        """Seconds until the first of them is free; None: none rests."""
        if not self._free_at:
            return None
        return max(0.0, min(self._free_at.values()) - self._clock())
