"""One case as its desk shows it: the talk, the people, what is known, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.advisors.desk_case import readable
from handlers.cards import Card, TaskCard, cards, task_cards
from handlers.desk.events import EventLine, event_lines
from handlers.desk.talk_view import StaffEntry, staff_entries
from handlers.desk.words import reason
from handlers.ports import House, Viewer
from handlers.residents.wait import quiet
from handlers.rules.access import masked_phone
from handlers.rules.status import OFFERED
from handlers.talk import Talk
from storage import audit, case_slots, conversations, due, people
from storage.cases import Case
from storage.database import Db


@dataclass(frozen=True, slots=True)
class Person:
    """A person in one of the three roles; the number is masked until it is asked for."""

    name: str
    phone_masked: str
    has_phone: bool
    address: str
    age: str
    same_as: str | None  # the role in which this very person was named already


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that is known, from whom, and what was said before it was corrected."""

    key: str
    label: str
    words: str
    source: str
    at: str
    replaced: tuple[str, ...]
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What an advisor should do next."""

    text: str
    action: str
    due_at: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """A key and its words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything of one case."""

    card: Card
    entries: tuple[StaffEntry, ...]
    last_seq: int
    people: dict[str, Person | None]
    answers_to: str | None
    slots: tuple[Known, ...]
    reasons: tuple[str, ...]
    tasks: tuple[TaskCard, ...]
    events: tuple[EventLine, ...]
    next: Next
    allowed: tuple[str, ...]
    resolutions: tuple[Label, ...]
    live: bool
    held: bool = False  # they asked that nothing is written to them


def case_view(db: Db, viewer: Viewer, case_id: str, now: datetime, house: House) -> CaseView:
    """A case for a viewer who may read it; that they read it is kept (design §8)."""
    case = readable(db, viewer, case_id)
    conversation = conversations.get(db, case.conversation_id)
    card = cards(db, viewer, [case], house)[0]
    tasks = task_cards(db, viewer, due.open_tasks(db, case.id), house)
    audit.record(db, viewer.id, "read", now, case.id)
    words = house.staff_words
    slots = _known(db, case, house)
    named = _people(db, case)
    talk = Talk(db, house, now, conversation, case)
    return CaseView(
        card=card,
        entries=tuple(staff_entries(db, viewer, case, conversation, house)),
        last_seq=conversation.last_seq,
        people=named,
        answers_to=case.answers_to,
        slots=tuple(slots),
        reasons=tuple(reason(words, key) for key in case.reasons),
        tasks=tuple(tasks),
        events=tuple(event_lines(db, case, house)),
        next=_next(card, case, viewer, tasks, named, house),
        allowed=tuple(allowed_acts(case, viewer)),
        resolutions=tuple(Label(key, words.say(f"resolution.{key}")) for key in OFFERED),
        live=talk.live,
        held=case.closed_at is None and talk.held,
    )


def _people(db: Db, case: Case) -> dict[str, Person | None]:
    roles = {"asker": case.asker_id, "helped": case.helped_id, "relayer": case.relayer_id}
    found = people.details_of(db, {person for person in roles.values() if person})
    shown: dict[str, Person | None] = {}
    first: dict[str, str] = {}
    for role, person_id in roles.items():
        details = found.get(person_id or "")
        if person_id is None or details is None:
            shown[role] = None
            continue
        shown[role] = Person(
            name=details.name,
            phone_masked=masked_phone(details.phone),
            has_phone=bool(details.phone),
            address=details.address,
            age=details.age,
            same_as=first.get(person_id),
        )
        first.setdefault(person_id, role)
    return shown


def _known(db: Db, case: Case, house: House) -> list[Known]:
    lines = case_slots.of_case(db, case.id)
    current = [line for line in lines if line.replaced_at is None]
    return [
        Known(
            key=line.key,
            label=house.slots.label(line.key),
            words=_said(line, house),
            source=line.source,
            at=line.at.isoformat(),
            replaced=tuple(
                _said(old, house)
                for old in lines
                if old.key == line.key and old.replaced_at is not None
            ),
            sensitive=house.slots.sensitive(line.key),
        )
        for line in current
    ]


def _said(line: case_slots.SlotLine, house: House) -> str:
    """A telephone number is masked here too; it is looked at with a trace (``reveal``)."""
    kind = house.slots.get(line.key)
    if kind is not None and kind.type == "phone":
        return masked_phone(line.value)
    return line.words


def _next(
    card: Card,
    case: Case,
    viewer: Viewer,
    tasks: list[TaskCard],
    named: dict[str, Person | None],
    house: House,
) -> Next:
    words = house.staff_words
    if case.closed_at is not None:
        return Next(words.say("next.closed"), "reopen", None)
    if case.closing_by is not None:
        if case.closing_by == viewer.id:
            return Next(words.say("next.wait_second"), "wait", None)
        return Next(words.say("next.confirm_close"), "confirm_close", None)
    if case.assignee_id is None:
        return Next(words.say("next.claim"), "claim", card.due_at)
    for kind in (*due.REACHING, "listen"):
        task = next((task for task in tasks if task.kind == kind), None)
        if task is not None:
            return Next(words.say(f"next.{kind}"), kind, task.due_at)
    if card.blocked:  # no word arrives there: the telephone, or the door
        if any(person is not None and person.has_phone for person in named.values()):
            return Next(words.say("next.call"), "call", card.due_at)
        return Next(words.say("next.visit"), "wait", card.due_at)
    if case.promised_at is not None:
        return Next(words.say("next.reply"), "reply", case.promised_at.isoformat())
    return Next(words.say("next.wait"), "wait", None)


def allowed_acts(case: Case, viewer: Viewer) -> list[str]:
    """What this viewer, who may read the case, can do about it now."""
    holds = case.assignee_id == viewer.id or viewer.is_supervisor
    if case.closed_at is not None:
        return ["note", "reopen"]
    acts: dict[str, Any] = {
        "claim": case.assignee_id is None,
        "reply": holds and not quiet(case),
        "note": True,
        "close": holds if case.closing_by is None else case.closing_by != viewer.id,
        "reopen": case.closing_by is not None,  # who proposed may take it back
        "release": case.assignee_id is not None and holds,
        "hand_over": case.assignee_id is not None and holds,
        "urgency": True,  # a higher one; who holds the case may lower it too
        "lower": holds,
        "assign": viewer.is_supervisor,
        "reveal": True,
    }
    return [act for act, may in acts.items() if may]
