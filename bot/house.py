"""The house's settled content: what advisors wrote and what the office set."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import structlog

from bot import media
from bot import settings as settings_of
from bot.settings import Settings, Span
from bot.settings.office import Ladder as Limits
from dialogs.content import Content, load_content
from dialogs.wording import Phrases
from handlers.ports import House, Office
from handlers.rules import hours as hours_of
from handlers.rules.hours import Hours
from handlers.rules.ladder import Ladder, Rung

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parents[1]
PHRASES = ROOT / "dialogs" / "phrases"
NLU_DATA = ROOT / "nlu_data"


def build_house(settings: Settings, today: date) -> tuple[House, Content]:
    """All content and settings, checked.

    Raises:
        ContentError: a flow, a phrase or a safety text is not as it should be.
    """
    content = load_content(settings.office.language)
    # Staff read Chinese whatever language residents see first.
    staff = Phrases(Phrases.load(PHRASES, "zh").group("staff"))
    house = House(
        office=office(settings.office, today),
        flows=content.flows,
        phrases=content.phrases,
        staff_words=staff,
        slots=content.slots,
        danger=content.danger,
    )
    return house, content


def office(given: settings_of.Office, today: date) -> Office:
    """The office's settings in the units of the use cases."""
    talk, limits, access, ladder = given.talk, given.limits, given.access, given.ladder
    return Office(
        name=given.name,
        phone=given.phone,
        language=given.language,
        units=given.units,
        hours=duty_hours(given, today),
        ladder=rungs(ladder),
        live=timedelta(minutes=talk.live),
        danger_silence=timedelta(minutes=talk.danger_silence),
        danger_repeat=timedelta(minutes=talk.danger_repeat),
        reminder=timedelta(minutes=talk.reminder),
        draft_to_case=timedelta(minutes=talk.draft_to_case),
        unheard=timedelta(minutes=ladder.unheard),
        bell_pause=timedelta(minutes=ladder.bell_pause),
        messages_a_minute=limits.messages_a_minute,
        inbox_limit=limits.inbox,
        attempts=given.clock.attempts,
        link=timedelta(hours=access.link),
        staff_idle=timedelta(hours=access.staff_idle),
        login_tries=access.login_tries,
        login_wait=timedelta(minutes=access.login_wait),
        media_an_hour=limits.media_an_hour,
    )


def media_limits(given: settings_of.Office) -> media.Limits:
    """The most that is taken of a file."""
    limits = given.limits
    return media.Limits(
        photo=limits.photo * media.MB,
        voice=limits.voice * media.MB,
        seconds=limits.voice_length * 60,
    )


def rungs(given: Limits) -> Ladder:
    """Who is told after how long (design §6), as the rules take it."""
    red, orange, unseen = given.red, given.orange, given.unseen
    return Ladder(
        rungs={
            "red": (
                Rung(red.second, "advisors"),
                Rung(red.supervisor, "supervisors"),
                Rung(red.everyone, "all", tell_resident=True),
            ),
            "orange": (Rung(orange.act, "supervisors"), Rung(orange.tier_up, "all")),
            "yellow": (Rung(given.yellow.act, "supervisors"),),
            "green": (Rung(given.green.act, "supervisors"),),
        },
        act={
            "red": red.second,
            "orange": orange.act,
            "yellow": given.yellow.act,
            "green": given.green.act,
        },
        unseen={
            "red": unseen.red,
            "orange": unseen.orange,
            "yellow": unseen.yellow,
            "green": unseen.green,
        },
    )


def duty_hours(given: settings_of.Office, today: date) -> Hours:
    """The week of the office, with the public holidays of last year to next year.

    A year that the public calendar does not know has its weekdays and the office's own table.
    """
    weekly = {day: _times(given.duty.on(day)) for day in range(7)}
    usual = next((spans for spans in weekly.values() if spans), ())
    closed: set[date] = set()
    extra: dict[date, tuple[hours_of.Span, ...]] = {}
    for day, off in _calendar(today).items():
        if off and weekly[day.weekday()]:
            closed.add(day)
        elif not off and day.weekday() >= 5 and not weekly[day.weekday()]:
            extra[day] = usual  # 调休: a weekend that is worked
    closed.update(given.holidays.closed)
    for day in given.holidays.closed:
        extra.pop(day, None)
    for day in given.holidays.open:
        closed.discard(day)
        extra[day] = weekly[day.weekday()] or usual
    return Hours(given.zone_info, weekly, frozenset(closed), extra)


def _times(spans: tuple[Span, ...]) -> tuple[hours_of.Span, ...]:
    return tuple((span.start, span.end) for span in spans)


def _calendar(today: date) -> Mapping[date, bool]:
    """Whether each day is off, for the years that the public calendar knows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chinese_calendar
        from chinese_calendar.constants import holidays
    known: dict[date, bool] = {}
    years = {day.year for day in holidays}
    if today.year not in years:
        log.warning("calendar.unknown_year", year=today.year)
    for year in years & {today.year - 1, today.year, today.year + 1}:
        day = date(year, 1, 1)
        while day.year == year:
            known[day] = bool(chinese_calendar.is_holiday(day))
            day += timedelta(days=1)
    return known
