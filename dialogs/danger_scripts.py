"""The fixed safety texts of `phrases/danger.yml`: one script a kind of danger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogs.meaning.reading import DANGERS
from dialogs.reading_yaml import ContentError, nearest, read

_TEXTS = ("label", "acknowledge", "do_now", "question", "nobody_on_duty", "page")
_KEYS = frozenset({"reviewed", "numbers", "zh", "en"})
_NUMBER = re.compile(r"^\d{3,12}$")


@dataclass(frozen=True, slots=True)
class Tel:
    """A telephone number with what answers there; `value` is what a button carries."""

    label: str
    number: str

    @property
    def value(self) -> str:
        """The button's value, which a telephone dials."""
        return f"tel:{self.number}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A choice of the script's question, and what is said after it."""

    key: str
    say: str
    then: str


@dataclass(frozen=True, slots=True)
class Script:
    """Acknowledge, one thing to do now, one number (others behind it), one question.

    `page` is what the resident's page itself shows when the house is out of reach.
    """

    kind: str
    label: str
    acknowledge: str
    do_now: str
    numbers: tuple[Tel, ...]
    question: str
    choices: tuple[Reply, ...]
    nobody_on_duty: str
    page: str
    reviewed: str

    @property
    def tel(self) -> tuple[Tel, ...]:
        """All numbers, the one to dial first."""
        return self.numbers


def load_danger(path: Path, language: str = "zh") -> dict[str, Script]:
    """Reads danger.yml; the order of the file is the order in which scripts are said.

    Raises ContentError when a kind or a text is missing, in either language: in danger nothing
    may be half there.
    """
    raw = read(path)
    if not isinstance(raw, dict):
        raise ContentError(path.name, "", "write one script a kind of danger")
    for kind in raw:
        if kind not in DANGERS:
            raise ContentError(path.name, f"'{kind}'", f"no such kind; {nearest(kind, DANGERS)}")
    for kind in DANGERS:
        if kind not in raw:
            raise ContentError(path.name, f"'{kind}'", "has no script; write one")
    scripts = {
        tongue: {k: _script(path.name, k, raw[k], tongue) for k in raw} for tongue in ("zh", "en")
    }
    if language not in scripts:
        raise ContentError(path.name, f"'{language}'", nearest(language, scripts))
    return scripts[language]


def _script(file: str, kind: str, raw: Any, language: str) -> Script:
    place = f"'{kind}'"
    if not isinstance(raw, dict) or set(raw) != _KEYS:
        raise ContentError(file, place, f"needs exactly {', '.join(sorted(_KEYS))}")
    words = raw[language]
    for key in (*_TEXTS, "choices"):
        if not isinstance(words, dict) or not words.get(key):
            raise ContentError(file, f"{place} {language}", f"`{key}` has no words")
    numbers = tuple(_tel(file, place, entry, language) for entry in raw["numbers"] or ())
    if not numbers:
        raise ContentError(file, place, "needs at least one number")
    return Script(
        kind=kind,
        numbers=numbers,
        choices=tuple(_reply(file, place, key, entry) for key, entry in words["choices"].items()),
        reviewed=str(raw["reviewed"]),
        **{key: str(words[key]) for key in _TEXTS},
    )


def _tel(file: str, place: str, raw: Mapping[str, Any], language: str) -> Tel:
    number = str(raw.get("number"))
    if not _NUMBER.match(number):
        raise ContentError(file, place, f"'{number}' is no telephone number; digits in quotes")
    if not raw.get(language) or not raw.get("source"):
        raise ContentError(file, place, f"number {number} needs words and a source")
    return Tel(str(raw[language]), number)


def _reply(file: str, place: str, key: str, raw: Mapping[str, Any]) -> Reply:
    if not isinstance(raw, dict) or not raw.get("say") or not raw.get("then"):
        raise ContentError(file, place, f"choice '{key}' needs `say` and `then`")
    if set(raw) != {"say", "then"}:  # a comma ends a value in {…} that stands without quotes
        raise ContentError(file, place, f"choice '{key}': put its words in quotes")
    return Reply(str(key), str(raw["say"]), str(raw["then"]))
