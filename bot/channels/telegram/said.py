"""A message on Telegram → the house's update, whichever library read it: both name its parts alike.

Pure, and without a library.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from bot.channels.telegram.identity import Identity
from bot.channels.telegram.line import Raw
from handlers.ports import MediaInfo, Update

MOST_NAME = 120  # characters of a file's own name
_COMMAND = re.compile(r"/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+|$)", re.IGNORECASE)
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


def pruned(raw: Raw) -> Raw:
    """A raw update with no more than what every version of Telegram knows."""
    kept: Raw = {"update_id": raw.get("update_id")}
    for name in ("message", "edited_message"):
        found = raw.get(name)
        if isinstance(found, dict):
            kept[name] = {key: found[key] for key in _PLAIN if key in found}
    return kept


class Said:
    """A message (of either library), and what it is for the house."""

    def __init__(
        self,
        message: Any,
        who: Identity,
        commands: Collection[str],
        *,
        actor: str | None = None,
        group: bool = False,
    ) -> None:
        """`commands`: those of the menu; what else begins with "/" is text."""
        self.message, self._who, self._commands = message, who, commands
        self._actor, self._group = actor, group
        self._sender = who.sender(message.chat.id)
        self._id = str(message.message_id)

    def update(self) -> Update | None:
        """The update; None for what Telegram itself wrote."""
        message = self.message
        if any(getattr(message, name, None) for name in _SERVICE):
            return None
        if message.text is not None:
            return self._text(message.text)
        media = self._media()
        if media is not None:
            return self.made(media.kind, text=message.caption or "", media=media)
        if message.venue is not None or message.location is not None:
            return self.made("place", text=place(message))
        if message.contact is not None:
            return self.made("text", text=contact(message))
        if message.sticker is not None and message.sticker.emoji:
            return self.made("text", text=message.sticker.emoji)
        return self.made("unknown", text=message.caption or "")

    def made(
        self,
        kind: str,
        *,
        text: str = "",
        choice: str | None = None,
        media: MediaInfo | None = None,
    ) -> Update:
        """The update, with all that a message has beside its words."""
        message, who = self.message, self._who
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
            actor=self._actor,
            group=self._group,
        )

    def seconds(self, file: Any) -> float | None:
        """How long a recording or film is."""
        found = getattr(file, "duration", None)
        return float(found) if found else None

    def _text(self, text: str) -> Update:
        name, rest = command(text)
        if name == "start":
            return self.made("start", text=rest)
        if name in self._commands:
            return self.made("choice", choice=f"cmd:{name}")
        return self.made("text", text=text)

    def _media(self) -> MediaInfo | None:
        message = self.message
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
        name = getattr(file, "file_name", None)
        return MediaInfo(
            id=self._who.media(self._sender, self._id, file.file_unique_id),
            kind=kind,
            mime=getattr(file, "mime_type", None) or usual,
            size=file.file_size or 0,
            sha256="",
            seconds=self.seconds(file),
            name=name[:MOST_NAME] if name else None,
            source=file.file_id,
        )


def command(text: str) -> tuple[str | None, str]:
    """The command that a text begins with, in small letters, and what follows it."""
    found = _COMMAND.match(text)
    if found is None:
        return None, text
    return found[1].lower(), text[found.end() :].strip()


def place(message: Any) -> str:
    """A place in words: latitude and longitude, and what it is called."""
    spot = message.venue.location if message.venue is not None else message.location
    if spot is None:
        return ""
    words = [f"{spot.latitude:.6f},{spot.longitude:.6f}"]
    if message.venue is not None:
        words += [message.venue.title, message.venue.address]
    return " ".join(word for word in words if word)


def contact(message: Any) -> str:
    """A shared number: alone where it is their own, behind the name where it is somebody's."""
    card = message.contact
    if card is None:
        return ""
    author = message.from_user
    if author is not None and card.user_id == author.id:
        return str(card.phone_number)
    name = " ".join(part for part in (card.last_name, card.first_name) if part)
    return f"{name} {card.phone_number}".strip()


def edited(message: Any, number: int, who: Identity, **beside: Any) -> Update | None:
    """Words that were changed; None for a place that moves or a picture that was exchanged."""
    text = message.text if message.text is not None else message.caption
    if text is None:
        return None
    return Update(
        channel=who.channel,
        account=who.account,
        sender=who.sender(message.chat.id),
        external_id=f"e{message.message_id}.{number}",
        kind="edit",
        text=text,
        address=str(message.chat.id),
        edits=str(message.message_id),
        **beside,
    )


def pressed(query: Any, who: Identity, **beside: Any) -> Update | None:
    """A button that was pressed."""
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
        **beside,
    )


def left_or_back(change: Any, number: int, who: Identity, **beside: Any) -> Update:
    """The bot was shut out of a chat, or let in again."""
    gone = change.new_chat_member.status in ("kicked", "left")
    return Update(
        channel=who.channel,
        account=who.account,
        sender=who.sender(change.chat.id),
        external_id=f"m{number}",
        kind="left" if gone else "back",
        address=str(change.chat.id),
        **beside,
    )
