"""What a case waits for, as due rows: until a human acts, until an answer is seen."""

from __future__ import annotations

from datetime import datetime

from handlers.ports import House
from handlers.rules import ladder
from handlers.rules.ladder import rung_at
from handlers.rules.relay import is_quiet
from storage import due, people
from storage.cases import Case
from storage.database import Db

CLAIM, ANSWER, UNSEEN, UNHEARD = "claim", "answer", "unseen", "unheard"
DRAFT, LIVE = "draft", "live"


def await_human(db: Db, case: Case, since: datetime, house: House, *, sooner: bool = False) -> None:
    """From ``since`` on the case waits for a person; the ladder's first rung is set.

    ``sooner``: the case became more urgent; what was to ring before the new rung still does.

    The promised time only comes nearer while somebody waits: machines never postpone a promise.
    """
    office = house.office
    kind = CLAIM if case.assignee_id is None else ANSWER
    act_by = ladder.act_by(office.ladder, office.hours, case.urgency, since)
    case.promised_at = act_by if case.promised_at is None else min(case.promised_at, act_by)
    other = ANSWER if kind == CLAIM else CLAIM
    before = waiting_since(db, case)
    if sooner:
        hurry_unseen(db, case, house)
    due.clear(db, other, case.id)
    first = rung_at(office.ladder, office.hours, case.urgency, since, 0)
    if first is not None:
        at = first[1]
        if sooner and before is not None and before.rung == 0:
            at = min(at, before.at)
        due.put(
            db,
            kind,
            case.id,
            at,
            since,
            case_id=case.id,
            conversation_id=case.conversation_id,
        )


def hurry_unseen(db: Db, case: Case, house: House) -> None:
    """The case became more urgent: answers that nobody has seen become work sooner."""
    office = house.office
    for row in due.of_case(db, case.id, UNSEEN):
        row.at = min(row.at, ladder.unseen_by(office.ladder, office.hours, case.urgency, row.since))


def human_acted(db: Db, case: Case) -> None:
    """A person answered: nobody waits for one any more."""
    due.clear(db, CLAIM, case.id)
    due.clear(db, ANSWER, case.id)
    case.promised_at = None


def waiting_since(db: Db, case: Case) -> due.Due | None:
    """The row that says since when the case waits for a person, or None."""
    rows = [row for row in due.of_case(db, case.id) if row.kind in (CLAIM, ANSWER)]
    return rows[0] if rows else None


def call_the_helped(db: Db, case: Case) -> None:
    """Where answers go to the person helped alone there is no chat: a call is put on the desk."""
    if not is_quiet(who=case.who, answers_to=case.answers_to):
        return
    if any(task.kind in due.REACHING for task in due.open_tasks(db, case.id)):
        return
    at = case.promised_at or case.created_at
    due.add_task(db, reach_by(db, case), case.id, f"relay:{case.id}:{case.last_event}", at)


def reach_by(db: Db, case: Case) -> str:
    """How to reach the one who gets the answers: a call, or a visit where no number is known."""
    first = case.relayer_id if case.answers_to == "relayer" else case.helped_id
    known = people.details_of(db, {one for one in (first, case.asker_id) if one})
    return "call" if any(details.phone for details in known.values()) else "visit"
