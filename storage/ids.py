"""Row ids: UUID version 7 (RFC 9562 §5.7) as 32 lower-case hex digits.

They are made here and not by the database, because a sealed column is bound to its row's id,
which must therefore be known before the insert.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime

_RANDOM_BITS = 74
_LOW_62 = (1 << 62) - 1


class _Sequence:
    """The random part of the ids of one millisecond, counted upwards."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = -1
        self._tail = 0

    def next(self, ms: int, *, backwards: bool) -> tuple[int, int]:
        """Millisecond and tail of the next id. `backwards`: may an earlier ms be taken?"""
        with self._lock:
            if ms > self._ms or (backwards and ms < self._ms):
                # The top bit stays free, so that counting up cannot overflow within a ms.
                self._ms = ms
                self._tail = int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM_BITS + 1)
            else:
                self._tail += 1 + os.urandom(1)[0]
            return self._ms, self._tail


_own_clock = _Sequence()
_given_clock = _Sequence()


def uuid7(now: datetime | None = None) -> str:
    """A new id: 32 hex digits that sort by time.

    Ids made by one process rise strictly, even when its clock is set back. With `now` (aware)
    the id carries that moment, and the ids of one moment rise. Raises ValueError when naive.
    """
    if now is None:
        ms, tail = _own_clock.next(time.time_ns() // 1_000_000, backwards=False)
    else:
        if now.tzinfo is None:
            raise ValueError("uuid7 needs an aware datetime; got a naive one")
        delta = now.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        ms = (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000
        ms, tail = _given_clock.next(ms, backwards=True)
    number = (ms << 80) | (0x7 << 76) | ((tail >> 62) << 64) | (0b10 << 62) | (tail & _LOW_62)
    return f"{number:032x}"
