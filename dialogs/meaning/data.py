"""Training and evaluation messages, in the shape Rasa 3.1 reads too (`nlu_data/*.yml`).

An example's intent is its needs joined by `+`, or else its act; its metadata carries the other
questions. What is wrong in the data is said with the message and the remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from dialogs.meaning.reading import ACTS, DANGERS, NEEDS, WHO

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataError(ValueError):
    """The data cannot be learned from; the text says which message, and the remedy."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message and what it means. `intent`: needs joined by `+`, or else the act."""

    text: str
    intent: str
    danger: tuple[str, ...] = ()
    act: str = "request_help"
    who: str = "unknown"

    @property
    def needs(self) -> tuple[str, ...]:
        """The labels of `NEEDS` in the intent; none when the intent is an act."""
        return tuple(part for part in self.intent.split("+") if part in NEEDS)


def parse(yaml_text: str) -> list[Example]:
    """The examples of one file; an empty list for a file without `nlu:` (Rasa's own settings).

    Raises `DataError` for an unknown label, a missing answer or broken YAML.
    """
    try:
        document = yaml.load(yaml_text, Loader=_LOADER)  # noqa: S506 (a safe loader, see above)
    except yaml.YAMLError as error:
        raise DataError(f"not readable as YAML: {error}") from error
    if not isinstance(document, Mapping) or "nlu" not in document:
        return []
    found: list[Example] = []
    for block in document["nlu"] or ():
        intent = block.get("intent") if isinstance(block, Mapping) else None
        if not isinstance(intent, str) or not isinstance(block.get("examples"), list):
            raise DataError(f"every entry needs `intent:` and a list of `examples:`, got {block!r}")
        found.extend(_example(intent, entry) for entry in block["examples"])
    return found


def _example(intent: str, entry: Any) -> Example:
    text = entry.get("text") if isinstance(entry, Mapping) else None
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"an example of {intent} has no `text:`: {entry!r}")
    text = text.strip()
    metadata = entry.get("metadata")
    if not isinstance(metadata, Mapping):
        raise DataError(f"{text!r} has no `metadata: {{danger, act, who}}`")
    danger, act, who = metadata.get("danger"), metadata.get("act"), metadata.get("who")
    if not isinstance(danger, list):
        raise DataError(f"{text!r}: `danger:` is a list, empty when there is none")
    for name, value, known in (
        *(("danger", label, DANGERS) for label in danger),
        ("act", act, ACTS),
        ("who", who, WHO),
        *(("intent", part, NEEDS if part in NEEDS else (str(act),)) for part in intent.split("+")),
    ):
        if value not in known:
            raise DataError(
                f"{text!r}: {name} {value!r} is unknown here; one of {', '.join(known)}"
            )
    return Example(text, intent, tuple(d for d in DANGERS if d in danger), str(act), str(who))
