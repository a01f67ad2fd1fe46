"""What every act of an advisor begins with: the case, locked, and the right to touch it."""

from __future__ import annotations

from datetime import datetime

from handlers.ports import House, Refused, Viewer
from handlers.rules.access import may_claim, may_read
from handlers.talk import Talk
from storage import cases, conversations, staff
from storage.cases import Case
from storage.database import Db


def readable(db: Db, viewer: Viewer, case_id: str, *, lock: bool = False) -> Case:
    """The case, if this viewer may read it.

    Raises:
        Refused: 404 there is none; 403 it belongs to another unit.
    """
    case = cases.get(db, case_id, lock=lock)
    if case is None:
        raise Refused("not_found", 404)
    if not can_read(viewer, case):
        raise Refused("forbidden", 403)
    return case


def claimable(db: Db, viewer: Viewer, case_id: str) -> Case:
    """The case, if this viewer may read it, or may take it in hand unread.

    Raises:
        Refused: 404 there is none; 403 it belongs to another unit, and does not ring for all.
    """
    case = cases.get(db, case_id)
    if case is not None and can_claim(db, viewer, case):
        return case
    return readable(db, viewer, case_id)


def can_claim(db: Db, viewer: Viewer, case: Case) -> bool:
    """Whether an open case that nobody has may be taken by this viewer: red, by any on duty."""
    if can_read(viewer, case):
        return True
    person = staff.get(db, viewer.id)
    here = person is not None and person.on_duty and person.disabled_at is None
    return may_claim(urgency=case.urgency, on_duty=here)


def can_read(viewer: Viewer, case: Case) -> bool:
    """Whether the rules of design §8 let this viewer see the case's details."""
    return may_read(
        role=viewer.role,
        viewer_id=viewer.id,
        viewer_unit=viewer.unit,
        unit=case.unit,
        assignee=case.assignee_id,
    )


def open_desk(
    db: Db, viewer: Viewer, case_id: str, now: datetime, house: House, *, to_claim: bool = False
) -> tuple[Talk, Case]:
    """Lock a case's conversation and the case (in this order, everywhere), to act on it.

    Raises:
        Refused: 404 or 403 as in ``readable``; ``to_claim``: as in ``claimable``.
    """
    unlocked = (claimable if to_claim else readable)(db, viewer, case_id)
    conversation = conversations.lock(db, unlocked.conversation_id)
    case = cases.reload_locked(db, unlocked)
    return Talk(db, house, now, conversation, case), case


def name_of(db: Db, staff_id: str | None) -> str:
    """A colleague's name, or nothing."""
    found = staff.get(db, staff_id) if staff_id else None
    return found.name if found else ""


def must_be_open(case: Case) -> None:
    """Raises Refused when the case is closed."""
    if case.closed_at is not None:
        raise Refused("closed")


def must_hold(db: Db, viewer: Viewer, case: Case) -> None:
    """Raises Refused unless the case is the viewer's own, or the viewer supervises."""
    if case.assignee_id is None and not viewer.is_supervisor:
        raise Refused("not_claimed")
    if case.assignee_id != viewer.id and not viewer.is_supervisor:
        raise Refused("not_yours", params={"by": name_of(db, case.assignee_id)})
