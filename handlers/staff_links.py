"""One-time links of staff: one use, 24 hours (design §8); for the web and for Telegram."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.ports import House, Refused
from handlers.staff_chat import parcels
from storage import audit, conversations, notices, staff, staff_chats
from storage.database import Db, vault_of, wake

TOKEN_BYTES = 24  # 192 bits: cannot be guessed, and still fits a line
TELEGRAM_LINK = timedelta(minutes=15)  # it is scanned from the desk, not carried home


@dataclass(frozen=True, slots=True)
class Invited:
    """What a one-time link is for, before it is used."""

    staff_id: str
    name: str
    login: str | None


def new_link(db: Db, staff_id: str, now: datetime, house: House, purpose: str = staff.ANY) -> str:
    """Another one-time link for a staff member (a first one unused, a password forgotten).

    One for ``telegram`` alone is to be used at once: it works a quarter of an hour.
    """
    short = purpose == staff.TELEGRAM
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = staff.StaffLink(
        token=vault_of(db).index("staff_link", token),
        staff_id=staff_id,
        created_at=now,
        expires_at=now + (TELEGRAM_LINK if short else house.office.link),
        purpose=purpose,
    )
    db.add(link)
    audit.record(db, staff_id, "link", now)
    return token


def open_link(db: Db, token: str, now: datetime) -> Invited:
    """Whom a link is for.

    Raises:
        Refused: it is wrong, used, or too old.
    """
    _, person = good_link(db, token, now, staff.WEB)
    return Invited(person.id, person.name, person.login)


def good_link(db: Db, token: str, now: datetime, place: str) -> tuple[staff.StaffLink, staff.Staff]:
    """A link that can be used now, locked, and whom it is for. ``place``: web | telegram.

    Raises:
        Refused: it is wrong, for another place, used or too old, or its staff member is disabled.
    """
    link = staff.find_link(db, vault_of(db).index("staff_link", token))
    if link is None or link.purpose not in (staff.ANY, place):
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

    Gives the staff member, and the conversations that spoke for them before and end now. They
    themselves, at the desk, and the supervisors are told.

    Raises:
        Refused: the link is not good.
    """
    link, person = good_link(db, token, now, staff.TELEGRAM)
    link.used_at = now
    before = staff_chats.get(db, conversation_id)
    if before is not None and before.ended_at is None and before.staff_id not in (None, person.id):
        audit.record(db, before.staff_id, "chat_ended", now, why="other_person")
        tell_unreachable(db, before.staff_id, now, house)
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
    _tell(db, person, now, house)
    wake(db, "notices")
    return person, ended


def _tell(db: Db, person: staff.Staff, now: datetime, house: House) -> None:
    """That a chat joined, where it can be seen that it should not have: not in that very chat."""
    say, joined = house.staff_words.say, {"sound": "push", "joined": person.id}
    text = say("push.chat_joined", name=person.name)
    notices.post(db, "supervisors", "push", now, text=text, **joined)
    if person.password_hash is not None and person.role != "supervisor":
        text = say("push.your_chat_joined")
        notices.post(db, f"staff:{person.id}", "push", now, text=text, **joined)


def tell_unreachable(db: Db, staff_id: str | None, now: datetime, house: House) -> None:
    """Supervisors hear whose telephone we cannot reach any more."""
    person = staff.get(db, staff_id) if staff_id else None
    if person is None:
        return
    text = house.staff_words.say("push.chat_ended", name=person.name)
    notices.post(db, "supervisors", "push", now, sound="push", text=text)
    wake(db, "notices")


def end_chats(
    db: Db, staff_id: str, why: str, now: datetime, house: House, by: str | None = None
) -> int:
    """Somebody's chats speak for nobody any more; each hears so as its last word. How many.

    ``by``: who ends them, None for the operator or a log-in by invitation.
    """
    ended = staff_chats.of_staff(db, staff_id)
    for row in sorted(ended, key=lambda one: one.conversation_id):
        conversation = conversations.lock(db, row.conversation_id)
        staff_chats.end(db, row, now)
        audit.record(db, by or staff_id, "chat_ended", now, why=why)
        text = house.staff_words.say(f"chat.join.ended_{why}")
        parcels.put(db, conversation, parcels.body("text", text=text, public=True), now)
    return len(ended)
