"""How a push looks in a chat of staff, and what stands above a newer message."""

from __future__ import annotations

from datetime import datetime

from handlers.desk.case_view import allowed_acts
from handlers.ports import House, Viewer
from handlers.staff_chat.buttons import Button, Rows, button, rows
from handlers.staff_chat.faces import (
    Face,
    acts_of,
    card_of,
    claim_button,
    group_title,
    heading,
    lines_of,
    open_reaches,
)
from storage import notices
from storage.cases import Case
from storage.database import Db
from storage.notices import Notice

_UNCLAIMED = frozenset({"red", "untouched"})  # keys of pushes: nobody has the case
_WAITED = _UNCLAIMED | {"claimed_silent", "unanswered", "unseen", "unheard", "closing"}


def push_face(
    db: Db, viewer: Viewer, case: Case, notice: Notice, now: datetime, house: House
) -> Face:
    """What was pushed about a case, and what can be done about it."""
    card = card_of(db, viewer, case, house)
    words = house.staff_words
    lines = [heading(card, house), *lines_of(db, card, case, now, house)]
    if notice.acknowledged_at is not None:
        lines.append(words.say("chat.card.heard"))
    title = _push_title(db, case, notice, house)
    if card.redacted:
        return Face(title, "\n".join(lines), rows([claim_button(db, viewer, case, house)]))
    waits = case.closing_by is not None and case.closed_at is None
    if notice.data.get("key") == "closing" and waits:
        return Face(title, "\n".join(lines), _second_buttons(viewer, case, house))
    if not viewer.is_supervisor:
        return Face(title, "\n".join(lines), acts_of(db, viewer, card, case, house))
    say = words.say
    acts: list[Button | None] = []
    if case.closed_at is None:
        acts.append(claim_button(db, viewer, case, house))
        acts.append(button(say("chat.do.assign"), "aw", case.id))
    if notice.acknowledged_at is None and case.closed_at is None:
        acts.append(button(say("alarm.ack"), "ak", str(notice.seq)))
    acts.append(button(say("chat.do.open", number=str(case.number)), "cd", case.id))
    return Face(title, "\n".join(lines), rows(acts))


def _push_title(db: Db, case: Case, notice: Notice, house: House) -> str:
    """Why it was pushed; or that this is over."""
    say, number = house.staff_words.say, str(case.number)
    key = notice.data.get("key")
    if key in _WAITED and case.closed_at is not None:
        return say("push.over", number=number)
    if key in _UNCLAIMED and case.assignee_id is not None:
        return say("push.taken_by", number=number)
    if key == "unseen" and not open_reaches(db, case):  # it was read after all, or told otherwise
        return say("push.reached", number=number)
    return str(notice.data.get("text") or say("alarm.push", number=number))


def _second_buttons(viewer: Viewer, case: Case, house: House) -> Rows:
    may, say = frozenset(allowed_acts(case, viewer)), house.staff_words.say
    acts = [
        button(say("chat.do.read"), "rd", case.id),
        button(say("talk.confirm_close"), "cc", case.id) if "close" in may else None,
        button(say("talk.refuse"), "ro", case.id) if "reopen" in may else None,
    ]
    return rows(acts)


def bare_push_face(notice: Notice, house: House) -> Face:
    """A push that belongs to no case."""
    acts = []
    if notice.acknowledged_at is None:
        acts.append(button(house.staff_words.say("alarm.ack"), "ak", str(notice.seq)))
    return Face(str(notice.data.get("text") or ""), "", rows(acts))


def old_face(db: Db, viewer: Viewer | None, case: Case, seq: int | None, house: House) -> Face:
    """A card or a push (``seq``, its notice) below which a newer one stands."""
    say = house.staff_words.say
    notice = notices.peek(db, seq) if seq is not None else None
    if viewer is None:
        title = group_title(case, house)
    elif notice is not None:
        title = str(notice.data.get("text") or say("alarm.push", number=str(case.number)))
    else:
        title = heading(card_of(db, viewer, case, house), house)
    return Face(title, say("chat.card.old"), last=True)
