"""The dictionary of what can be known about a request (`slots.yml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogs.reading_yaml import ContentError, nearest, read

TYPES = ("choice", "consent", "text", "phone", "age", "name", "address", "money", "number")
SENSITIVITIES = ("plain", "personal", "sensitive")
_KEYS = frozenset({"type", "sensitivity", "label", "ask", "values", "also", "shown"})


@dataclass(frozen=True, slots=True)
class SlotKind:
    """One entry of slots.yml.

    `values` maps each machine value of a choice to its words per language. `ask` is the question
    used when a value that was only heard in passing is corrected and the flow has no step for it.
    `also` holds further words by which people name the slot (手机 for phone).
    """

    key: str
    type: str
    sensitivity: str
    label: Mapping[str, str]
    ask: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    also: tuple[str, ...]
    shown: bool

    def said(self, value: str, language: str = "zh") -> str:
        """The words for a machine value; the value itself where it has none (a phone number)."""
        words = self.values.get(value)
        return words.get(language, words["zh"]) if words else value


class Slots(Mapping[str, SlotKind]):
    """All known slots, in the order of the file."""

    def __init__(self, kinds: Mapping[str, SlotKind]) -> None:
        self._kinds = dict(kinds)

    def __getitem__(self, key: str) -> SlotKind:
        return self._kinds[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def label(self, key: str, language: str = "zh") -> str:
        """The label people read; the key itself for a slot that is no longer known."""
        kind = self._kinds.get(key)
        return kind.label.get(language, kind.label["zh"]) if kind else key

    def sensitive(self, key: str) -> bool:
        """True for health and the like, and for an unknown key: when in doubt, protect it."""
        kind = self._kinds.get(key)
        return kind is None or kind.sensitivity == "sensitive"


def _words(file: str, place: str, value: Any, *, needed: bool) -> dict[str, str]:
    if value is None and not needed:
        return {}
    if not isinstance(value, dict) or not value.get("zh"):
        raise ContentError(file, place, "needs words as {zh: …, en: …}")
    return {str(language): str(words) for language, words in value.items()}


def load_slots(path: Path) -> Slots:
    """Reads slots.yml; raises ContentError naming the slot and the remedy."""
    raw = read(path)
    if not isinstance(raw, dict) or not raw:
        raise ContentError(path.name, "", "has no slot; write `key: {type, sensitivity, label}`")
    kinds: dict[str, SlotKind] = {}
    for key, entry in raw.items():
        place = f"slot '{key}'"
        if not isinstance(entry, dict):
            raise ContentError(path.name, place, "write {type, sensitivity, label}")
        for name in entry:
            if name not in _KEYS:
                raise ContentError(path.name, place, f"unknown '{name}'; {nearest(name, _KEYS)}")
        type_, sensitivity = str(entry.get("type")), str(entry.get("sensitivity"))
        if type_ not in TYPES:
            raise ContentError(path.name, place, f"unknown type '{type_}'; {nearest(type_, TYPES)}")
        if sensitivity not in SENSITIVITIES:
            hint = nearest(sensitivity, SENSITIVITIES)
            raise ContentError(path.name, place, f"unknown sensitivity '{sensitivity}'; {hint}")
        values = entry.get("values") or {}
        if (type_ in {"choice", "consent"}) != bool(values):
            raise ContentError(path.name, place, "choice and consent need `values`, others none")
        kinds[str(key)] = SlotKind(
            key=str(key),
            type=type_,
            sensitivity=sensitivity,
            label=_words(path.name, place, entry.get("label"), needed=True),
            ask=_words(path.name, place, entry.get("ask"), needed=bool(entry.get("shown", True))),
            values={
                str(value): _words(path.name, f"{place}, value '{value}'", words, needed=True)
                for value, words in values.items()
            },
            also=tuple(str(word) for word in entry.get("also") or ()),
            shown=bool(entry.get("shown", True)),
        )
    return Slots(kinds)
