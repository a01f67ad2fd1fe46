"""How much a bot may send (core.telegram.org/bots/faq, "My bot is hitting limits")."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rates:
    """Messages. None: no limit.

    overall: a second, over all chats of a bot. private: a second in one private chat, after
    ``burst`` at once. group: a minute in one group. slack: seconds of an overall second that the
    network may shift messages by.
    """

    overall: float | None = 30.0
    private: float | None = 1.0
    burst: int = 3
    group: float | None = 20.0
    slack: float = 0.1


OFF = Rates(None, None, 0, None)


@dataclass
class _Bucket:
    rate: float
    size: float
    level: float
    at: float
    until: float = 0.0  # before this moment every message is refused


@dataclass
class Limits:
    """Buckets of one bot. ``refused`` counts 429s; ``impatient`` those who came back too early."""

    rates: Rates
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    impatient: int = 0
    _all: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)

    def take(self, chat: int, *, group: bool, count: int = 1, edit: bool = False) -> int:
        """0 where the messages may go; else the whole seconds to wait.

        An edit counts overall and in a group, as there it counts with Telegram; a private chat's
        edits are not held to one a second.
        """
        now, rates = self.clock(), self.rates
        buckets: list[_Bucket] = []
        if rates.overall is not None:
            if self._all is None:
                most = rates.overall * (1 + rates.slack)
                self._all = _Bucket(rates.overall, most, most, now)
            buckets.append(self._all)
        if group and rates.group is not None:
            buckets.append(self._chat(chat, rates.group / 60, rates.group, now))
        elif not group and not edit and rates.private is not None:
            buckets.append(self._chat(chat, rates.private, float(rates.burst), now))
        wait = 0.0
        for each in buckets:
            each.level = min(each.size, each.level + (now - each.at) * each.rate)
            each.at = now
            if now < each.until:
                self.impatient += 1
                wait = max(wait, each.until - now)
            elif each.level < min(count, each.size):
                wait = max(wait, (min(count, each.size) - each.level) / each.rate)
        if wait:
            self.refused += 1
            seconds = math.ceil(wait)
            for each in buckets:
                short = each.level < min(count, each.size)
                if each is not self._all and short and now >= each.until:
                    each.until = now + seconds
            return seconds
        for each in buckets:
            each.level -= count
        return 0

    def _chat(self, chat: int, rate: float, size: float, now: float) -> _Bucket:
        found = self._chats.get(chat)
        if found is None:
            found = self._chats[chat] = _Bucket(rate, size, size, now)
        return found
