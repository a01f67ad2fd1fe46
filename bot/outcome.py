"""What becomes of a message after an attempt: sent, tried again, or failed for good."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from bot.channels.base import SendError

# One message that its channel does not take, where others pass: eight pauses from 1 to 128 s, then
# thirteen of 250 s (with the chance in them at most five minutes), about an hour in all. A channel
# that takes nothing from anybody does not count.
TRIES = 22
FIRST_PAUSE, LONGEST_PAUSE, CHANCE = 1.0, 250.0, 0.2
TIME_OUT, FAULT, NOT_HELD = "time_out", "fault", "not_held"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is recorded. ``pause``: seconds until it may go again; ``counted``: among its tries;
    ``gone`` and ``moved_to`` as in SendError."""

    state: Literal["sent", "queued", "failed"]
    code: str | None = None
    external_id: str | None = None
    pause: float = 0.0
    counted: bool = True
    gone: bool = False
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Tries:
    """How often one message is tried, and with which pauses."""

    most: int = TRIES
    first_pause: float = FIRST_PAUSE

    def after(self, error: Exception, attempts: int) -> Outcome:
        """What follows from a failed attempt, the ``attempts``-th."""
        code = _code(error)
        if isinstance(error, SendError):
            if error.everywhere:
                return Outcome("queued", code, counted=False)
            if error.gone:
                return Outcome("failed", code, gone=True)
            if error.moved_to is not None and attempts < self.most:
                return Outcome("queued", code, moved_to=error.moved_to)
            if not error.retryable:
                return Outcome("failed", code)
            if error.retry_after is not None:  # spoken to too fast: the message is not to blame
                return Outcome("queued", code, pause=error.retry_after, counted=False)
        if attempts >= self.most:
            return Outcome("failed", code)
        return Outcome("queued", code, pause=self.pause(attempts))

    def pause(self, attempts: int) -> float:
        """Twice as long each time, with some chance in it."""
        own = min(LONGEST_PAUSE, self.first_pause * 2.0 ** min(attempts - 1, 20))
        return own * random.uniform(1 - CHANCE, 1 + CHANCE)  # noqa: S311 - no secret


def _code(error: Exception) -> str:
    if isinstance(error, SendError):
        return error.code
    return TIME_OUT if isinstance(error, TimeoutError) else FAULT
