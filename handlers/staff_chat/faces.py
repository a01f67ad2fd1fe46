"""How a case looks in a chat of staff: its card, its push, its impersonal card for groups."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from handlers.advisors.desk_case import can_claim, can_read
from handlers.cards import Card, cards, quoted
from handlers.desk.case_view import allowed_acts
from handlers.ports import House, Viewer
from handlers.staff_chat.buttons import Button, Rows, button, rows
from handlers.staff_chat.times import clock, left
from storage import due, entries, notices, people, staff
from storage.cases import Case
from storage.database import Db


@dataclass(frozen=True, slots=True)
class Face:
    """A message laid out: a bold first line, text, and buttons.

    ``left``: how much time there is; it is said once, and not kept up to date. ``last``: nothing
    will change this message any more. ``failed``: it says that words did not arrive.
    """

    title: str
    text: str
    rows: Rows = field(default_factory=list)
    left: str = ""
    last: bool = False
    failed: bool = False


NOTHING = Face("", "")


def digest(face: Face) -> str:
    """A short hash of what stands in a message; it is compared, and says nothing."""
    made = json.dumps([face.title, face.text, face.rows], ensure_ascii=True)
    return hashlib.sha256(made.encode()).hexdigest()[:16]


def card_of(db: Db, viewer: Viewer, case: Case, house: House) -> Card:
    """The card of one case."""
    return cards(db, viewer, [case], house)[0]


def heading(card: Card, house: House) -> str:
    """#231 陈老伯,76 · 橙."""
    return house.staff_words.say(
        "chat.card.title",
        number=str(card.number),
        title=card.title,
        urgency=house.staff_words.say(f"urgency.{card.urgency}"),
    )


def card_face(db: Db, viewer: Viewer, case: Case, now: datetime, house: House) -> Face:
    """A case for one viewer."""
    card = card_of(db, viewer, case, house)
    text = "\n".join(lines_of(db, card, case, now, house))
    if card.redacted:
        shown = rows([claim_button(db, viewer, case, house)])
    else:
        shown = acts_of(db, viewer, card, case, house)
    return Face(heading(card, house), text, shown, left=_left(card, now, house))


def claim_button(db: Db, viewer: Viewer, case: Case, house: House) -> Button | None:
    """我来, where nobody has it and this viewer may take it: a red one that is not theirs too."""
    free = case.assignee_id is None and case.closed_at is None
    if not free or not can_claim(db, viewer, case):
        return None
    return button(house.staff_words.say("talk.claim"), "cl", case.id)


def group_face(db: Db, case: Case, now: datetime, house: House, names: dict[str, str]) -> Face:
    """A case for a group: number, urgency, needs, time; nothing by which anybody is known."""
    words = house.staff_words
    dangers = [words.say(f"dangers.{one}") for one in case.dangers]  # of what kind, not of whom
    needs = [words.say(f"needs.{need}") for need in case.needs] or [words.say("needs.none")]
    lines = ["、".join(dangers or needs)]
    if case.closed_at is not None:
        lines.append(words.say("status.closed"))
    elif case.assignee_id is not None:
        name = names.get(case.assignee_id, "")
        lines.append(_with(db, case.assignee_id, name, house))
    else:
        lines.append(words.say("alarm.unclaimed"))
    if case.closed_at is None and case.promised_at is not None:
        kind = "claim" if case.assignee_id is None else "answer"
        moment = clock(case.promised_at, now, house)
        lines.append(words.say("chat.card.due", clock=moment, what=words.say(f"due.{kind}")))
    title = group_title(case, house)
    free = case.assignee_id is None and case.closed_at is None
    acts = [button(words.say("talk.claim"), "cl", case.id)] if free else []
    return Face(title, "\n".join(lines), rows(acts))


def group_title(case: Case, house: House) -> str:
    """#231 · 红."""
    say = house.staff_words.say
    urgency = say(f"urgency.{case.urgency}")
    return say("chat.card.group", number=str(case.number), urgency=urgency)


def lines_of(db: Db, card: Card, case: Case, now: datetime, house: House) -> list[str]:
    """What stands on a card, line by line."""
    words = house.staff_words
    say = words.say
    lines = []
    if card.line:
        lines.append(say("chat.card.line", line=card.line))
    if card.danger:
        danger = "、".join(say(f"dangers.{one}") for one in card.danger)
        lines.append(say("chat.card.danger", danger=danger))
    needs = () if card.danger and (card.redacted or not card.needs) else card.need_words
    facts = [*filter(None, ["、".join(needs)]), *_for_whom(card, case, house)]
    if facts:
        lines.append(" · ".join(facts))
    if case.closed_at is not None:
        lines.append(say("chat.card.closed", resolution=say(f"resolution.{case.resolution}")))
        return lines
    lines.append(_holder(db, card, house))
    if card.due_at is not None and card.due_kind is not None:
        lines.append(_due(card.due_at, card.due_kind, now, house))
    if card.closing_by:
        lines.append(say("list.closing", name=card.closing_by))
    if card.redacted:
        return lines
    if card.blocked:
        lines.append(say("talk.blocked" if has_phone(db, case) else "talk.blocked_visit"))
    tasks = [task.kind for task in due.open_tasks(db, case.id)]
    lines += [say("chat.card.task", task=say(f"tasks.{kind}")) for kind in tasks]
    if card.unread:
        lines.append(say("list.unread", n=str(card.unread)))
        if case.urgency == "red" and (newest := _newest(db, card, case)):
            lines.append(say("chat.card.newest", text=newest))
    if card.voice_unheard and "listen" not in tasks:
        lines.append(say("list.voice"))
    return lines


