"""Closing a case, a red one by two people, and opening it again."""

from __future__ import annotations

from datetime import datetime

from dialogs.engine import Button
from handlers.advisors.claim import tell_previous
from handlers.advisors.desk_case import must_be_open, must_hold, open_desk
from handlers.due import await_human, call_the_helped
from handlers.live import leave
from handlers.ports import House, Refused, Viewer
from handlers.residents import drafts
from handlers.residents.wait import quiet
from handlers.rules.status import OFFERED, IllegalMove, move
from handlers.rules.triage import highest
from handlers.talk import FIRST, Talk, hint
from storage import audit, cases, due, notices
from storage.cases import Case
from storage.database import Db

FACES = ("good", "fair", "bad")
RATE, REOPEN = "rate", "reopen"  # what the values of these buttons begin with


def close(
    db: Db, viewer: Viewer, case_id: str, resolution: str, now: datetime, house: House
) -> str:
    """Close a case: ``closed``, or ``closing`` when a red one waits for a second person.

    The second of the two may be anybody of the staff who may read the case (design §4).

    Raises:
        Refused: unknown resolution, closed already, not one's case, or the same person twice.
    """
    if resolution not in OFFERED:
        raise Refused("bad_resolution" if resolution else "resolution_missing", 400)
    talk, case = open_desk(db, viewer, case_id, now, house)
    must_be_open(case)
    if was_red(db, case):
        if case.closing_by == viewer.id:
            raise Refused("same_person")
        if case.closing_by is None:
            must_hold(db, viewer, case)
            case.closing_by = viewer.id
            cases.record(db, case, "close_proposed", now, viewer.id, resolution=resolution)
            audit.record(db, viewer.id, "propose_close", now, case.id, resolution=resolution)
            hint(db, case, now, "queue")
            _ask_another(talk, case, viewer)
            return "closing"
    else:
        must_hold(db, viewer, case)
    try:
        case.status = move(case.status, "closed")
    except IllegalMove as error:
        raise Refused("illegal_move", params={"status": case.status}) from error
    case.resolution, case.closed_at, case.touched_at = resolution, now, now
    cases.record(db, case, "closed", now, viewer.id, resolution=resolution)
    audit.record(db, viewer.id, "close", now, case.id, resolution=resolution)
    due.clear_case(db, case.id)
    due.close_tasks(db, case.id, viewer.id, now)
    notices.acknowledge_case(db, case.id, viewer.id, now)
    _say_closed(talk, case)
    tell_previous(talk, case, case.assignee_id, viewer, "closed_by", viewer.name)
    hint(db, case, now, "queue")
    return "closed"


def _ask_another(talk: Talk, case: Case, viewer: Viewer) -> None:
    """Supervisors and those on duty hear that a second person is wanted."""
    text = talk.house.staff_words.say("push.closing", number=str(case.number), name=viewer.name)
    notices.post(
        talk.db,
        "all",
        "push",
        talk.now,
        case.id,
        number=case.number,
        urgency=case.urgency,
        sound="push",
        text=text,
        key="closing",
        by=viewer.id,
    )


def was_red(db: Db, case: Case) -> bool:
    """Whether the case is, or ever was, red: by a machine, by a person, or by what was said.

    Nobody can make two people's decision their own by lowering the case first.
    """
    if case.urgency == "red" or case.dangers:
        return True
    return any(
        event.data.get("urgency") == "red" or event.data.get("before") == "red"
        for event in cases.events(db, case.id)
    )


def _say_closed(talk: Talk, case: Case) -> None:
    """Tell the resident, and ask how it was: three faces, but not after a red case (issue 10).

    A death ends every automatic message; a neighbour who relays hears one word (design §6).
    """
    ended = case.resolution == "deceased"
    if talk.conversation.live_staff_id is not None:
        leave(talk, silent=ended)
    if ended:
        if case.who == "self":
            drafts.let_go(talk)
        return
    phrases = talk.house.phrases
    reopen = Button(phrases.say("closed.reopen"), f"{REOPEN}:{case.id}")
    if quiet(case):
        number = str(case.number)
        talk.say("relay.ended_say", number=number, choices=(reopen,), tone="question", extra=FIRST)
        return
    if case.urgency == "red" or case.dangers:
        talk.say("talk.closed_red", choices=(reopen,), tone="question", extra=FIRST)
        return
    talk.say("closed.notice" if case.resolution == "done" else "closed.withdrawn")
    faces = tuple(
        Button(phrases.say(f"closed.face_{face}"), f"{RATE}:{case.id}:{face}") for face in FACES
    )
    icons = {button.value: f"face_{face}" for button, face in zip(faces, FACES, strict=True)}
    talk.say("closed.ask", choices=(*faces, reopen), tone="face", icons=icons)


def reopen(db: Db, viewer: Viewer, case_id: str, now: datetime, house: House) -> None:
    """A staff member opens a closed case again; it is theirs."""
    talk, case = open_desk(db, viewer, case_id, now, house)
    if case.closed_at is None:
        if case.closing_by is None:
            raise Refused("not_closed")
        case.closing_by = None  # somebody does not agree that it ends
        cases.record(db, case, "close_refused", now, viewer.id)
        audit.record(db, viewer.id, "refuse_close", now, case.id)
        hint(db, case, now, "queue")
        return
    open_again(talk, case)
    case.assignee_id, case.claimed_at = viewer.id, now
    cases.record(db, case, "reopened", now, viewer.id)
    audit.record(db, viewer.id, "reopen", now, case.id)
    await_human(db, case, now, house)
    hint(db, case, now, "queue")


def open_again(talk: Talk, case: Case) -> None:
    """Move a closed case back to the queue, at least yellow: somebody was not done with it."""
    case.status = move(case.status, "received")
    case.resolution = case.closed_at = case.closing_by = None
    case.urgency = highest(case.urgency, "yellow")
    if "reopened" not in case.reasons:
        case.reasons = [*case.reasons, "reopened"]
    case.promised_at = None
    call_the_helped(talk.db, case)
    talk.conversation.case_id = case.id
    talk.conversation.acknowledged_at = None
