"""Cards: what staff see of a case at one glance, already redacted for the viewer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.meaning import danger as signs
from handlers.advisors.desk_case import can_read
from handlers.due import ANSWER, CLAIM, UNHEARD, UNSEEN
from handlers.heard import is_only
from handlers.ports import House, Viewer
from handlers.quoting import one_line
from handlers.rules.access import without_phones
from handlers.rules.triage import URGENCIES
from storage import cases, conversations, due, entries, headlines, people, staff
from storage.cases import Case
from storage.database import Db
from storage.due import Due

_LINE = 60  # characters of the first words that fit a card
_SEARCHED = 2_000  # characters in which the danger is looked for
_BEFORE = 12  # characters of a long text that are quoted before its danger
_CLAUSES = re.compile(r"[^\s,,.。;;!!??、]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A colleague, by id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """One case in a list. Times are ISO 8601 in UTC."""

    id: str
    number: int
    title: str
    line: str
    urgency: str
    danger: tuple[str, ...]
    needs: tuple[str, ...]
    need_words: tuple[str, ...]
    channel: str
    who: str
    status: str
    assignee: Named | None
    mine: bool
    due_at: str | None
    due_kind: str | None
    created_at: str
    unread: int
    voice_unheard: bool
    closing_by: str | None
    redacted: bool
    blocked: bool = False  # they shut us out on their channel: words do not arrive


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A piece of work that is no message. ``text`` says what is to be done."""

    id: str
    kind: str
    case_id: str
    number: int
    title: str
    due_at: str
    text: str
    urgency: str


@dataclass(slots=True)
class _Known:
    """What a list of cards needs, read once for all of them."""

    names: dict[str, str]
    people: dict[str, people.Details]
    lines: dict[str, list[entries.Line]]
    talks: dict[str, conversations.Conversation]
    unheard: set[str]
    unread: dict[tuple[str, str | None], int]
    due: dict[str, Due]
    tasks: dict[str, datetime]


def cards(db: Db, viewer: Viewer, rows: Sequence[Case], house: House) -> list[Card]:
    """A card for each case, in the order given."""
    known = _read(db, viewer, rows)
    return [_card(viewer, case, known, house) for case in rows]


def queue_order(card: Card) -> tuple[int, str, int]:
    """Urgency, then the promised time, then age."""
    return -URGENCIES.index(card.urgency), card.due_at or "9", card.number


def task_cards(db: Db, viewer: Viewer, tasks: Sequence[due.Task], house: House) -> list[TaskCard]:
    """Tasks of cases that the viewer may read."""
    found = {case.id: case for case in cases.by_ids(db, [task.case_id for task in tasks])}
    shown = [(task, found[task.case_id]) for task in tasks if can_read(viewer, found[task.case_id])]
    titles = {card.id: card for card in cards(db, viewer, [case for _, case in shown], house)}
    return [
        TaskCard(
            id=task.id,
            kind=task.kind,
            case_id=case.id,
            number=case.number,
            title=titles[case.id].title,
            due_at=task.at.isoformat(),
            text=house.staff_words.say(_task_words(task)),
            urgency=case.urgency,
        )
        for task, case in shown
    ]


def _task_words(task: due.Task) -> str:
    """A call because an answer was not seen, or because there is no chat with who is helped."""
    if task.kind in due.REACHING and task.ref is not None:
        return "tasks.unseen" if task.kind == "call" else "tasks.unseen_visit"
    return f"tasks.{task.kind}"


def _read(db: Db, viewer: Viewer, rows: Sequence[Case]) -> _Known:
    readable = [case for case in rows if can_read(viewer, case)]
    ids = {case.helped_id for case in readable if case.helped_id}
    talks = {row.id: row for row in conversations.by_ids(db, {c.conversation_id for c in rows})}
    soonest: dict[str, Due] = {}
    for row in due.of_cases(db, [case.id for case in rows]):
        if row.case_id is not None and row.kind in (CLAIM, ANSWER, UNSEEN, UNHEARD):
            soonest.setdefault(row.case_id, row)
    return _Known(
        names=staff.names(db),
        people=people.details_of(db, ids),
        lines=headlines.leading_lines(db, {case.id: case.lead_seq for case in readable}),
        talks=talks,
        unheard=due.cases_with_task(db, [case.id for case in rows], "listen"),
        unread=entries.unread(db, set(talks)),
        due=soonest,
        tasks=due.soonest_tasks(db, [case.id for case in rows]),
    )