def _for_whom(card: Card, case: Case, house: House) -> list[str]:
    """That somebody asks for somebody else, and who gets the answers: the chat is not with them."""
    if card.who not in ("other", "relay"):
        return []
    keys = [f"who.{card.who}", f"answers_to.{case.answers_to}" if case.answers_to else None]
    return [house.staff_words.say(key) for key in keys if key is not None]


def _newest(db: Db, card: Card, case: Case) -> str:
    """The last thing they said, where the card does not quote it already."""
    seq = entries.last_said(db, case.conversation_id, case.id, 0, entries.MOST_SEQ)
    line = entries.at(db, case.conversation_id, seq) if seq else None
    text = quoted(line.text, case.dangers) if line is not None else ""
    return "" if text == card.line else text


def _holder(db: Db, card: Card, house: House) -> str:
    words = house.staff_words
    if card.assignee is None:
        return words.say("alarm.unclaimed")
    if card.mine:
        return words.say("talk.yours")
    return _with(db, card.assignee.id, card.assignee.name, house)


def _with(db: Db, staff_id: str, name: str, house: House) -> str:
    """李顾问在跟, or 李顾问 · 不在岗."""
    person = staff.get(db, staff_id)
    here = person is not None and person.on_duty
    return house.staff_words.say("chat.card.holder" if here else "chat.card.holder_off", name=name)


def _due(due_at: str, kind: str, now: datetime, house: House) -> str:
    words = house.staff_words
    what = words.say("due.unseen_yet" if kind == "unseen" else f"due.{kind}")
    moment = clock(datetime.fromisoformat(due_at), now, house)
    said = words.say("chat.card.due", clock=moment, what=what)
    if datetime.fromisoformat(due_at) >= now:
        return said
    return words.say("chat.card.late", due=said)  # how late changes, and a card is not followed


def _left(card: Card, now: datetime, house: House) -> str:
    if card.due_at is None or card.due_kind is None:
        return ""
    if datetime.fromisoformat(card.due_at) < now:
        return ""  # that it is late stands in the card
    return left(house.staff_words, datetime.fromisoformat(card.due_at), now)


def acts_of(db: Db, viewer: Viewer, card: Card, case: Case, house: House) -> Rows:
    """What this viewer may do, as case_view allows it: first what is done most."""
    may = frozenset(allowed_acts(case, viewer))
    say = house.staff_words.say
    closing = case.closing_by is not None and case.closed_at is None

    def do(act: str, key: str, *parts: str, when: bool = True) -> Button | None:
        return button(say(key), act, case.id, *parts) if when else None

    acts = [
        do("cl", "talk.claim", when="claim" in may),
        do("fo", "chat.do.reply", when="reply" in may),
        do("rd", "chat.do.read"),
        do("nt", "chat.do.note", when="note" in may),
        do("ph", "tasks.show_number", when="reveal" in may and has_phone(db, case)),
        do("aw", "chat.do.assign", when="assign" in may),
        do("ho", "talk.hand_over", when="hand_over" in may and "assign" not in may),
        do("ur", "talk.urgency", when="urgency" in may),
    ]
    ends = [  # in a row of their own, away from what is pressed all day
        do("rl", "talk.release", when="release" in may),
        do("cc", "talk.confirm_close", when=closing and "close" in may),
        do("cs", "talk.close", when=not closing and "close" in may),
        do("ro", "talk.refuse", when=closing and "reopen" in may),
        do("ro", "talk.reopen", when=not closing and "reopen" in may),
    ]
    return rows(acts) + task_rows(db, case, house) + rows(ends)


def task_rows(db: Db, case: Case, house: House) -> Rows:
    """A row of buttons for each call or visit that waits."""
    return [task_buttons(task.id, task.kind, house) for task in open_reaches(db, case)]


def open_reaches(db: Db, case: Case) -> list[due.Task]:
    """Calls and visits that wait."""
    return [task for task in due.open_tasks(db, case.id) if task.kind in due.REACHING]


def task_buttons(task_id: str, kind: str, house: House) -> list[Button]:
    """How a call or a visit ended."""
    yes, no = ("met", "not_met") if kind == "visit" else ("reached", "not_reached")
    say = house.staff_words.say
    return [
        button(say(f"tasks.{yes}"), "td", task_id, "1"),
        button(say(f"tasks.{no}"), "td", task_id, "0"),
    ]


def phones(db: Db, case: Case) -> list[str]:
    """In which roles of a case somebody with a telephone stands; each person once."""
    roles = {"helped": case.helped_id, "asker": case.asker_id, "relayer": case.relayer_id}
    found = people.details_of(db, {one for one in roles.values() if one})
    first: dict[str, str] = {}
    for role, person_id in roles.items():
        if person_id and person_id in found and found[person_id].phone:
            first.setdefault(person_id, role)
    return list(first.values())


def has_phone(db: Db, case: Case) -> bool:
    """Whether there is anybody to call."""
    return bool(phones(db, case))


def still_rings(db: Db, seq: int, viewer: Viewer | None, case: Case) -> bool:
    """Whether what rang still has to be heard: nobody said 已知晓, nobody has the case."""
    notice = notices.peek(db, seq)
    if notice is None or notice.acknowledged_at is not None or case.closed_at is not None:
        return False
    return viewer is None or can_read(viewer, case) or case.assignee_id is None
