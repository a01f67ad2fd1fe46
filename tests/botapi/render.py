"""How the server shows its things to one bot: messages, files, chats, members."""

from __future__ import annotations

from typing import Any

from tests.botapi.files import File
from tests.botapi.world import Bot, Msg, Talk, User

_TIMED = ("voice", "audio", "video", "video_note", "animation")
_SIZED = ("video", "animation", "sticker")


def message(msg: Msg, bot: Bot, *, nested: bool = False) -> dict[str, Any]:
    """A Message as this bot sees it; ``nested``: inside another one, so without what it answers."""
    raw: dict[str, Any] = {
        "message_id": msg.id,
        "from": msg.sender.raw(),
        "chat": msg.talk.raw(),
        "date": msg.date,
    }
    if msg.edited is not None:
        raw["edit_date"] = msg.edited
    if msg.origin is not None:
        raw["forward_origin"] = msg.origin
    if msg.reply is not None and not nested and not msg.reply.deleted:
        raw["reply_to_message"] = message(msg.reply, bot, nested=True)
    if msg.file is not None:
        raw[msg.file.kind] = file(msg.file, bot)
        if msg.file.kind == "animation":
            raw["document"] = document(msg.file, bot)
    said = ("caption", "caption_entities") if msg.file is not None else ("text", "entities")
    for key, value in zip(said, (msg.text, msg.entities), strict=True):
        if value:
            raw[key] = value
    raw |= msg.more
    if msg.inline:
        raw["reply_markup"] = {"inline_keyboard": msg.inline}
    if msg.album is not None:
        raw["media_group_id"] = msg.album
    if msg.protect:
        raw["has_protected_content"] = True
    return raw


def inaccessible(msg: Msg) -> dict[str, Any]:
    """What stands in a press on a message that the bot can no longer have."""
    return {"chat": msg.talk.raw(), "message_id": msg.id, "date": 0}


def file(each: File, bot: Bot) -> Any:
    """A file of any kind; a photo is a list of its sizes."""
    if each.kind == "photo":
        return [_known(size, bot) | _measures(size) for size in each.sizes]
    if each.kind == "document":
        return document(each, bot)
    raw = _known(each, bot)
    if each.kind in _TIMED:
        raw["duration"] = each.seconds
    if each.kind in _SIZED:
        raw |= _measures(each)
    if each.kind == "video_note":
        raw["length"] = each.width
    if each.kind == "sticker":
        raw |= {"type": "regular", "is_animated": False, "is_video": False}
    elif each.mime and each.kind != "video_note":
        raw["mime_type"] = each.mime
    if each.name and each.kind in ("audio", "video", "animation"):
        raw["file_name"] = each.name
    return raw | each.more


def document(each: File, bot: Bot) -> dict[str, Any]:
    raw = _known(each, bot)
    if each.mime:
        raw["mime_type"] = each.mime
    if each.name:
        raw["file_name"] = each.name
    return raw


def _known(each: File, bot: Bot) -> dict[str, Any]:
    raw = each.named(bot.id)
    bot.files[raw["file_id"]] = each
    return raw


def _measures(each: File) -> dict[str, int]:
    return {"width": each.width, "height": each.height}


def whole_chat(talk: Talk) -> dict[str, Any]:
    """ChatFullInfo."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    raw = talk.raw() | {
        "accent_color_id": 3,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), True),
    }
    if talk.is_group:
        raw["permissions"] = {"can_send_messages": True}
    else:
        raw["active_usernames"] = [raw["username"]] if "username" in raw else []
    return raw


def member(user: User, status: str) -> dict[str, Any]:
    """A ChatMember: member, left or kicked."""
    raw: dict[str, Any] = {"user": user.raw(), "status": status}
    if status == "kicked":
        raw["until_date"] = 0
    return raw


def moved(talk: Talk, by: User, bot: User, old: str, new: str, now: int) -> dict[str, Any]:
    """ChatMemberUpdated of a bot."""
    return {
        "chat": talk.raw(),
        "from": by.raw(),
        "date": now,
        "old_chat_member": member(bot, old),
        "new_chat_member": member(bot, new),
    }


def me(bot: Bot) -> dict[str, Any]:
    return bot.user.raw() | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
