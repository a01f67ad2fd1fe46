"""What Telegram brings → the house's update. Pure; aiogram parses each update by itself."""

from __future__ import annotations

from typing import Any

from aiogram import types

from bot.channels.telegram import identity
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.line import Raw
from handlers.ports import MediaInfo, Update

COMMANDS = ("menu", "human", "where", "back", "help")
_MOST_NAME = 120  # characters of a file's own name
# What Telegram itself writes into a chat; it is nobody's words.
_SERVICE = (
    "pinned_message", "message_auto_delete_timer_changed", "chat_background_set",
    "write_access_allowed", "connected_website", "migrate_to_chat_id", "migrate_from_chat_id",
    "new_chat_members", "left_chat_member", "new_chat_title", "group_chat_created",
    "video_chat_started", "video_chat_ended", "forum_topic_created", "boost_added",
)  # fmt: skip
# What is kept of a message that cannot be read whole: something new in Telegram must not cost
# the person's words.
_PLAIN = (
    "message_id", "date", "chat", "from", "text", "caption", "voice", "audio", "photo", "document",
    "location", "contact", "media_group_id",
)  # fmt: skip


def to_update(raw: Any, who: Identity) -> Update | None:
    """The update in a raw one; None where it holds nothing for the house (groups too)."""
    if not isinstance(raw, dict) or identity.is_group(raw):
        return None
    parsed = _parse(raw)
    if parsed is None:
        return who.unknown(raw)
    if parsed.message is not None:
        return _Said(parsed.message, who).update()
    if parsed.edited_message is not None:
        return _edited(parsed.edited_message, parsed.update_id, who)
    if parsed.callback_query is not None:
        return _pressed(parsed.callback_query, who)
    if parsed.my_chat_member is not None:
        return _left_or_back(parsed.my_chat_member, parsed.update_id, who)
    return who.unknown(raw)


def _parse(raw: Raw) -> types.Update | None:
    for prune in (False, True):
        try:
            return types.Update.model_validate(_pruned(raw) if prune else raw)
        except (ValueError, TypeError, RecursionError):  # pydantic's are ValueErrors
            continue
    return None


def _pruned(raw: Raw) -> Raw:
    kept: Raw = {"update_id": raw.get("update_id")}
    for name in ("message", "edited_message"):
        found = raw.get(name)
        if isinstance(found, dict):
            kept[name] = {key: found[key] for key in _PLAIN if key in found}
    return kept


