"""What the engine takes in and gives back, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.meaning.reading import Reading
from dialogs.session import Session, Slot


@dataclass(frozen=True, slots=True)
class Answer:
    """What came in: words, a tapped value, how the words were read, and the kind of media.

    `media`: "voice", "photo", "document" or "place"; `text` may stand beside it as its caption
    (beside a place it only says where that is).
    """

    text: str = ""
    choice: str | None = None
    reading: Reading | None = None
    media: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A choice as a channel shows it; `value` comes back unchanged when it is tapped."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence of phrases/*.yml, by key."""

    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tell:
    """Words that come from a flow, such as what it says first."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The present question. No choices means: free words. Tone: question or summary."""

    text: str
    choices: tuple[Button, ...] = ()
    tone: str = "question"


@dataclass(frozen=True, slots=True)
class File:
    """The person confirmed: these slots are to be filed."""

    slots: Mapping[str, Slot]


@dataclass(frozen=True, slots=True)
class Handoff:
    """A human takes over. Reason: asked, not_understood, my_data or session_broken.

    The slots are kept.
    """

    reason: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Switch:
    """Another flow goes on, starting with these slots."""

    flow: str
    slots: Mapping[str, Slot]


@dataclass(frozen=True, slots=True)
class Drop:
    """The person gave up; slots are what had been said."""

    slots: Mapping[str, Slot] = field(default_factory=dict)


Outcome = Say | Tell | Ask | File | Handoff | Switch | Drop
Turn = tuple[Session | None, tuple[Outcome, ...]]
