"""A chat as a person sees it on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.botapi.files import File
from tests.botapi.markup import cut
from tests.botapi.world import Msg, Talk, User


@dataclass(frozen=True)
class Button:
    """One button; ``data`` is what a press sends, ``url`` what it opens."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Media:
    """A file; ``kind``: photo, voice, audio, document, video, sticker."""

    kind: str
    data: bytes
    mime: str | None
    name: str | None
    seconds: int
    size: int


@dataclass(frozen=True)
class Shown:
    """One message. ``text`` is what is read (a caption too); ``marks`` its parts that are bold,
    links and so on: (kind, words). ``change`` grows with every change of it."""

    id: int
    by: str
    mine: bool
    text: str
    marks: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Button, ...], ...]
    media: Media | None
    place: tuple[float, float] | None
    facts: dict[str, Any]
    edited: bool
    reply_to: int | None
    silent: bool
    pinned: bool
    reactions: tuple[str, ...]
    album: str | None
    at: float
    change: int

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(each for row in self.rows for each in row)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(each.label for each in self.buttons)

    def __str__(self) -> str:
        marks = ("*" if self.edited else "") + (f" ↩{self.reply_to}" if self.reply_to else "")
        media = f" <{self.media.kind} {self.media.size} B>" if self.media else ""
        facts = f" {self.facts}" if self.facts else ""
        rows = "".join(
            " [" + " | ".join(f"{b.label}→{b.data or b.url}" for b in row) + "]"
            for row in self.rows
        )
        return f"{self.id}{marks} {self.by}:{media}{facts} {self.text!r}{rows}"


def show(msg: Msg, eyes: User) -> Shown:
    """One message, for these eyes; call it under the world's lock."""
    place = msg.more.get("location")
    return Shown(
        id=msg.id,
        by=msg.sender.first_name,
        mine=msg.sender is eyes,
        text=msg.text,
        marks=tuple((each["type"], cut(msg.text, each)) for each in msg.entities),
        rows=tuple(tuple(_button(each) for each in row) for row in msg.inline or ()),
        media=_media(msg.file) if msg.file is not None else None,
        place=(place["latitude"], place["longitude"]) if place else None,
        facts={key: value for key, value in msg.more.items() if key != "location"},
        edited=msg.edited is not None,
        reply_to=msg.reply.id if msg.reply is not None else None,
        silent=msg.silent,
        pinned=msg.pinned,
        reactions=tuple(msg.reactions),
        album=msg.album,
        at=msg.at,
        change=msg.change,
    )


def whole(talk: Talk, eyes: User) -> list[Shown]:
    """Everything that stands in the chat, in its order."""
    return [show(each, eyes) for each in talk.messages.values() if not each.deleted]


def _button(raw: dict[str, Any]) -> Button:
    return Button(raw["text"], raw.get("callback_data"), raw.get("url"))


def _media(file: File) -> Media:
    return Media(file.kind, file.data, file.mime, file.name, file.seconds, file.size)


def printed(shown: list[Shown], most: int = 40) -> str:
    return "\n".join(f"  {each}" for each in shown[-most:]) or "  (nothing)"
