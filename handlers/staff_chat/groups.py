"""A group of staff: it is linked by a supervisor, and shows nothing by which anybody is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.advisors import claim as claiming
from handlers.ports import Refused
from handlers.staff import viewer_for
from handlers.staff_chat import parcels
from handlers.staff_chat.buttons import unpack
from handlers.staff_chat.chat import Chat, attempt, tell_publicly, why
from handlers.talk import Talk
from storage import audit, conversations, outbox, sent, staff, staff_chats
from storage.inbox import Stored

_HERE, _BYE = "/here", "/bye"
_UNLINKED = timedelta(minutes=10)  # enough to write /here
_WORDS = frozenset({"text", "voice", "photo", "document", "place"})


def take(talk: Talk, stored: Stored) -> None:
    """Link or leave, or a claim; everything else that is said in a group is not for the bot."""
    body = stored.body
    kind = str(body["kind"])
    if kind == "left":
        _end(talk, "removed")
    elif kind == "back":
        _added(talk, stored)
    elif kind == "choice":
        _press(talk, stored)
    elif kind in _WORDS and _replies_to_a_case(talk, body):
        tell_publicly(talk, "group.not_sent", always=True, reply_to=stored.external_id)
    elif kind == "text":
        name = _name(str(body.get("text", "")))
        if name == _HERE:
            _link(talk, stored)
        elif name == _BYE:
            _leave(talk, stored)


def is_command(text: str) -> bool:
    """Whether a group's words are for the bot even where it is not linked."""
    return _name(text) in (_HERE, _BYE)


def _name(text: str) -> str:
    return text.strip().partition("@")[0].lower()


def _added(talk: Talk, stored: Stored) -> None:
    """Strangers' groups are left at once; a supervisor's when nobody has linked it for a while."""
    row = staff_chats.get(talk.db, talk.conversation.id)
    if row is not None and row.ended_at is None:
        return
    talk.conversation.blocked_at = None  # it was let in again, or nothing could leave it
    chat = person_of(talk, stored)
    ours = chat is not None and chat.viewer.is_supervisor
    leave = parcels.body("text", public=True, ends=True) | {"unless_linked": True}
    at = talk.now + _UNLINKED if ours else talk.now
    parcels.put(talk.db, talk.conversation, leave, talk.now, outbox.LEAVING, at)


def _replies_to_a_case(talk: Talk, body: dict[str, Any]) -> bool:
    """Whoever replies to a card here believes that the resident will read it."""
    replied = body.get("reply_to")
    row = staff_chats.get(talk.db, talk.conversation.id)
    if not replied or row is None or row.ended_at is not None:
        return False
    known = sent.find(talk.db, talk.conversation.id, replied)
    return known is not None and known.case_id is not None


def person_of(talk: Talk, stored: Stored) -> Chat | None:
    """The staff member who acts in the group, with their own chat, locked after the group's."""
    actor = stored.body.get("actor")
    account = talk.conversation.account
    row = staff_chats.of_actor(talk.db, account, actor) if actor else None
    person = staff.get(talk.db, row.staff_id) if row is not None and row.staff_id else None
    if row is None or person is None or person.disabled_at is not None:
        return None
    own = conversations.lock(talk.db, row.conversation_id)
    return Chat(Talk(talk.db, talk.house, talk.now, own), row, viewer_for(person))


def _link(talk: Talk, stored: Stored) -> None:
    chat = person_of(talk, stored)
    if chat is None or not chat.viewer.is_supervisor:
        tell_publicly(talk, "group.only_supervisor")
        return
    conversation = talk.conversation
    staff_chats.link(talk.db, conversation.id, conversation.account, None, None, talk.now)
    conversation.blocked_at = conversation.acknowledged_at = None
    audit.record(talk.db, chat.viewer.id, "group_linked", talk.now)
    tell_publicly(talk, "group.linked", always=True)


def _leave(talk: Talk, stored: Stored) -> None:
    chat = person_of(talk, stored)
    if chat is None or not chat.viewer.is_supervisor:
        tell_publicly(talk, "group.only_supervisor")
        return
    _end(talk, "left", chat.viewer.id)
    tell_publicly(talk, "group.ended", ends=True, always=True)


def _end(talk: Talk, reason: str, staff_id: str | None = None) -> None:
    row = staff_chats.get(talk.db, talk.conversation.id)
    if row is not None and row.ended_at is None:
        staff_chats.end(talk.db, row, talk.now)
        audit.record(talk.db, staff_id, "group_ended", talk.now, why=reason)


def _press(talk: Talk, stored: Stored) -> None:
    """我来 in a group: who pressed is known by their own chat, where the answer goes."""
    group = staff_chats.get(talk.db, talk.conversation.id)
    act, parts = unpack(str(stored.body.get("choice") or ""))
    if group is None or group.ended_at is not None or act != "cl" or len(parts) != 1:
        return
    chat = person_of(talk, stored)
    if chat is None:
        tell_publicly(talk, "group.who")
        return
    no = attempt(talk, _claim, chat, parts[0])
    if no is not None:
        chat.tell(why(chat.words, no), silent=False)
    parcels.lay_out_again(talk, stored.body.get("reply_to"))


def _claim(chat: Chat, case_id: str) -> None:
    if chat.case(case_id).assignee_id == chat.viewer.id:
        raise Refused("already_yours")
    chat.act(claiming.claim, case_id, chat.now, chat.house)
    chat.card(case_id)
