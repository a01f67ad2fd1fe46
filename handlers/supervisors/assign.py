"""What a supervisor does about silence: gives a case to somebody, reminds, or has heard it."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors.claim import give, pause_bell
from handlers.advisors.desk_case import must_be_open, open_desk
from handlers.ports import House, Refused, Viewer
from handlers.talk import hint, push
from storage import audit, cases, notices
from storage.database import Db, wake


def assign(
    db: Db, viewer: Viewer, case_id: str, staff_id: str, now: datetime, house: House
) -> None:
    """Give a case to an advisor, whoever had it; their desk shows it and rings.

    Raises:
        Refused: only a supervisor may; the colleague is unknown; the case is closed.
    """
    _supervisor(viewer)
    talk, case = open_desk(db, viewer, case_id, now, house)
    must_be_open(case)
    give(talk, case, staff_id, viewer, "assigned")
    audit.record(db, viewer.id, "assign", now, case.id, to=staff_id)


def remind(db: Db, viewer: Viewer, case_id: str, now: datetime, house: House) -> None:
    """Ring the desk of the one who has the case."""
    _supervisor(viewer)
    _, case = open_desk(db, viewer, case_id, now, house)
    must_be_open(case)
    if case.assignee_id is None:
        raise Refused("not_claimed")
    cases.record(db, case, "reminded", now, viewer.id, to=case.assignee_id)
    audit.record(db, viewer.id, "remind", now, case.id)
    words = house.staff_words.say("push.reminded", number=str(case.number))
    push(db, case, now, f"staff:{case.assignee_id}", words, "reminded")


def acknowledge(db: Db, viewer: Viewer, seq: int, now: datetime, house: House) -> None:
    """已知晓: the bell of a push pauses, the clock goes on (design §6)."""
    found = notices.peek(db, seq)
    if found is None:
        raise Refused("not_found", 404)
    if found.audience not in audiences(viewer):
        raise Refused("forbidden", 403)
    # conversation and case before the notice: the same order of locks as everywhere
    desk = open_desk(db, viewer, found.case_id, now, house) if found.case_id else None
    notice = notices.get(db, seq)
    if notice is None or notice.acknowledged_at is not None:
        return
    notice.acknowledged_by, notice.acknowledged_at = viewer.id, now
    audit.record(db, viewer.id, "acknowledge", now, notice.case_id, seq=seq)
    if desk is not None:
        talk, case = desk
        cases.record(db, case, "acknowledged", now, viewer.id)
        if viewer.is_supervisor:  # an advisor who has heard it does not keep it from anybody else
            pause_bell(talk, case)
        hint(db, case, now)
    wake(db, "notices")


def audiences(viewer: Viewer) -> list[str]:
    """Which notices are for this viewer."""
    mine = ["all", f"staff:{viewer.id}"]
    return [*mine, "supervisors"] if viewer.is_supervisor else mine


def _supervisor(viewer: Viewer) -> None:
    if not viewer.is_supervisor:
        raise Refused("only_supervisor", 403)