def _card(viewer: Viewer, case: Case, known: _Known, house: House) -> Card:
    words = house.staff_words
    readable = can_read(viewer, case)
    talk = known.talks[case.conversation_id]
    need_words = tuple(words.say(f"needs.{need}") for need in case.needs)
    row = known.due.get(case.id)
    assignee = case.assignee_id
    return Card(
        id=case.id,
        number=case.number,
        title=_title(case, known, house) if readable else words.say("card.redacted"),
        line=(_headline(known.lines.get(case.id, []), case, house) or _danger_words(case, house))
        if readable
        else "",
        urgency=case.urgency,
        danger=tuple(case.dangers),
        needs=tuple(case.needs),
        need_words=need_words or (words.say("needs.none"),),
        channel=talk.channel,
        who=case.who,
        status=case.status,
        assignee=Named(assignee, known.names.get(assignee, "")) if assignee else None,
        mine=assignee == viewer.id,
        due_at=_due_at(case, row, known.tasks.get(case.id)),
        due_kind=None if row is None else row.kind,
        created_at=case.created_at.isoformat(),
        unread=sum(known.unread.get((talk.id, key), 0) for key in (case.id, None))
        if case.closed_at is None
        else 0,
        voice_unheard=case.id in known.unheard,
        closing_by=known.names.get(case.closing_by or "") if case.closed_at is None else None,
        redacted=not readable,
        blocked=talk.blocked_at is not None and case.closed_at is None,
    )


def _headline(lines: Sequence[entries.Line], case: Case, house: House) -> str:
    """The first line that says something, and no more than fits; numbers are masked."""
    telling = (line for line in lines if _tells(line.text, house))
    line = next(telling, lines[0] if lines else None)
    if line is None:
        return ""
    text = quoted(line.text, case.dangers)
    if text and line.extra.get("forwarded"):
        text = house.staff_words.say("chat.talk.forwarded", text=text)
    return text


def quoted(text: str, dangers: Sequence[str] = ()) -> str:
    """Words as a card quotes them: short, around the danger where there is one, without numbers."""
    text, start = one_line(text), 0
    if dangers and len(text) > _LINE:
        clauses = _CLAUSES.finditer(text[:_SEARCHED])
        found = next((one for one in clauses if signs.find(one.group())), None)
        start = max(0, found.start() - _BEFORE) if found else 0
    cut = text[start : start + _LINE]
    masked = without_phones(cut if start + len(cut) < len(text) else text[start:])
    return ("…" if start else "") + masked[:_LINE]


def _tells(text: str, house: House) -> bool:
    """Whether it is more than a greeting or an emoji."""
    return any(one.isalnum() for one in text) and not is_only(house, "greet", text)


def _due_at(case: Case, row: Due | None, task: datetime | None) -> str | None:
    """The soonest of what waits: the promise (never the bell's pause), an answer, a task."""
    if case.closed_at is not None:
        return None
    waits = [task] if task is not None else []
    if row is not None and row.kind in (CLAIM, ANSWER) and case.promised_at is not None:
        waits.append(case.promised_at)
    elif row is not None:
        waits.append(row.at)
    return min(waits).isoformat() if waits else None


def _title(case: Case, known: _Known, house: House) -> str:
    """王阿婆,82, or what is known: an age, or nobody's name."""
    person = known.people.get(case.helped_id or "", people.Details())
    words = house.staff_words
    name = one_line(person.name) or words.say("card.nameless")
    return words.say("card.name_age", name=name, age=person.age) if person.age else name


def _danger_words(case: Case, house: House) -> str:
    return "、".join(house.staff_words.say(f"dangers.{danger}") for danger in case.dangers)
