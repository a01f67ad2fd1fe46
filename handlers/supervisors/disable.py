"""A staff member who leaves: at once, and nothing of theirs is left lying (design §7)."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors import claim
from handlers.ports import House, Refused, Viewer
from handlers.staff_links import end_chats
from handlers.talk import Talk
from storage import audit, cases, conversations, notices, staff, staff_chats
from storage.database import Db, wake
from storage.house import House as HouseRow


def disable(db: Db, viewer: Viewer, staff_id: str, now: datetime, house: House) -> int:
    """End somebody's account, as a supervisor; see ``end_account``.

    Raises:
        Refused: only a supervisor may; there is nobody of this id; they are the last supervisor.
    """
    if not viewer.is_supervisor:
        raise Refused("only_supervisor", 403)
    return end_account(db, staff_id, now, house, viewer.id)


def end_account(db: Db, staff_id: str, now: datetime, house: House, by: str | None = None) -> int:
    """Their web sessions and Telegram chats end now, their open cases go back to the queue and
    wait for a human, their name stays in what happened. Doing it again changes nothing. Gives the
    number of those cases. ``by``: who ends it, None for the operator at the machine.

    Raises:
        Refused: there is nobody of this id; they are the last supervisor.
    """
    db.get(HouseRow, 1, with_for_update=True)  # two supervisors cannot disable each other at once
    person = staff.get(db, staff_id)
    if person is None:
        raise Refused("bad_staff", 404)
    if person.disabled_at is not None:
        return 0
    if person.role == "supervisor" and not _other_supervisor(db, staff_id):
        raise Refused("last_supervisor")
    person.disabled_at, person.on_duty = now, False
    staff.end_sessions(db, staff_id)
    end_chats(db, staff_id, "disabled", now, house, by)
    returned = 0
    for unlocked in cases.open_of(db, staff_id):  # only now: with what they took until then
        conversation = conversations.lock(db, unlocked.conversation_id)
        case = cases.reload_locked(db, unlocked)
        if case.assignee_id == staff_id and case.closed_at is None:
            claim.back_to_queue(Talk(db, house, now, conversation, case), case, "returned", by)
            returned += 1
    audit.record(db, by, "disabled", now, None, staff=staff_id)
    notices.post(db, "all", "queue", now)
    wake(db, "notices")
    return returned


def _other_supervisor(db: Db, staff_id: str) -> bool:
    """Whether a supervisor is left who has joined: an invitation alone mends nothing."""
    linked = staff_chats.linked_staff(db)
    return any(
        one.role == "supervisor"
        and one.id != staff_id
        and (one.password_hash is not None or one.id in linked)
        for one in staff.everyone(db)
    )
