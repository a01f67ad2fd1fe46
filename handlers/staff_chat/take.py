"""An update of a chat of staff: who speaks, and what becomes of it (design §9).

Nothing here becomes a resident's case. What is done is done by the house's use cases, in the one
transaction of the update; what they refuse is undone whole, and said.
"""

from __future__ import annotations

import re

from handlers.staff_chat import (
    answers,
    commands,
    corrections,
    groups,
    joining,
    open_question,
    parcels,
    presses,
)
from handlers.staff_chat.chat import Chat, attempt, why
from handlers.staff_chat.focus import focus
from handlers.talk import Talk
from storage import inbox
from storage.inbox import Stored

_NUMBER = re.compile(r"#?\d{1,9}")
_HASHED = re.compile(r"#\d{1,9}")


def take(talk: Talk, stored: Stored) -> None:
    """Handle an update of a staff member, of a group of them, or of somebody unknown."""
    body = stored.body
    kind = str(body["kind"])
    if body.get("group"):
        groups.take(talk, stored)
        return
    if kind == "left":
        joining.end(talk, "blocked")
        return
    if kind == "back":
        return
    if kind == "start" and body.get("text"):
        joining.start(talk, stored)
        return
    chat = joining.who(talk, body)
    if chat is None:
        joining.unknown(talk)
        return
    no = attempt(talk, _dispatch, chat, stored)
    if no is not None:
        chat.tell(why(chat.words, no), reply_to=_theirs(stored))


def parked(talk: Talk, stored: Stored) -> None:
    """An update that failed again and again: whoever wrote it is told that nothing was done.

    It was theirs alone: no colleague has to look at it.
    """
    inbox.take_parked(talk.db, stored.id)
    if stored.body.get("group"):
        return
    chat = joining.who(talk, stored.body)
    if chat is None:
        return
    text = chat.words.say("chat.failed")
    chat.put(parcels.body("text", text=text, reply_to=_theirs(stored)))


def _theirs(stored: Stored) -> str | None:
    """The message that is answered: their own, or the one whose button was pressed."""
    kind = stored.body["kind"]
    if kind == "choice":
        found: str | None = stored.body.get("reply_to")
        return found
    return None if kind in ("edit", "start") else stored.external_id


def _dispatch(chat: Chat, stored: Stored) -> None:
    body = stored.body
    kind = str(body["kind"])
    if kind == "choice":
        presses.press(chat, stored)
    elif kind == "start":
        joining.welcome(chat)
    elif kind == "edit":
        corrections.edit(chat, stored)
    elif kind == "unknown":
        chat.say("cannot_read", reply_to=stored.external_id)
    elif not (_text if kind == "text" else open_question.refuse_file)(chat, stored):
        answers.answer(chat, stored)


def _text(chat: Chat, stored: Stored) -> bool:
    """Words: a command, what was asked for, or (False) something to send to a resident.

    While they speak with somebody, or reply, a plain word like 下班 is a word for them.
    """
    text = str(stored.body.get("text", "")).strip()
    replying = bool(stored.body.get("reply_to"))
    if commands.command(chat, stored, text):
        return True
    if open_question.take(chat, stored, text):
        return True
    speaking = replying or focus(chat) is not None
    if not speaking and commands.word(chat, text):
        return True
    if (_HASHED.fullmatch(text) and not replying) or (_NUMBER.fullmatch(text) and not speaking):
        commands.find(chat, text)
        return True
    return False
