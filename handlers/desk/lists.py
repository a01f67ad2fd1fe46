"""The desk's lists: the queue, one's own cases, what is due, and search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.advisors.desk_case import can_read
from handlers.cards import Card, TaskCard, cards, queue_order, task_cards
from handlers.desk.bots import troubles
from handlers.desk.parked import readable_parked
from handlers.ports import House, Viewer
from handlers.rules.triage import URGENCIES
from storage import audit, cases, due, people
from storage.database import Db

MOST_CARDS = 200
_NOW = timedelta(minutes=5)  # what is due within it stands under 现在
_GROUPS = ("now", "today", "later")


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading: ``now``, ``today`` or ``later``."""

    key: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures beside the desk's tabs."""

    queue: int
    mine: int
    due: int
    parked: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Open cases, by urgency and promised time."""

    now: str
    groups: tuple[Group, ...]
    counts: Counts
    too_many: bool
    troubles: tuple[str, ...] = ()  # a bot that is down, in words


def queue(db: Db, viewer: Viewer, now: datetime, house: House) -> Queue:
    """What is open, the most urgent first, and how much is where."""
    rows = due.most_urgent(db, URGENCIES[::-1], MOST_CARDS)
    shown = sorted(cards(db, viewer, rows, house), key=queue_order)
    held = cases.open_count_by_assignee(db)
    counts = Counts(
        queue=held.get(None, 0),
        mine=held.get(viewer.id, 0),
        due=len(due_tasks(db, viewer, house)),
        parked=len(readable_parked(db, viewer)),
    )
    return Queue(
        now.isoformat(),
        _grouped(shown, now, house),
        counts,
        sum(held.values()) > MOST_CARDS,
        troubles(db, viewer, now, house),
    )


def _grouped(shown: Sequence[Card], now: datetime, house: House) -> tuple[Group, ...]:
    zone = house.office.hours.zone
    today = now.astimezone(zone).date()

    def key(card: Card) -> str:
        if card.urgency == "red":
            return "now"
        if card.due_at is None:
            return "later"
        moment = datetime.fromisoformat(card.due_at)
        if moment - now <= _NOW:
            return "now"
        return "today" if moment.astimezone(zone).date() == today else "later"

    groups = {name: tuple(card for card in shown if key(card) == name) for name in _GROUPS}
    return tuple(Group(name, found) for name, found in groups.items() if found)


def mine(db: Db, viewer: Viewer, house: House) -> list[Card]:
    """The viewer's own open cases."""
    return sorted(cards(db, viewer, cases.open_of(db, viewer.id), house), key=queue_order)


def due_tasks(db: Db, viewer: Viewer, house: House) -> list[TaskCard]:
    """Calls to make and notes to hear, in the viewer's cases first."""
    return task_cards(db, viewer, due.open_tasks(db), house)


def search(db: Db, viewer: Viewer, wanted: str, now: datetime, house: House) -> list[Card]:
    """Cases by their number, a telephone number or a name, open or closed.

    What was asked for is kept as its kind and what was found, never as the words.
    """
    wanted = wanted.strip().lstrip("#")
    digits = re.sub(r"^\+?86(?=1\d{10}$)", "", re.sub(r"[\s\-]", "", wanted))
    if not wanted:
        return []
    if digits.isdecimal() and len(digits) < 7:
        kind, found = "number", cases.by_number(db, int(digits))
        rows = [found] if found else []
    else:
        kind, value = ("phone", digits) if digits.isdecimal() else ("name", wanted)
        ids = people.find(db, kind, value)
        rows = [case for case in cases.of_people(db, ids) if can_read(viewer, case)] if ids else []
    audit.record(db, viewer.id, "search", now, kind=kind, cases=[case.id for case in rows])
    return cards(db, viewer, rows, house)


def listed(db: Db, viewer: Viewer, case_ids: list[str], now: datetime) -> None:
    """Keep that a list showed these cases."""
    audit.record(db, viewer.id, "list", now, cases=case_ids)
