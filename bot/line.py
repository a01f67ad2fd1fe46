"""Whether a channel can be spoken to at all: up, or down and tried again with one message."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from storage import bots

log = structlog.get_logger(__name__)

FIRST_REST, LONGEST_REST = 1.0, 30.0  # seconds between two tries of a line that is down


class Line:
    """Up until a message says that nothing can be sent to anybody; then it rests, longer each
    time, and one message probes it. Each change is one line of the log."""

    def __init__(self, channel: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._channel, self._clock = channel, clock
        self._code: str | None = None
        self._began = self._free_at = 0.0
        self._rest = FIRST_REST
        self._heard = False

    @property
    def up(self) -> bool:
        """Whether messages pass, as far as is known."""
        return self._code is None

    @property
    def code(self) -> str | None:
        """Why it is down."""
        return self._code

    @property
    def state(self) -> tuple[str, str | None] | None:
        """What the tables are told: OK or DOWN and why; None before anything is known."""
        if self._code is not None:
            return bots.DOWN, self._code
        return (bots.OK, None) if self._heard else None

    def wait(self) -> float:
        """Seconds until it may be tried; 0 while it is up."""
        return 0.0 if self.up else max(0.0, self._free_at - self._clock())

    def down(self, code: str, asked: float | None = None) -> None:
        """Nothing can be sent to anybody now. ``asked``: seconds that the channel asked for."""
        now = self._clock()
        if self._code is None:
            self._rest, self._began = FIRST_REST, now
        elif now >= self._free_at:  # a probe failed; others that were under way say nothing new
            self._rest = min(LONGEST_REST, self._rest * 2)
        self._free_at = max(self._free_at, now + max(self._rest, asked or 0.0))
        if code != self._code:
            log.warning("delivery.down", channel=self._channel, code=code)
        self._code = code

    def heard(self) -> None:
        """The channel took a message, or refused that one alone: it works."""
        self._heard = True
        if self._code is not None:
            seconds = round(self._clock() - self._began)
            log.warning("delivery.up", channel=self._channel, code=self._code, seconds=seconds)
        self._code, self._free_at = None, 0.0
