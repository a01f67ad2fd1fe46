"""What use cases take and give: updates, viewers, the house's settled content, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from dialogs.danger_scripts import Script
from dialogs.flow_model import Flow
from dialogs.meaning.reading import Reading
from dialogs.slots import Slots
from dialogs.wording import Phrases
from handlers.rules.hours import Hours
from handlers.rules.ladder import Ladder

STAFF_CHANNEL = "telegram_staff"  # its chats are staff's own: no resident, no case
Who = tuple[str, str, str]  # channel, account, sender (keyed hash)


class Reader(Protocol):
    """Something that says what a message means (design §5)."""

    def read(self, text: str) -> Reading:
        """The reading of one message; any string is good."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A voice note, photo or document. ``seconds`` is what the client measured.

    ``source`` is the channel's own name of a file that is still to be fetched (its ``sha256`` is
    empty then); it is no part of what two deliveries of one id must share.
    """

    id: str
    kind: str
    mime: str
    size: int
    sha256: str
    seconds: float | None = None
    name: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What a channel brought in, in the house's words.

    ``kind``: text, choice, voice, photo, document, place and edit are said; ``start`` opens the
    chat (``text`` is the payload of the link), ``unknown`` holds nothing we can read, ``left`` and
    ``back`` say that the person blocked the bot or let it in again.
    """

    channel: str
    account: str
    sender: str
    external_id: str
    kind: str
    text: str = ""
    choice: str | None = None
    media: MediaInfo | None = None
    address: str | None = None
    origin: str | None = None  # keyed hash of the client's network address, where there is one
    reply_to: str | None = None  # the channel's id of the message that this one answers
    edits: str | None = None  # the external_id of the message that this one corrects
    album: str | None = None  # several files that were sent as one
    forwarded: bool = False  # somebody else's words
    actor: str | None = None  # keyed hash of the person who wrote, where a chat has several
    group: bool = False  # a chat of several

    def body(self) -> dict[str, Any]:
        """What is stored and compared: two deliveries of one id must have the same body."""
        body: dict[str, Any] = {"kind": self.kind, "text": self.text}
        if self.choice is not None:
            body["choice"] = self.choice
        if self.media is not None:
            media = self.media
            body["media"] = {
                "id": media.id,
                "kind": media.kind,
                "mime": media.mime,
                "size": media.size,
                "sha256": media.sha256,
                "seconds": media.seconds,
            }
            if media.name is not None:
                body["media"]["name"] = media.name
        beside = {name: getattr(self, name) for name in _BESIDE if getattr(self, name)}
        return body | beside


_BESIDE = ("reply_to", "edits", "album", "forwarded", "actor", "group")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A staff member who asks."""

    id: str
    name: str
    role: str
    tier: str
    unit: str | None

    @property
    def is_supervisor(self) -> bool:
        """Whether they may assign, and see every unit."""
        return self.role == "supervisor"


@dataclass(frozen=True, slots=True)
class Office:
    """The office's settings that use cases need (config.yml, key ``office:``)."""

    name: str
    phone: str
    language: str
    units: tuple[str, ...]
    hours: Hours
    ladder: Ladder
    live: timedelta
    danger_silence: timedelta
    danger_repeat: timedelta
    reminder: timedelta
    draft_to_case: timedelta
    unheard: timedelta
    bell_pause: timedelta
    messages_a_minute: int
    inbox_limit: int
    attempts: int
    link: timedelta
    staff_idle: timedelta
    login_tries: int
    login_wait: timedelta
    media_an_hour: int


@dataclass(frozen=True, slots=True)
class House:
    """Everything settled at the start: content and settings. Use cases take it as an argument."""

    office: Office
    flows: Mapping[str, Flow]
    phrases: Phrases
    staff_words: Phrases
    slots: Slots
    danger: Mapping[str, Script]


@dataclass(slots=True)
class Refused(Exception):
    """A use case says no: ``code`` names the sentence ``errors.<code>``, ``params`` fill it."""

    code: str
    status: int = 409
    params: dict[str, str] = field(default_factory=dict)
    retry_after: int | None = None  # seconds

    def __str__(self) -> str:
        return self.code


class InboxFull(Exception):
    """More updates wait than config allows: the client keeps its message and comes again (503)."""
