"""What Telegram brings → the house's update. Pure; aiogram parses each update by itself."""

from __future__ import annotations

from typing import Any

from aiogram import types

from bot.channels.telegram import identity
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.line import Raw
from bot.channels.telegram.said import Said, edited, left_or_back, pressed, pruned
from handlers.ports import Update

COMMANDS = ("menu", "human", "where", "back", "help")


def to_update(raw: Any, who: Identity) -> Update | None:
    """The update in a raw one; None where it holds nothing for the house (groups too)."""
    if not isinstance(raw, dict) or identity.is_group(raw):
        return None
    parsed = _parse(raw)
    if parsed is None:
        return who.unknown(raw)
    if parsed.message is not None:
        return Said(parsed.message, who, COMMANDS).update()
    if parsed.edited_message is not None:
        return edited(parsed.edited_message, parsed.update_id, who)
    if parsed.callback_query is not None:
        return pressed(parsed.callback_query, who)
    if parsed.my_chat_member is not None:
        return left_or_back(parsed.my_chat_member, parsed.update_id, who)
    return who.unknown(raw)


def _parse(raw: Raw) -> types.Update | None:
    for prune in (False, True):
        try:
            return types.Update.model_validate(pruned(raw) if prune else raw)
        except (ValueError, TypeError, RecursionError):  # pydantic's are ValueErrors
            continue
    return None
