"""A staff member who leaves: at once, and nothing of theirs is left lying (design §7)."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors import claim
from handlers.ports import House, Refused, Viewer
from storage import audit, cases, notices, staff, staff_chats
from storage.database import Db, wake

_EVERY = 100_000  # open cases: none of theirs may be left out


def disable(db: Db, viewer: Viewer, staff_id: str, now: datetime, house: House) -> int:
    """End somebody's account: their web sessions and Telegram chat end now, their open cases go
    back to the queue and wait for a human, their name stays in what happened. Doing it again
    changes nothing. Gives the number of cases.

    Raises:
        Refused: only a supervisor may; there is nobody of this id; they are the last supervisor.
    """
    if not viewer.is_supervisor:
        raise Refused("only_supervisor", 403)
    person = staff.get(db, staff_id)
    if person is None:
        raise Refused("bad_staff", 404)
    if person.disabled_at is not None:
        return 0
    others = [one for one in staff.everyone(db) if one.id != staff_id]
    if person.role == "supervisor" and not any(one.role == "supervisor" for one in others):
        raise Refused("last_supervisor")
    open_ones = cases.open_cases(db, _EVERY)
    theirs = [case.id for case in open_ones if case.assignee_id == staff_id]
    for case_id in theirs:
        claim.release(db, viewer, case_id, now, house)
    person.disabled_at, person.on_duty = now, False
    staff.end_sessions(db, staff_id)
    for chat in staff_chats.of_staff(db, staff_id):
        staff_chats.end(db, chat, now)
    audit.record(db, viewer.id, "disabled", now, None, staff=staff_id)
    notices.post(db, "all", "queue", now)
    wake(db, "notices")
    return len(theirs)
