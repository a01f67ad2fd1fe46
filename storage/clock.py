"""The one clock of the house: UTC, and movable so that a test can let a night pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """UTC time plus an offset. Only tests and demonstrations move it."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The present moment, aware, in UTC, moved by the offset."""
        return utc_now() + self.offset

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward (or back) by `by`; returns the new present."""
        self.offset += by
        return self.now()
