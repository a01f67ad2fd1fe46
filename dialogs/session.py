"""Where a conversation is in one flow: plain data that goes to JSON and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SESSION_V = 1
PHASES = ("asking", "summary", "correcting")
SOURCES = ("asked", "words", "media")


@dataclass(frozen=True, slots=True)
class Slot:
    """What is known: `key` the machine value, `words` as said, `source` asked|words|media."""

    key: str
    words: str
    source: str = "asked"


class SessionError(ValueError):
    """A stored session cannot be read; `slots` keeps what was known, for a human."""

    def __init__(self, reason: str, slots: Mapping[str, Slot] | None = None) -> None:
        super().__init__(reason)
        self.slots: Mapping[str, Slot] = dict(slots or {})


# v → a function that lifts raw JSON of that version to the next one. Stored samples of every
# version stay in tests/dialogs/samples.
UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one flow.

    `step` the question asked now (None in the summary and while a line is chosen), `question`
    its number, counted up with every new question; `asked` the steps answered so far, oldest
    first; `tries` how often the present question was not understood; `page` which three choices
    of a longer list are shown.
    """

    id: str
    flow: str
    step: str | None
    question: int = 0
    asked: tuple[str, ...] = ()
    slots: Mapping[str, Slot] = field(default_factory=dict)
    phase: str = "asking"
    tries: int = 0
    page: int = 0
    v: int = SESSION_V

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with the version in `v`."""
        return {
            "v": self.v,
            "id": self.id,
            "flow": self.flow,
            "step": self.step,
            "question": self.question,
            "asked": list(self.asked),
            "slots": {key: [slot.key, slot.words, slot.source] for key, slot in self.slots.items()},
            "phase": self.phase,
            "tries": self.tries,
            "page": self.page,
        }

    @staticmethod
    def from_json(data: Any) -> Session:
        """A session from stored JSON data of any known version; SessionError otherwise."""
        if not isinstance(data, dict):
            raise SessionError("a session is a JSON object")
        raw = dict(data)
        while isinstance(raw.get("v"), int) and raw["v"] in UPCASTERS:
            raw = UPCASTERS[raw["v"]](raw)
        slots = _salvage(raw.get("slots"))
        if raw.get("v") != SESSION_V:
            raise SessionError(f"unknown session version {raw.get('v')!r}", slots)
        try:
            session = Session(
                id=_text(raw["id"]),
                flow=_text(raw["flow"]),
                step=None if raw["step"] is None else _text(raw["step"]),
                question=_count(raw["question"]),
                asked=tuple(_text(name) for name in raw["asked"]),
                slots=slots,
                phase=_text(raw["phase"]),
                tries=_count(raw["tries"]),
                page=_count(raw["page"]),
            )
            whole = len(slots) == len(raw["slots"])
        except (KeyError, TypeError, ValueError) as error:
            raise SessionError(f"broken session: {error}", slots) from error
        if session.phase not in PHASES or not whole:
            raise SessionError("broken session: unknown phase or slot", slots)
        return session


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value


def _salvage(raw: Any) -> dict[str, Slot]:
    """The slots that can still be read; the others are left out."""
    found: dict[str, Slot] = {}
    for key, value in raw.items() if isinstance(raw, dict) else ():
        if (
            isinstance(key, str)
            and isinstance(value, (list, tuple))
            and len(value) == 3
            and all(isinstance(part, str) for part in value)
            and value[2] in SOURCES
        ):
            found[key] = Slot(value[0], value[1], value[2])
    return found
