"""What an office can set: the key `office:` of config.yml.

Every field says what it is, in which unit, and where its number comes from; `docs/settings.md` is
made from here. Times are minutes with a fraction, so that a demonstration can make them seconds.
"""

from __future__ import annotations

import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import model_validator

from bot.settings.kinds import (
    Count,
    Day,
    Days,
    DutyMinutes,
    Hours,
    Line,
    Megabytes,
    Milliseconds,
    Minutes,
    Phone,
    Seconds,
    Section,
    Span,
    Zone,
)


def _spans(*written: str) -> tuple[Span, ...]:
    return tuple(Span.model_validate(one) for one in written)


_WORKDAY = _spans("08:30-11:30", "13:00-17:00")


class Weekly(Section):
    """Hours of a usual week, a list of spans a day; an empty list is a day off."""

    mon: Day = _WORKDAY
    """Monday. Source: usual hours of a sub-district's service centre."""
    tue: Day = _WORKDAY
    """Tuesday. Source: as Monday."""
    wed: Day = _WORKDAY
    """Wednesday. Source: as Monday."""
    thu: Day = _WORKDAY
    """Thursday. Source: as Monday."""
    fri: Day = _WORKDAY
    """Friday. Source: as Monday."""
    sat: Day = ()
    """Saturday. Source: a usual day off."""
    sun: Day = ()
    """Sunday. Source: a usual day off."""

    def on(self, weekday: int) -> tuple[Span, ...]:
        """Gives the spans of a weekday, Monday = 0 (as `date.weekday()` counts)."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)[weekday]


class Holidays(Section):
    """Dates that the public calendar does not know, or that this office keeps otherwise."""

    closed: tuple[datetime.date, ...] = ()
    """Days on which nobody is in, beside the public holidays. Source: the office."""
    open: tuple[datetime.date, ...] = ()
    """Days off on which the office works (调休). Source: the office."""

    @model_validator(mode="after")
    def _not_both(self) -> Holidays:
        both = sorted(set(self.closed) & set(self.open))
        if both:
            raise ValueError(f"{both[0]} stands under closed and under open")
        return self


class Red(Section):
    """Danger: nothing holds it, neither night nor holiday."""

    second: Minutes = 1
    """Untouched so long: a second advisor is rung. Source: urgency ladder, design §6."""
    supervisor: Minutes = 2
    """Untouched so long: the supervisor is rung. Source: urgency ladder, design §6."""
    everyone: Minutes = 5
    """Untouched so long: everyone on duty is rung, and the resident is shown the emergency numbers
    again. Source: urgency ladder, design §6."""

    @model_validator(mode="after")
    def _rises(self) -> Red:
        if not self.second <= self.supervisor <= self.everyone:
            raise ValueError("second, supervisor, everyone should not become shorter")
        return self


class Orange(Section):
    """Urgent, on the same day."""

    act: Minutes = 30
    """Untouched so long: it is overdue and pushed. Source: urgency ladder, design §6."""
    tier_up: Minutes = 60
    """Untouched so long: the next tier is told. Source: urgency ladder, design §6."""

    @model_validator(mode="after")
    def _rises(self) -> Orange:
        if self.act > self.tier_up:
            raise ValueError("tier_up should not be shorter than act")
        return self


class Yellow(Section):
    """Soon."""

    act: DutyMinutes = 240
    """Untouched so long: it is overdue and pushed. Source: 4 duty hours, design §6."""


class Green(Section):
    """In its turn."""

    act: DutyMinutes = 480
    """Untouched so long: it is overdue and pushed. Source: 1 working day of 8 hours, design §6."""


class Unseen(Section):
    """How long an advisor's answer may stay unseen before it becomes a telephone task."""

    red: Minutes = 1
    """In a red case. Source: design §6."""
    orange: Minutes = 15
    """In an orange case. Source: design §6."""
    yellow: DutyMinutes = 120
    """In a yellow case. Source: 2 duty hours, design §6."""
    green: DutyMinutes = 120
    """In a green case. Source: as yellow; the design names no other figure."""


class Ladder(Section):
    """Until when somebody must act, by urgency."""

    unheard: Minutes = 10
    """A voice note that nobody has heard so long is pushed, at any hour. Source: design §4."""
    bell_pause: Minutes = 5
    """A claim or an acknowledgement keeps the bell (not the clock) quiet so long.
    Source: the last rung of red."""
    red: Red = Red()
    orange: Orange = Orange()
    yellow: Yellow = Yellow()
    green: Green = Green()
    unseen: Unseen = Unseen()


