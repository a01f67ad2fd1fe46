"""Who is it? A staff member joins with a one-time link; whoever else writes hears one sentence."""

from __future__ import annotations

from typing import Any

from handlers import staff_name
from handlers.ports import Refused
from handlers.staff import viewer_for
from handlers.staff_chat import lists, parcels
from handlers.staff_chat.buttons import button, rows
from handlers.staff_chat.chat import Chat, attempt, tell_publicly
from handlers.staff_links import join_chat, tell_unreachable
from handlers.talk import Talk
from storage import audit, conversations, staff, staff_chats
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
    if chat is not None and no is None:
        _say_name(chat)
        lists.ring_free(chat)


def _say_name(chat: Chat) -> None:
    """Who never came in by the desk was never asked what residents may call them."""
    person = staff.get(chat.db, chat.viewer.id)
    if person is None or person.password_hash is not None:
        return
    if not audit.did(chat.db, person.id, "renamed"):
        change = button(chat.words.say("chat.do.rename"), "nm")
        chat.say("join.name", name=person.name, rows=[[change]])


def rename(chat: Chat, name: str) -> None:
    """Be called so from now on."""
    chat.say("named", name=chat.act(staff_name.rename, name, chat.now))


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
    tell_unreachable(talk.db, row.staff_id, talk.now, talk.house)
