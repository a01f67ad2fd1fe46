"""Duty hours: lunch, weekends, holidays, worked weekends, any zone, and no hours at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.hours import Hours, after_duty_minutes

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = ((time(8, 30), time(11, 30)), (time(13), time(17)))
HOURS = Hours(SHANGHAI, dict.fromkeys(range(5), DAY))


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment of November 2026 (the 23rd is a Monday), in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "minutes", "until"),
    [
        (at(24, 9), 60, at(24, 10)),
        (at(24, 11), 60, at(24, 13, 30)),
        (at(24, 11), 30, at(24, 11, 30)),
        (at(24, 16), 240, at(25, 11, 30)),
        (at(27, 16, 30), 60, at(30, 9)),
        (at(28, 3), 10, at(30, 8, 40)),
        (at(24, 23), 1, at(25, 8, 31)),
        (at(24, 9), 0, at(24, 9)),
        (at(24, 8, 29), 1, at(24, 8, 31)),
        (at(24, 12), 1, at(24, 13, 1)),
        (at(24, 11, 30), 1, at(24, 13, 1)),
        (at(24, 17), 1, at(25, 8, 31)),
    ],
    ids=[
        "within",
        "over lunch",
        "to the edge",
        "over night",
        "weekend",
        "Saturday",
        "night",
        "0",
        "too early",
        "lunch",
        "lunch begins",
        "closes",
    ],
)
def test_duty_minutes(since: datetime, minutes: float, until: datetime) -> None:
    assert after_duty_minutes(HOURS, since, minutes) == until


def test_a_holiday_is_no_duty_and_a_worked_saturday_is() -> None:
    hours = Hours(
        SHANGHAI,
        HOURS.weekly,
        closed=frozenset({date(2026, 11, 25)}),
        extra={date(2026, 11, 28): DAY},
    )
    assert after_duty_minutes(hours, at(24, 16, 30), 60) == at(26, 9)
    assert after_duty_minutes(hours, at(27, 16, 30), 60) == at(28, 9)
    assert after_duty_minutes(hours, at(25, 10), 1) == at(26, 8, 31)


def test_a_day_that_is_named_opens_though_it_is_closed() -> None:
    day = date(2026, 11, 25)
    hours = Hours(SHANGHAI, HOURS.weekly, closed=frozenset({day}), extra={day: DAY[:1]})
    assert after_duty_minutes(hours, at(25, 9), 60) == at(25, 10)
    assert after_duty_minutes(hours, at(25, 14), 60) == at(26, 9, 30)


def test_the_zone_of_the_office_counts_not_the_servers() -> None:
    urumqi = ZoneInfo("Asia/Urumqi")  # two hours behind Shanghai, no summer time either
    hours = Hours(urumqi, HOURS.weekly)
    assert after_duty_minutes(hours, at(24, 9), 60) == at(24, 9, 30, zone=urumqi)


def test_result_is_in_the_zone_of_the_question() -> None:
    assert after_duty_minutes(HOURS, at(24, 9), 60).tzinfo is UTC


def test_without_any_hours_minutes_run_by_the_clock() -> None:
    never = Hours(SHANGHAI, {})
    moment = at(24, 9)
    assert after_duty_minutes(never, moment, 90) == moment + timedelta(minutes=90)


def test_night_duty_to_midnight_goes_on_the_next_day() -> None:
    night = Hours(SHANGHAI, {day: ((time(0), time(6)), (time(22), time.max)) for day in range(7)})
    until = after_duty_minutes(night, at(24, 23), 120)
    assert abs(until - at(25, 1)) < timedelta(seconds=1)
