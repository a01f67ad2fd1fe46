"""One-time links of staff: one use, 24 hours (design §8); for the web and for Telegram."""

from __future__ import annotations

from datetime import datetime

from handlers.ports import House, Refused
from storage import audit, conversations, notices, staff, staff_chats
from storage.database import Db, vault_of, wake


def good_link(db: Db, token: str, now: datetime) -> tuple[staff.StaffLink, staff.Staff]:
    """A link that can be used now, locked, and whom it is for.

    Raises:
        Refused: it is wrong, used or too old, or its staff member is disabled.
    """
    link = staff.find_link(db, vault_of(db).index("staff_link", token))
    if link is None:
        raise Refused("bad_token", 404)
    if link.used_at is not None:
        raise Refused("token_used", 410)
    if link.expires_at <= now:
        raise Refused("token_expired", 410)
    person = staff.get(db, link.staff_id)
    if person is None or person.disabled_at is not None:
        raise Refused("bad_token", 404)
    return link, person


def join_chat(
    db: Db,
    token: str,
    conversation_id: str,
    actor: str,
    account: str,
    now: datetime,
    house: House,
) -> tuple[staff.Staff, list[str]]:
    """Use a link once: this chat speaks for its staff member from now on, who is on duty.

    Gives the staff member, and the conversations that spoke for them before and end now.

    Raises:
        Refused: the link is not good.
    """
    link, person = good_link(db, token, now)
    link.used_at = now
    before = staff_chats.get(db, conversation_id)
    if before is not None and before.ended_at is None and before.staff_id not in (None, person.id):
        audit.record(db, before.staff_id, "chat_ended", now, why="other_person")
    ended = []
    for row in staff_chats.of_staff(db, person.id):
        if row.conversation_id != conversation_id:
            staff_chats.end(db, row, now)
            audit.record(db, person.id, "chat_ended", now, why="other_account")
            ended.append(row.conversation_id)
    staff_chats.link(db, conversation_id, account, person.id, actor, now)
    conversations.lock(db, conversation_id).blocked_at = None
    person.on_duty = True  # who has just joined is here
    audit.record(db, person.id, "chat_joined", now)
    notices.post(db, "all", "queue", now)
    wake(db, "notices")
    return person, ended
