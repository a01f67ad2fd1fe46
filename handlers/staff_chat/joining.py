"""Who is it? A staff member joins with a one-time link; whoever else writes hears one sentence."""

from __future__ import annotations

from typing import Any

from handlers.ports import Refused
from handlers.staff import viewer_for
from handlers.staff_chat import parcels
from handlers.staff_chat.buttons import button, rows
from handlers.staff_chat.chat import Chat, attempt, tell_publicly
from handlers.staff_links import join_chat
from handlers.talk import Talk
from storage import audit, conversations, notices, staff, staff_chats
from storage.database import wake
from storage.inbox import Stored

_LINKS = frozenset({"bad_token", "token_used", "token_expired"})


def who(talk: Talk, body: dict[str, Any]) -> Chat | None:
    """The staff member whose own chat this is, or None."""
    row = staff_chats.get(talk.db, talk.conversation.id)
    if row is None or row.ended_at is not None or row.staff_id is None:
        return None
    if row.actor != body.get("actor"):
        return None
    person = staff.get(talk.db, row.staff_id)
    if person is None or person.disabled_at is not None:
        return None
    return Chat(talk, row, viewer_for(person))


def start(talk: Talk, stored: Stored) -> None:
    """The chat was opened with a link's token."""
    no = attempt(talk, _join, talk, stored)
    chat = who(talk, stored.body)
    if no is not None:
        code = no.code if no.code in _LINKS else "bad_token"
        tell_publicly(talk, f"join.{code}")
    if chat is not None:
        welcome(chat)


def _join(talk: Talk, stored: Stored) -> None:
    actor = stored.body.get("actor")
    if not actor:
        raise Refused("bad_token", 404)
    conversation = talk.conversation
    _, ended = join_chat(
        talk.db,
        str(stored.body.get("text", "")).strip(),
        conversation.id,
        actor,
        conversation.account,
        talk.now,
        talk.house,
    )
    for other in ended:
        text = talk.house.staff_words.say("chat.join.elsewhere")
        made = parcels.body("text", text=text, public=True)
        parcels.put(talk.db, conversations.lock(talk.db, other), made, talk.now)


def welcome(chat: Chat) -> None:
    """Hello, and what can be done here."""
    on = chat.words.say("nav.duty_in" if _on_duty(chat) else "nav.duty_out")
    chat.say("join.welcome", name=chat.viewer.name, duty=on, rows=menu(chat))


def menu(chat: Chat) -> list[list[dict[str, str]]]:
    """The buttons that lead everywhere."""
    say = chat.words.say
    on = _on_duty(chat)
    return rows(
        [
            button(say("nav.queue"), "ls", "queue"),
            button(say("nav.mine"), "ls", "mine"),
            button(say("nav.due"), "ls", "due"),
            button(say("chat.do.off" if on else "chat.do.on"), "du", "off" if on else "on"),
        ]
    )


def _on_duty(chat: Chat) -> bool:
    person = staff.get(chat.db, chat.viewer.id)
    return bool(person and person.on_duty)


def unknown(talk: Talk) -> None:
    """How to join, and nothing else."""
    tell_publicly(talk, "unknown", office=talk.house.office.name)


def end(talk: Talk, why: str) -> None:
    """The chat speaks for nobody any more; that is audited, and supervisors are told."""
    row = staff_chats.get(talk.db, talk.conversation.id)
    if row is None or row.ended_at is not None:
        return
    staff_chats.end(talk.db, row, talk.now)
    audit.record(talk.db, row.staff_id, "chat_ended", talk.now, why=why)
    person = staff.get(talk.db, row.staff_id) if row.staff_id else None
    if person is None:
        return
    text = talk.house.staff_words.say("push.chat_ended", name=person.name)
    notices.post(talk.db, "supervisors", "push", talk.now, sound="push", text=text)
    wake(talk.db, "notices")
