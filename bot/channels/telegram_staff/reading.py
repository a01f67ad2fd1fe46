"""What Telegram brings → the house's update. Pure; the library parses each update by itself.

Chats with one member of the staff, and groups of staff, where only what is meant for the bot is
taken: commands, buttons, and answers to what it wrote.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telegram import Message
from telegram import Update as Parsed

from bot.channels.telegram import identity
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.line import Raw
from bot.channels.telegram.said import Said, command, edited, left_or_back, pressed, pruned
from handlers.ports import Update

# The menu (handlers/staff_chat/commands.py does what they say); words: staff.zh.yml, commands.
MENU = ("queue", "mine", "due", "duty", "search", "leave", "help")


def to_update(raw: Any, who: Identity) -> Update | None:
    """The update in a raw one; None where it holds nothing for the house."""
    if not isinstance(raw, dict):
        return None
    parsed = _parse(raw)
    group = identity.is_group(raw)
    if parsed is None:
        return _unknown(raw, who, None)
    author = parsed.effective_user
    beside: dict[str, Any] = {"actor": who.actor(author.id) if author else None, "group": group}
    if parsed.message is not None:
        if group and not _is_meant(parsed.message, who):
            return None
        return _Said(parsed.message, who, (), **beside).update()
    if parsed.edited_message is not None:
        return None if group else edited(parsed.edited_message, parsed.update_id, who, **beside)
    if parsed.callback_query is not None:
        return pressed(parsed.callback_query, who, **beside)
    if parsed.my_chat_member is not None:
        return left_or_back(parsed.my_chat_member, parsed.update_id, who, **beside)
    return _unknown(raw, who, beside["actor"])


def _unknown(raw: Raw, who: Identity, actor: str | None) -> Update | None:
    found = None if identity.is_group(raw) else who.unknown(raw)
    return replace(found, actor=actor) if found is not None else None


class _Said(Said):
    """A message as this library reads it."""

    def seconds(self, file: Any) -> float | None:
        """Of the plain figures: the library is about to change the kind of its own."""
        found = file.to_dict().get("duration")
        return float(found) if found else None


def _is_meant(message: Message, who: Identity) -> bool:
    """Is a message in a group for the bot? Colleagues' talk is not for the house to keep."""
    if message.text is not None and command(message.text)[0] is not None:
        return True
    answered = message.reply_to_message
    author = answered.from_user if answered is not None else None
    return author is not None and str(author.id) == who.account


def _parse(raw: Raw) -> Parsed | None:
    for prune in (False, True):
        try:
            return Parsed.de_json(pruned(raw) if prune else raw, None)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
            continue
    return None
