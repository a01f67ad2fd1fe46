"""What a flow says first when the need, or a word that was said, asks for words of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dialogs.flow_model import Ack, Flow, FlowError
from dialogs.meaning.reading import NEEDS
from dialogs.reading_yaml import nearest
from dialogs.session import Slot

_TOLD = ("need", "trouble")  # the slots that hold what was said first


def read_acks(file: str, raw: Any) -> tuple[Ack, ...]:
    """The table `acks` of a flow file: `<need>: sentence`, or `<name>: {say, words}`."""
    if raw is None:
        return ()
    if not isinstance(raw, dict):
        raise FlowError(file, "acks", "write `need: sentence` lines")
    found = []
    for key, value in raw.items():
        entry = {"say": value} if isinstance(value, str) else value
        place = f"acks, '{key}'"
        if not isinstance(entry, dict) or not entry.get("say") or set(entry) - {"say", "words"}:
            raise FlowError(file, place, "write a sentence, or {say: …, words: […]}")
        words = tuple(str(word) for word in entry.get("words") or ())
        if not words and key not in NEEDS:
            raise FlowError(file, place, f"is no need; {nearest(str(key), NEEDS)}, or add `words`")
        found.append(Ack(str(key), str(entry["say"]).strip(), words))
    return tuple(found)


def lay_over_acks(file: str, place: str, raw: dict[str, Any], given: Any) -> None:
    """Puts the sentences of another language into a raw flow; both must have the same keys."""
    own, told = raw.get("acks") or {}, given or {}
    if not isinstance(own, dict) or not isinstance(told, dict):
        raise FlowError(file, place, "write `acks:` as `key: sentence` lines")
    for key in {**own, **told}:
        if key not in own or key not in told:
            raise FlowError(file, place, f"ack '{key}' must stand in both languages")
        entry = own[key]
        own[key] = {**entry, "say": told[key]} if isinstance(entry, dict) else told[key]


def ack_of_words(flow: Flow, said: Iterable[str]) -> str | None:
    """The sentence for a word that stands in what was said (老伴走了)."""
    told = "\n".join(said).lower()
    for ack in flow.acks:
        if any(word in told for word in ack.words):
            return ack.say
    return None


def ack_first(flow: Flow, slots: Mapping[str, Slot], *, other: bool) -> str:
    """What a flow says first; `other`: it is about somebody else than the writer."""
    found = ack_of_words(flow, (slots[key].words for key in _TOLD if key in slots))
    need = slots.get("need")
    if found is None and need is not None:
        found = next((ack.say for ack in flow.acks if ack.key == need.key and not ack.words), None)
    return found or (flow.ack_other if other else None) or flow.ack