class Talk(Section):
    """When the bot speaks, and when it is silent."""

    live: Minutes = 30
    """An advisor has written within this time: the talk is live and the bot stays silent.
    Source: design §3."""
    danger_silence: Minutes = 5
    """An advisor has written within this time: the safety script is not said over them.
    Source: design §3."""
    danger_repeat: Minutes = 30
    """The safety script of one kind is said once in this time. Source: design §3."""
    reminder: Minutes = 20
    """An unfinished draft is remembered once after this time. Source: one gentle reminder,
    design §4; the figure is ours."""
    draft_to_case: Minutes = 120
    """An unfinished draft with a real need becomes a case after this time. Source: a draft never
    expires, design §4; the figure is ours."""

    @model_validator(mode="after")
    def _reminds_first(self) -> Talk:
        if self.reminder > self.draft_to_case:
            raise ValueError("reminder should not be longer than draft_to_case")
        return self


class Limits(Section):
    """How much is taken in."""

    messages_a_minute: Count = 20
    """From one sender; what is over it is kept, read for danger, and answered once.
    Source: design §3."""
    inbox: Count = 10_000
    """Messages that wait; over it new ones are refused with 503 and come again. Source: ours,
    20 seconds of work at 500 a second."""
    free_disk: Megabytes = 200
    """Less free space than this: photos and voice notes are refused with 503; less than a quarter
    of it: messages too, but for danger. Source: ours, twenty photos."""
    characters: Count = 100_000
    """In one message; a longer one is refused with 413. Source: the longest that the house
    promises to keep."""
    photo: Megabytes = 10
    """Size of one photo. Source: design §8."""
    voice: Megabytes = 10
    """Size of one voice note. Source: 5 minutes at 256 kbit/s."""
    voice_length: Minutes = 5
    """Length of one voice note. Source: design §8."""
    media_an_hour: Count = 40
    """Photos and voice notes from one device in an hour; more are refused with 429 and come again.
    Source: ours, every page of a thick file."""


class Access(Section):
    """Who may come in, and for how long."""

    staff_idle: Hours = 12
    """A desk that was not used so long is logged out. Source: ours, a working day with margin."""
    login_tries: Count = 5
    """Wrong passwords for one login from one address before they must wait; four times as many for
    one login slow it, ten times as many from one address make it wait. Source: ours."""
    login_wait: Minutes = 15
    """So long are they counted, and so long is the wait. Source: ours."""
    link: Hours = 24
    """A one-time link or code works so long. Source: design §8."""
    device: Days = 400
    """A resident's cookie lives so long after the last visit. Source: the longest that browsers
    allow."""


class Clock(Section):
    """How often the house looks, and how often it tries."""

    tick: Seconds = 1
    """The scheduler asks the database what is due. Source: ours, a sixtieth of the first rung."""
    poll: Milliseconds = 1000
    """Workers look for new messages (an event of their own wakes them sooner).
    Source: design §3."""
    stream: Milliseconds = 250
    """Open pages look for new entries. Source: design §3."""
    keep_alive: Seconds = 15
    """A quiet stream says that it is still there. Source: half of the shortest usual proxy
    time-out."""
    attempts: Count = 3
    """A message whose handling failed so often is parked for a human. Source: design §3."""
    lease: Seconds = 30
    """What a process holds comes free after so long without a sign of it. Source: ours, longer
    than a send time-out."""


class Office(Section):
    """Everything under `office:`."""

    name: Line = "民生暖心屋"
    """The name over the door. Source: the office."""
    phone: Phone = "12345"
    """The station's telephone: shown on every page and slip. Source: the office; until it has
    set its own, the city's service line."""
    zone: Zone = "Asia/Shanghai"
    """The zone in which people read the time. Source: the IANA time zone database."""
    language: Literal["zh", "en"] = "zh"
    """The residents' language on the first visit. Source: the office."""
    units: tuple[Line, ...] = ("康定居委",)
    """The communities that the office serves, the first for whom nobody knows yet.
    Source: the office."""
    duty_hours: Weekly | None = None
    """The hours in which duty minutes run, written like `hours`; not set: the office's hours.
    Source: the office."""
    hours: Weekly = Weekly()
    holidays: Holidays = Holidays()
    ladder: Ladder = Ladder()
    talk: Talk = Talk()
    limits: Limits = Limits()
    access: Access = Access()
    clock: Clock = Clock()

    @model_validator(mode="after")
    def _has_a_unit(self) -> Office:
        if not self.units:
            raise ValueError("units should name one community at least")
        if len(set(self.units)) < len(self.units):
            raise ValueError("units should not name a community twice")
        return self

    @property
    def duty(self) -> Weekly:
        """The hours in which duty minutes run."""
        return self.duty_hours or self.hours

    @property
    def zone_info(self) -> ZoneInfo:
        """The office's zone, to give to `datetime`."""
        return ZoneInfo(self.zone)
