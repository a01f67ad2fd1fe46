"""Moments as staff read them: 9:12, 昨天 9:12, 还剩 20 分, 晚了 5 分."""

from __future__ import annotations

from datetime import datetime

from dialogs.wording import Phrases
from handlers.ports import House


def clock(moment: datetime, now: datetime, house: House) -> str:
    """A moment in the office's zone, with its day when that is not today's."""
    words, zone = house.staff_words, house.office.hours.zone
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    time = f"{local.hour}:{local.minute:02d}"
    days = (local.date() - today).days
    if days == 0:
        return time
    near = {-1: "yesterday", 1: "tomorrow"}.get(days)
    day = (
        words.say(f"time.{near}")
        if near
        else words.say("time.date", month=str(local.month), day=str(local.day))
    )
    return words.say("time.day_clock", day=day, clock=time)


def left(words: Phrases, until: datetime, now: datetime) -> str:
    """How long until a moment, or since when it is past."""
    seconds = int((until - now).total_seconds())
    late = seconds < 0
    room = "late" if late else "left"
    seconds = abs(seconds)
    minutes, hours = seconds // 60, seconds // 3600
    if late and seconds < 120:
        return words.say("time.late_sec", n=str(seconds))
    if hours < 1:  # "0 left" would be no time at all
        return words.say(f"time.{room}_min", n=str(max(1, minutes)))
    if late and hours >= 24:
        return words.say("time.late_day", n=str(hours // 24))
    if minutes % 60 == 0:
        return words.say(f"time.{room}_hour", h=str(hours))
    return words.say(f"time.{room}_hour_min", h=str(hours), m=str(minutes % 60))
