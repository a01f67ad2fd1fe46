"""Duty hours: when somebody works, and when a number of duty minutes will have passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[time, time]
_LOOK_AHEAD_DAYS = 60  # longer than any closure of an office; beyond it the config is at fault


@dataclass(frozen=True)
class Hours:
    """A weekly pattern (0 = Monday) in the office's zone, with days that differ from it."""

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Span, ...]]
    closed: frozenset[date] = field(default_factory=frozenset)
    extra: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The working spans of one day, in order."""
        if day in self.extra:
            return self.extra[day]
        return () if day in self.closed else self.weekly.get(day.weekday(), ())


def after_duty_minutes(hours: Hours, moment: datetime, minutes: float) -> datetime:
    """The moment at which ``minutes`` of duty time have passed since ``moment`` (aware, UTC out).

    Without any duty hours in the next two months the minutes are counted by the clock: a promise
    must end at some time (design §6: no case is left untouched).
    """
    left = timedelta(minutes=minutes)
    for start, end in _spans_from(hours, moment):
        begin = max(start, moment)
        if end <= begin:
            continue
        if end - begin >= left:
            return (begin + left).astimezone(moment.tzinfo)
        left -= end - begin
    return moment + timedelta(minutes=minutes)


def _spans_from(hours: Hours, moment: datetime) -> list[tuple[datetime, datetime]]:
    first = moment.astimezone(hours.zone).date()
    return [
        (
            datetime.combine(day, start, hours.zone).astimezone(moment.tzinfo),
            datetime.combine(day, end, hours.zone).astimezone(moment.tzinfo),
        )
        for day in (first + timedelta(days=n) for n in range(_LOOK_AHEAD_DAYS))
        for start, end in hours.spans(day)
    ]
