"""The supervisor's board: silence first, then figures against the promise, then who is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from handlers import staff
from handlers.cards import Card, cards
from handlers.desk.bots import troubles
from handlers.desk.words import lasting, waited
from handlers.due import ANSWER, CLAIM
from handlers.ports import House, Refused, Viewer
from handlers.rules.ladder import act_by
from storage import cases, due
from storage.cases import Case
from storage.database import Db
from storage.due import Due

DAYS = 14


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the day. ``tone`` is bad, ok or nothing."""

    key: str
    label: str
    value: str
    note: str
    tone: str | None


@dataclass(frozen=True, slots=True)
class Watch:
    """A case that waits for a person: since when, who should, and how far the ladder is."""

    case_id: str
    number: int
    urgency: str
    line: str
    who: str
    waited: str
    waited_since: str
    rung: int
    rungs: int
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Requests of one day: taken up in time, or late."""

    date: str
    on_time: int
    late: int


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is here."""

    id: str
    unit: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board."""

    now: str
    figures: tuple[Figure, ...]
    watch: tuple[Watch, ...]
    days: tuple[Day, ...]
    duty: tuple[Duty, ...]
    troubles: tuple[str, ...] = ()  # a bot that is down, in words


def board(db: Db, viewer: Viewer, now: datetime, house: House) -> Board:
    """The board; only for supervisors.

    Raises:
        Refused: 403 for anybody else.
    """
    if not viewer.is_supervisor:
        raise Refused("only_supervisor", 403)
    zone = house.office.hours.zone
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    recent = cases.since(db, midnight - timedelta(days=DAYS - 1))
    today = [case for case in recent if case.created_at >= midnight]
    waiting = [row for row in due.all_open(db) if row.kind in (CLAIM, ANSWER)]
    waiting.sort(key=lambda row: row.since)
    return Board(
        now=now.isoformat(),
        figures=_figures(db, waiting, today, now, house),
        watch=_watch(db, viewer, waiting, now, house),
        days=_days(recent, midnight, now, house),
        duty=tuple(
            Duty(row.id, row.unit or house.office.units[0], row.name, row.on_duty)
            for row in staff.colleagues(db)
        ),
        troubles=troubles(db, viewer, now, house),
    )


def _watch(
    db: Db, viewer: Viewer, waiting: Sequence[Due], now: datetime, house: House
) -> tuple[Watch, ...]:
    found = {case.id: case for case in cases.by_ids(db, [row.case_id or "" for row in waiting])}
    late = [row for row in waiting if _is_late(row, found.get(row.case_id or ""), now)]
    those = [found[row.case_id] for row in late if row.case_id]
    shown = {card.id: card for card in cards(db, viewer, those, house)}
    return tuple(
        _watched(row, shown[row.case_id], found[row.case_id], now, house)
        for row in late
        if row.case_id in shown
    )


def _is_late(row: Due, case: Case | None, now: datetime) -> bool:
    """Pushed once already, or past the promise; the bell's pause does not count."""
    if case is None:
        return False
    return row.rung > 0 or (case.promised_at or row.at) <= now


def _watched(row: Due, card: Card, case: Case, now: datetime, house: House) -> Watch:
    unit = case.unit or house.office.name
    words = house.staff_words
    name = card.assignee.name if card.assignee else ""
    return Watch(
        case_id=card.id,
        number=card.number,
        urgency=card.urgency,
        line=card.line or card.title,
        who=words.say("board.who_on", unit=unit, name=name) if name else unit,
        waited=waited(words, row.since, now),
        waited_since=row.since.isoformat(),
        rung=row.rung,
        rungs=len(house.office.ladder.rungs[case.urgency]),
        actions=("assign", "remind") if card.assignee else ("assign",),
    )


def _figures(
    db: Db, waiting: Sequence[Due], today: Sequence[Case], now: datetime, house: House
) -> tuple[Figure, ...]:
    words = house.staff_words
    untouched = [row for row in waiting if row.kind == CLAIM]
    oldest = None
    if untouched and untouched[0].case_id:
        oldest = cases.get(db, untouched[0].case_id)
    minutes = sorted(
        (case.taken_at - case.created_at).total_seconds() for case in today if case.taken_at
    )
    on_time, late = _on_time(today, now, house)
    red = [case for case in today if case.urgency == "red"]
    return (
        Figure(
            "untouched",
            words.say("board.figures.untouched"),
            str(len(untouched)),
            words.say(
                "board.notes.untouched",
                number=str(oldest.number),
                waited=waited(words, untouched[0].since, now),
            )
            if oldest
            else words.say("board.notes.untouched_none"),
            "bad" if untouched else "ok",
        ),
        Figure(
            "received",
            words.say("board.figures.received"),
            str(len(today)),
            words.say("board.notes.open", n=str(sum(cases.open_count_by_assignee(db).values()))),
            None,
        ),
        Figure(
            "on_time",
            words.say("board.figures.on_time"),
            words.say("board.value_percent", n=str(round(100 * on_time / (on_time + late))))
            if on_time + late
            else "–",
            _spread(minutes, late, house),
            None if not on_time + late else ("ok" if late == 0 else "bad"),
        ),
        Figure(
            "red",
            words.say("board.figures.red"),
            str(len(red)),
            _red_note(red, house),
            "bad" if any(case.assignee_id is None and not case.closed_at for case in red) else None,
        ),
    )


def _spread(seconds: list[float], late: int, house: House) -> str:
    words = house.staff_words
    if not seconds:
        return words.say("board.notes.none_taken" if late else "board.notes.none")
    ninth = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return words.say(
        "board.notes.on_time",
        median=lasting(words, int(median(seconds))),
        p90=lasting(words, int(ninth)),
    )


def _red_note(red: Sequence[Case], house: House) -> str:
    words = house.staff_words
    took = [(case.taken_at - case.created_at).total_seconds() for case in red if case.taken_at]
    free = sum(case.assignee_id is None and case.closed_at is None for case in red)
    if free:
        return words.say("board.notes.red_open", n=str(free))
    if not took:
        return words.say("board.notes.red_none" if not red else "board.notes.none")
    target = int(house.office.ladder.act["red"] * 60)
    return words.say(
        "board.notes.red", took=lasting(words, int(median(took))), target=lasting(words, target)
    )


def _on_time(found: Sequence[Case], now: datetime, house: House) -> tuple[int, int]:
    """How many were taken up by their time, and how many were not."""
    on_time = late = 0
    office = house.office
    for case in found:
        if case.taken_at is not None:
            on_time += bool(case.taken_in_time)
            late += not case.taken_in_time
            continue
        by = act_by(office.ladder, office.hours, case.urgency, case.created_at)
        if case.closed_at is None and now > by:
            late += 1
    return on_time, late


def _days(
    recent: Sequence[Case], midnight: datetime, now: datetime, house: House
) -> tuple[Day, ...]:
    zone = house.office.hours.zone
    days = []
    for back in range(DAYS - 1, -1, -1):
        date = (midnight - timedelta(days=back)).date()
        those = [case for case in recent if case.created_at.astimezone(zone).date() == date]
        on_time, late = _on_time(those, now, house)
        days.append(Day(date.isoformat(), on_time, late))
    return tuple(days)
