"""Taking a case, giving it back, handing it on."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors.desk_case import claimable, must_be_open, must_hold, name_of, open_desk
from handlers.due import ANSWER, CLAIM, await_human
from handlers.live import leave
from handlers.ports import House, Refused, Viewer
from handlers.residents.wait import quiet
from handlers.rules.status import move
from handlers.talk import SAFETY, Talk, hint
from storage import audit, cases, due, notices, staff
from storage.cases import Case
from storage.database import Db


def claim(db: Db, viewer: Viewer, case_id: str, now: datetime, house: House) -> None:
    """Take a case that nobody has. A thousand at once have one winner (design §6).

    Raises:
        Refused: ``taken`` says who has it; ``closed``; 403, 404.
    """
    _refuse_if_taken(db, viewer, claimable(db, viewer, case_id))
    talk, case = open_desk(db, viewer, case_id, now, house, to_claim=True)
    if case.assignee_id == viewer.id:
        return
    if not cases.claim(db, case_id, viewer.id, now):
        _refuse_if_taken(db, viewer, case)
    db.refresh(case)
    begun = due.of_case(db, case.id, CLAIM)
    if case.urgency == "red" and begun:
        _say_who_comes(talk, case, viewer)
    cases.record(db, case, "claimed", now, viewer.id)
    take_in_hand(talk, case, viewer.id, begun[0].since if begun else now)
    audit.record(db, viewer.id, "claim", now, case.id)


def _refuse_if_taken(db: Db, viewer: Viewer, case: Case) -> None:
    must_be_open(case)
    if case.assignee_id is not None and case.assignee_id != viewer.id:
        raise Refused("taken", params={"by": name_of(db, case.assignee_id)})


def _say_who_comes(talk: Talk, case: Case, viewer: Viewer) -> None:
    """Who waits in danger hears once that a human has it; never who asked for silence."""
    before = any(event.kind == "claimed" for event in cases.events(talk.db, case.id))
    if not before and not talk.live and not quiet(case):
        talk.say("danger.coming", name=viewer.name, lane=SAFETY)


def take_in_hand(talk: Talk, case: Case, staff_id: str, since: datetime) -> None:
    """The case has an assignee now: bells stop, the clock of the answer goes on from ``since``."""
    db, now = talk.db, talk.now
    if case.status == "received":
        case.status = move(case.status, "assessing")
    case.touched_at = now
    if case.taken_at is None:
        case.taken_at = now
        case.taken_in_time = case.promised_at is None or now <= case.promised_at
    notices.acknowledge_case(db, case.id, staff_id, now)
    if due.of_case(db, case.id, CLAIM):
        await_human(db, case, since, talk.house)
        pause_bell(talk, case)
    hint(db, case, now, "queue")


def pause_bell(talk: Talk, case: Case) -> None:
    """A claim, or a supervisor's 已知晓, quiets the ladder a while, not the clock (§6)."""
    quiet_until = talk.now + talk.house.office.bell_pause
    for row in due.of_case(talk.db, case.id):
        if row.kind in (CLAIM, ANSWER) and row.at < quiet_until:
            row.at = quiet_until


def release(db: Db, viewer: Viewer, case_id: str, now: datetime, house: House) -> None:
    """Give a case back to the queue; it waits for a human from now on."""
    talk, case = open_desk(db, viewer, case_id, now, house)
    must_be_open(case)
    must_hold(db, viewer, case)
    if case.assignee_id is None:
        raise Refused("not_claimed")
    previous = case.assignee_id
    back_to_queue(talk, case, "released", viewer.id)
    audit.record(db, viewer.id, "release", now, case.id)
    tell_previous(talk, case, previous, viewer, "taken_back", viewer.name)


def back_to_queue(talk: Talk, case: Case, event: str, by: str | None) -> None:
    """Nobody has the case any more; it waits for a human, an unanswered one as long as before."""
    db, now = talk.db, talk.now
    waiting = due.of_case(db, case.id, ANSWER)
    previous, case.assignee_id = case.assignee_id, None
    case.claimed_at = None
    cases.record(db, case, event, now, by, whose=previous)
    await_human(db, case, waiting[0].since if waiting else now, talk.house)
    hint(db, case, now, "queue")
    if talk.conversation.live_staff_id == previous:
        leave(talk)


def tell_previous(
    talk: Talk, case: Case, previous: str | None, viewer: Viewer, why: str, name: str
) -> None:
    """Whose case it was is told that somebody else took it away; ``why`` a key of push.*."""
    if previous is None or previous == viewer.id:
        return
    text = talk.house.staff_words.say(f"push.{why}", number=str(case.number), name=name)
    notices.post(
        talk.db,
        f"staff:{previous}",
        "push",
        talk.now,
        case.id,
        number=case.number,
        urgency=case.urgency,
        sound="push",
        text=text,
        key="lost",
    )


def hand_over(
    db: Db, viewer: Viewer, case_id: str, staff_id: str, now: datetime, house: House
) -> None:
    """Give one's case to a colleague, who is told.

    Raises:
        Refused: the colleague is unknown or gone; the case is somebody else's, or closed.
    """
    talk, case = open_desk(db, viewer, case_id, now, house)
    must_be_open(case)
    must_hold(db, viewer, case)
    give(talk, case, staff_id, viewer, "handed_over")
    audit.record(db, viewer.id, "hand_over", now, case.id, to=staff_id)


def give(talk: Talk, case: Case, staff_id: str, viewer: Viewer, event: str) -> None:
    """Make ``staff_id`` responsible, and let their desk hear it."""
    db, now = talk.db, talk.now
    colleague = staff.get(db, staff_id, hold=True)
    if colleague is None or colleague.disabled_at is not None:
        raise Refused("bad_staff", 404)
    waiting = [row for row in due.of_case(db, case.id) if row.kind in (CLAIM, ANSWER)]
    previous = case.assignee_id
    case.assignee_id = staff_id
    case.claimed_at = now
    cases.record(db, case, event, now, viewer.id, to=staff_id)
    take_in_hand(talk, case, staff_id, waiting[0].since if waiting else now)
    if previous and previous != staff_id and talk.conversation.live_staff_id == previous:
        leave(talk)
    if previous != staff_id:
        tell_previous(talk, case, previous, viewer, "given_away", colleague.name)
    if staff_id != viewer.id:
        words = talk.house.staff_words.say("notice.assigned", number=str(case.number))
        notices.post(
            db,
            f"staff:{staff_id}",
            "push",
            now,
            case.id,
            number=case.number,
            urgency=case.urgency,
            sound="red" if case.urgency == "red" else "push",
            text=words,
            assigned=True,
        )