class _Said:
    """A message, and what it is for the house."""

    def __init__(self, message: types.Message, who: Identity) -> None:
        self._message, self._who = message, who
        self._sender = who.sender(message.chat.id)
        self._id = str(message.message_id)

    def update(self) -> Update | None:
        """The update; None for what Telegram itself wrote."""
        message = self._message
        if any(getattr(message, name) for name in _SERVICE):
            return None
        if message.text is not None:
            return self._text(message.text)
        media = self._media()
        if media is not None:
            return self._made(media.kind, text=message.caption or "", media=media)
        if message.venue is not None or message.location is not None:
            return self._made("place", text=place(message))
        if message.contact is not None:
            return self._made("text", text=contact(message))
        if message.sticker is not None and message.sticker.emoji:
            return self._made("text", text=message.sticker.emoji)
        return self._made("unknown", text=message.caption or "")

    def _text(self, text: str) -> Update:
        word, _, rest = text.partition(" ")
        name = word[1:].partition("@")[0].lower() if word.startswith("/") else ""
        if name == "start":
            return self._made("start", text=rest.strip())
        if name in COMMANDS:
            return self._made("choice", choice=f"cmd:{name}")
        return self._made("text", text=text)

    def _made(
        self,
        kind: str,
        *,
        text: str = "",
        choice: str | None = None,
        media: MediaInfo | None = None,
    ) -> Update:
        message, who = self._message, self._who
        answered = message.reply_to_message
        return Update(
            channel=who.channel,
            account=who.account,
            sender=self._sender,
            external_id=self._id,
            kind=kind,
            text=text,
            choice=choice,
            media=media,
            address=str(message.chat.id),
            reply_to=str(answered.message_id) if answered is not None else None,
            album=message.media_group_id,
            forwarded=message.forward_origin is not None,
        )

    def _media(self) -> MediaInfo | None:
        message = self._message
        if message.photo:
            largest = max(message.photo, key=lambda size: size.width * size.height)
            return self._file(largest, "photo", "image/jpeg")
        # An animation comes with a document of the same file; it is named by what it is.
        if message.animation is not None:
            return self._file(message.animation, "document", "video/mp4")
        if message.document is not None:
            mime = message.document.mime_type or ""
            kind = "photo" if mime.startswith("image/") else "document"
            return self._file(message.document, kind, "application/octet-stream")
        if message.voice is not None:
            return self._file(message.voice, "voice", "audio/ogg")
        if message.audio is not None:
            return self._file(message.audio, "voice", "audio/mpeg")
        if message.video is not None:
            return self._file(message.video, "document", "video/mp4")
        if message.video_note is not None:
            return self._file(message.video_note, "document", "video/mp4")
        return None

    def _file(self, file: Any, kind: str, usual: str) -> MediaInfo:
        """`file`: any of Telegram's kinds; they share most fields."""
        seconds = getattr(file, "duration", None)
        name = getattr(file, "file_name", None)
        return MediaInfo(
            id=self._who.media(self._sender, self._id, file.file_unique_id),
            kind=kind,
            mime=getattr(file, "mime_type", None) or usual,
            size=file.file_size or 0,
            sha256="",
            seconds=float(seconds) if seconds else None,
            name=name[:_MOST_NAME] if name else None,
            source=file.file_id,
        )


def place(message: types.Message) -> str:
    """A place in words: latitude and longitude, and what it is called."""
    spot = message.venue.location if message.venue is not None else message.location
    if spot is None:
        return ""
    words = [f"{spot.latitude:.6f},{spot.longitude:.6f}"]
    if message.venue is not None:
        words += [message.venue.title, message.venue.address]
    return " ".join(word for word in words if word)


def contact(message: types.Message) -> str:
    """A shared number: alone where it is their own, behind the name where it is somebody's."""
    card = message.contact
    if card is None:
        return ""
    author = message.from_user
    if author is not None and card.user_id == author.id:
        return card.phone_number
    name = " ".join(part for part in (card.last_name, card.first_name) if part)
    return f"{name} {card.phone_number}".strip()


def _edited(message: types.Message, number: int, who: Identity) -> Update | None:
    text = message.text if message.text is not None else message.caption
    if text is None:
        return None  # a place that moves, a picture that was exchanged: there are no other words
    return Update(
        channel=who.channel,
        account=who.account,
        sender=who.sender(message.chat.id),
        external_id=f"e{message.message_id}.{number}",
        kind="edit",
        text=text,
        address=str(message.chat.id),
        edits=str(message.message_id),
    )


def _pressed(query: types.CallbackQuery, who: Identity) -> Update | None:
    message = query.message
    chat = message.chat.id if message is not None else query.from_user.id
    if query.data is None:
        return None
    return Update(
        channel=who.channel,
        account=who.account,
        sender=who.sender(chat),
        external_id=f"cb:{query.id}",
        kind="choice",
        choice=query.data,
        address=str(chat),
        reply_to=str(message.message_id) if message is not None else None,
    )


def _left_or_back(change: types.ChatMemberUpdated, number: int, who: Identity) -> Update:
    gone = change.new_chat_member.status in ("kicked", "left")
    return Update(
        channel=who.channel,
        account=who.account,
        sender=who.sender(change.chat.id),
        external_id=f"m{number}",
        kind="left" if gone else "back",
        address=str(change.chat.id),
    )
