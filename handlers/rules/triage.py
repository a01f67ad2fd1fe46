"""How urgent a request is, and why. Machines only raise urgency (design §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

URGENCIES = ("green", "yellow", "orange", "red")  # rising
DANGERS = frozenset(
    (
        "suicide_selfharm",
        "violence_abuse",
        "medical_emergency",
        "trapped_missing_fire",
        "no_food_shelter",
    )
)

# What raises a request, as rows (reason, urgency it asks for, slot, values). A reason's words
# stand in staff.zh.yml. Living alone and uncared for is orange: nobody else would notice.
_BY_SLOT: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("no_carer", "yellow", "carer", frozenset({"nobody"})),
    ("alone", "green", "living", frozenset({"alone"})),
    ("bedridden", "yellow", "mobility", frozenset({"bedridden"})),
    ("immobile", "green", "mobility", frozenset({"helped"})),
    ("no_income", "yellow", "income", frozenset({"none"})),
)
_BY_NEED: Mapping[str, str] = {"temporary_aid": "orange", "psychological_support": "yellow"}
_CARE = frozenset({"home_help", "long_term_care"})
_OLD, _VERY_OLD, _MINOR = 70, 80, 18  # 80: the age from which 高龄 services begin in Shanghai


def highest(*urgencies: str) -> str:
    """The most urgent of these."""
    return max(urgencies, key=URGENCIES.index)


def triage(
    dangers: Sequence[str],
    needs: Sequence[str],
    slots: Mapping[str, str],
    signs: Sequence[str] = (),
) -> tuple[str, tuple[str, ...]]:
    """Urgency and the keys of its reasons, the weightiest first.

    ``slots`` are machine values. ``signs`` are reasons that lie in the course of the talk:
    ``human_request``, ``not_understood``, ``voice_unheard``, ``unfinished``, ``session_lost``.
    """
    found: list[tuple[str, str]] = [("red", danger) for danger in dangers if danger in DANGERS]
    found += [
        (urgency, reason) for reason, urgency, slot, values in _BY_SLOT if slots.get(slot) in values
    ]
    age = int(slots["age"]) if slots.get("age", "").isdecimal() else None
    if age is not None and age >= _VERY_OLD:
        found.append(("yellow", "very_old"))
    elif age is not None and age >= _OLD:
        found.append(("green", "old"))
    if age is not None and age < _MINOR:
        found.append(("orange", "minor"))
    if slots.get("living") == "alone" and _CARE & set(needs):
        found.append(("yellow", "alone"))  # nobody else would notice
    if _alone_and_uncared(slots, age):
        found.append(("orange", "alone"))
    found += [(_BY_NEED[need], _NEED_REASONS[need]) for need in needs if need in _BY_NEED]
    found += [(_BY_SIGN[sign], sign) for sign in signs]
    if not found:
        return "green", ("default",)
    found.sort(key=lambda row: -URGENCIES.index(row[0]))
    return found[0][0], tuple(dict.fromkeys(reason for _, reason in found))


_NEED_REASONS: Mapping[str, str] = {"temporary_aid": "sudden", "psychological_support": "distress"}
_BY_SIGN: Mapping[str, str] = {
    "human_request": "yellow",
    "complaint": "yellow",
    "not_understood": "yellow",
    "unfinished": "yellow",
    "session_lost": "yellow",
    "reopened": "yellow",
    "voice_unheard": "orange",
}


def _alone_and_uncared(slots: Mapping[str, str], age: int | None) -> bool:
    weak = slots.get("mobility") in {"helped", "bedridden"} or (age is not None and age >= _OLD)
    return slots.get("living") == "alone" and slots.get("carer") == "nobody" and weak
