"""A moment as people say it: 上午10点, 明天上午9点. The words stand in phrases (``when.*``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.ports import House

_ROUND_MINUTES = 5  # nobody says 9:37; rounding up keeps the promise
_PARTS = ((5, "night"), (12, "morning"), (13, "noon"), (18, "afternoon"), (24, "evening"))
_SOON = timedelta(minutes=3)


def by_when(moment: datetime, now: datetime, house: House) -> str:
    """``moment`` (aware) in the office's zone, for the sentence 「…会在{when}前回您」."""
    phrases, zone = house.phrases, house.office.hours.zone
    if moment - now <= _SOON:
        return phrases.say("when.soon")
    local = _rounded_up(moment.astimezone(zone))
    clock = phrases.say(
        "when.hour" if local.minute == 0 else "when.hour_minute",
        hour=str(local.hour - 12 if local.hour > 12 else local.hour),
        minute=f"{local.minute:02d}",
    )
    part = next(name for hour, name in _PARTS if local.hour < hour)
    time = phrases.say(f"when.{part}", clock=clock)
    days = (local.date() - now.astimezone(zone).date()).days
    if days == 0:
        return time
    if days == 1:
        return phrases.say("when.tomorrow", time=time)
    if days < 7:
        return phrases.say(f"when.weekday_{local.weekday()}", time=time)
    return phrases.say("when.date", month=str(local.month), day=str(local.day), time=time)


def _rounded_up(moment: datetime) -> datetime:
    over = timedelta(
        minutes=moment.minute % _ROUND_MINUTES,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment if not over else moment - over + timedelta(minutes=_ROUND_MINUTES)
