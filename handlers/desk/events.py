"""What happened to a case, in words, newest first, with what is due on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.desk.words import reason
from handlers.due import ANSWER, CLAIM, UNHEARD, UNSEEN
from handlers.ports import House
from storage import cases, due, staff
from storage.cases import Case, CaseEvent
from storage.database import Db

_DUE_KINDS = (CLAIM, ANSWER, UNSEEN, UNHEARD)


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the course of events; ``due`` is in the future."""

    at: str
    text: str
    due: bool


def event_lines(db: Db, case: Case, house: House) -> list[EventLine]:
    """The course of events, and before it what is ahead."""
    names = staff.names(db)
    words = house.staff_words
    soonest: dict[str, due.Due] = {}  # several answers that wait to be seen are one line
    for row in due.of_case(db, case.id):
        if row.kind in _DUE_KINDS:
            soonest.setdefault(row.kind, row)
    ahead = [
        EventLine(_moment(row, case).isoformat(), words.say(_due_words(row)), True)
        for row in soonest.values()
    ]
    past = [
        EventLine(event.at.isoformat(), _text(event, names, house), False)
        for event in reversed(cases.events(db, case.id))
    ]
    return [*ahead, *past]


def _due_words(row: due.Due) -> str:
    """What is still awaited is not said as if it had failed."""
    return "due.unseen_yet" if row.kind == UNSEEN else f"due.{row.kind}"


def _moment(row: due.Due, case: Case) -> datetime:
    promised = row.kind in (CLAIM, ANSWER) and case.promised_at is not None
    return case.promised_at if promised and case.promised_at is not None else row.at


def _text(event: CaseEvent, names: dict[str, str], house: House) -> str:
    words, data = house.staff_words, event.data
    key = f"events.{event.kind}"
    if key not in words:
        return words.say("events.other")
    filled = {
        "name": names.get(data.get("to") or event.staff_id or "", ""),
        "by": names.get(event.staff_id or "", ""),
        **{name: _words(house, name, value) for name, value in data.items()},
    }
    if "whose" in data:
        filled["whose"] = names.get(data["whose"] or "", "")
    if event.kind == "escalated":
        filled["name"] = words.say(f"audiences.{data['audience']}")
    if event.kind == "danger":
        filled["danger"] = "、".join(words.say(f"dangers.{one}") for one in data["dangers"])
    if event.kind in {"lowered", "urgency_set"}:
        filled["reason"] = words.say("events.see_note")
    return words.say(key, **{name: filled.get(name, "") for name in words.params(key)})


def _words(house: House, name: str, value: Any) -> str:
    """The words of a code in an event's data; several are joined by 、."""
    words = house.staff_words
    room = {
        "urgency": "urgency",
        "resolution": "resolution",
        "face": "faces",
        "field": "fields",
        "needs": "needs",
    }.get(name)
    values = value if isinstance(value, list) else [value]
    if name == "reasons":
        return "、".join(reason(words, one) for one in values)
    said = [
        words.say(f"{room}.{one}") if room and f"{room}.{one}" in words else str(one)
        for one in values
    ]
    return "、".join(said)
