"""What one message means: the shape every reader answers in.

The names of the labels are the contract of `nlu_data`, the flows, the cases and the reports;
they stand here once, in the order in which they are shown and counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# From this confidence on a need or an act is believed without asking …
SURE = 0.5
# … and words are no answer to what was asked, or something is let go: nothing is lost on a guess.
CERTAIN = 0.7

DANGERS: tuple[str, ...] = (
    "suicide_selfharm",
    "violence_abuse",
    "medical_emergency",
    "trapped_missing_fire",
    "no_food_shelter",
)

NEEDS: tuple[str, ...] = (
    "low_income_aid",
    "temporary_aid",
    "medical_aid",
    "disability",
    "long_term_care",
    "elder_subsidy",
    "home_help",
    "housing_repair",
    "employment",
    "education_aid",
    "family_legal",
    "psychological_support",
    "fraud_consumer",
)

ACTS: tuple[str, ...] = (
    "request_help",
    "policy_question",
    "status_query",
    "complaint",
    "human_request",
    "affirm",
    "deny",
    "correct_answer",
    "cancel",
    "greet_thanks",
    "my_data",
    "out_of_scope",
)

WHO: tuple[str, ...] = ("self", "other", "unknown")


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, understood.

    danger, needs: labels of `DANGERS` and `NEEDS`, in their order, none twice.
    act, who: exactly one of `ACTS` and `WHO`.
    confidence: how sure needs and act are, 0..1 (danger has no doubt: it is found or not).
    slots: what the words themselves tell, by the keys of `dialogs/slots.yml`.
    """

    danger: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    act: str = "out_of_scope"
    who: str = "unknown"
    confidence: float = 0.0
    slots: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The reading as plain lists, strings and numbers, for a journal or another process."""
        return {
            "danger": list(self.danger),
            "needs": list(self.needs),
            "act": self.act,
            "who": self.who,
            "confidence": round(self.confidence, 4),
            "slots": dict(self.slots),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """A reading from what `as_json` wrote, or from another engine's answer.

        Labels we do not know are left out, never an error: a newer or an older engine may sit
        on the other side, and a resident's message must not be lost over a name.
        """
        act, who = data.get("act"), data.get("who")
        slots = data.get("slots")
        return cls(
            danger=in_order(data.get("danger"), DANGERS),
            needs=in_order(data.get("needs"), NEEDS),
            act=act if isinstance(act, str) and act in ACTS else "out_of_scope",
            who=who if isinstance(who, str) and who in WHO else "unknown",
            confidence=_share(data.get("confidence")),
            slots={str(k): str(v) for k, v in slots.items()} if isinstance(slots, Mapping) else {},
        )


def in_order(labels: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    """The labels that are known, in the order of `known`, none twice; anything else is left out."""
    if not isinstance(labels, list | tuple | set | frozenset):
        return ()
    return tuple(label for label in known if label in labels)


def _share(value: Any) -> float:
    """A number between 0 and 1; 0 for what is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return 0.0 if math.isnan(value) else min(1.0, max(0.0, float(value)))
