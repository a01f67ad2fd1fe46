"""Kept files on their way out: which kind of message carries each, and in which form."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.base import SendError
from bot.ogg import voice_for_telegram
from handlers.file_names import safe_name
from storage.files import MediaFiles

# What Telegram takes as what (https://core.telegram.org/bots/api#sendvoice, #sendaudio); what
# Chromium records becomes Ogg on the way (bot/ogg.py). Everything else goes as a document.
_VOICE = {"audio/ogg", "audio/opus", "audio/webm"}
_AUDIO = {"audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a", "audio/aac"}
_PHOTO = {"image/jpeg", "image/png", "image/webp"}
_AS_A_DOCUMENT = ("bad_file", "no_voice")  # refusals after which a file may still go as one


@dataclass(frozen=True, slots=True)
class File:
    """A kept file that is uploaded. `way`: voice | audio | photo | document."""

    media_id: str
    way: str
    name: str
    mime: str
    seconds: int | None = None


def file_of(media: Mapping[str, Any] | None) -> File | None:
    """The file of a parcel's body ({"id", "kind", "mime", "seconds", "name"}). Pure."""
    if not media:
        return None
    mime, kind = str(media["mime"]).partition(";")[0].strip().lower(), str(media["kind"])
    way = "document"
    if kind == "voice":
        way = "voice" if mime in _VOICE else "audio" if mime in _AUDIO else "document"
    elif kind == "photo" and mime in _PHOTO:
        way = "photo"
    name = safe_name(media.get("name"), mime, kind)
    seconds = media.get("seconds")
    return File(media["id"], way, name, mime, round(seconds) if seconds else None)


def load(files: MediaFiles, file: File) -> tuple[bytes, File]:
    """What is uploaded, and as what. Blocks: call it in a thread.

    Raises:
        FileNotFoundError: the file is not there.
    """
    data = files.read(file.media_id)
    if file.mime != "audio/webm":
        return data, file
    data, mime = voice_for_telegram(data, file.mime)
    if mime == file.mime:
        return data, replace(file, way="document")
    return data, replace(file, mime=mime, name=safe_name("voice", mime))


async def send_file(
    kept: MediaFiles, file: File, send: Callable[[File, bytes], Awaitable[Any]]
) -> Any:
    """Send a kept file, as a document where Telegram does not take it as what it is.

    Raises SendError.
    """
    try:
        data, file = await asyncio.to_thread(load, kept, file)
    except FileNotFoundError:
        raise SendError("media_lost") from None
    try:
        return await send(file, data)
    except SendError as error:
        if file.way == "document" or error.code not in _AS_A_DOCUMENT:
            raise
    return await send(replace(file, way="document"), data)
