"""Methods that change, mark or take away what stands in a chat, and answer a press."""

from __future__ import annotations

import time
from typing import Any

from tests.botapi import render
from tests.botapi.errors import NOT_MODIFIED, QUERY_GONE, bad
from tests.botapi.keyboards import inline_only
from tests.botapi.markup import units
from tests.botapi.sending import text_of
from tests.botapi.serving import Asked
from tests.botapi.world import Msg

_TWO_DAYS = 48 * 3600
_REACTIONS = frozenset(
    [
        "👍",
        "👎",
        "❤",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "😢",
        "🎉",
        "🙏",
        "👌",
        "🤝",
        "✍",
        "👀",
        "💯",
        "🫡",
        "😴",
        "😭",
        "💔",
        "🤗",
    ]
)


def _mine(asked: Asked, what: str) -> Msg:
    """The bot's own message that the call names."""
    talk = asked.reach()
    number = asked.params.get("message_id")
    if not number:
        raise bad("message identifier is not specified")
    msg = talk.messages.get(number)
    if msg is None or msg.deleted:
        raise bad(f"message to {what} not found")
    if msg.sender is not asked.bot.user:
        raise bad("message can't be edited")
    if msg.keyboard is not None:
        raise bad("message can't be edited")
    return msg


def _change(asked: Asked, msg: Msg, **new: Any) -> Any:
    inline = inline_only(asked.params.get("reply_markup"))
    if inline == msg.inline and all(getattr(msg, name) == new[name] for name in new):
        raise bad(NOT_MODIFIED)
    asked.limit(msg.talk, edit=True)
    if inline != msg.inline and msg.inline:
        msg.former.append(msg.inline)
    msg.inline = inline
    for name, value in new.items():
        setattr(msg, name, value)
    if new:
        msg.edited = asked.world.now()
    asked.world.touch(msg)
    return render.message(msg, asked.bot)


def edit_message_text(asked: Asked) -> Any:
    msg = _mine(asked, "edit")
    text, entities = text_of(asked)
    if not msg.text or msg.file is not None:
        raise bad("there is no text in the message to edit")
    return _change(asked, msg, text=text, entities=entities)


def edit_message_caption(asked: Asked) -> Any:
    msg = _mine(asked, "edit")
    if msg.file is None:
        raise bad("there is no caption in the message to edit")
    text, entities = text_of(asked, "caption")
    return _change(asked, msg, text=text, entities=entities)


def edit_message_reply_markup(asked: Asked) -> Any:
    return _change(asked, _mine(asked, "edit"))


def delete_message(asked: Asked) -> Any:
    talk = asked.reach()
    msg = talk.messages.get(asked.params.get("message_id") or 0)
    if msg is None or msg.deleted:
        raise bad("message to delete not found")
    theirs = talk.is_group and msg.sender is not asked.bot.user
    if theirs or asked.world.now() - msg.date > _TWO_DAYS:
        raise bad("message can't be deleted")
    msg.deleted = True
    asked.world.touch(msg)
    return True


def answer_callback_query(asked: Asked) -> Any:
    query = asked.bot.queries.get(str(asked.params.get("callback_query_id")))
    text = str(asked.params.get("text") or "")
    late = query is not None and time.monotonic() - query.at > asked.world.query_seconds
    if query is None or late or query.answer is not None:
        raise bad(QUERY_GONE)
    if units(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "alert": bool(asked.params.get("show_alert"))}
    asked.world.tell()
    return True


def set_message_reaction(asked: Asked) -> Any:
    talk = asked.reach()
    msg = talk.messages.get(asked.params.get("message_id") or 0)
    if msg is None or msg.deleted:
        raise bad("message to react not found")
    wanted = [str(each.get("emoji")) for each in asked.params.get("reaction") or ()]
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if not _REACTIONS.issuperset(wanted):
        raise bad("REACTION_INVALID")
    msg.reactions = wanted
    asked.world.touch(msg)
    return True


def pin_chat_message(asked: Asked) -> Any:
    return _pin(asked, True)


def unpin_chat_message(asked: Asked) -> Any:
    return _pin(asked, False)


def _pin(asked: Asked, pinned: bool) -> bool:
    talk = asked.reach()
    number = asked.params.get("message_id")
    if number is None and not pinned:
        number = next((each.id for each in talk.messages.values() if each.pinned), 0)
    msg = talk.messages.get(number or 0)
    if msg is None or msg.deleted:
        raise bad(f"message to {'pin' if pinned else 'unpin'} not found")
    msg.pinned = pinned
    asked.world.touch(msg)
    return True
