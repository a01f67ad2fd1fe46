"""Several readings of one message, made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogs.meaning.reading import DANGERS, Reading

# Acts that say nothing beside a need: whoever names a need asks for help.
_EMPTY_ACTS = frozenset({"out_of_scope", "greet_thanks", "affirm", "deny"})


def combine(readings: Sequence[Reading]) -> Reading:
    """One reading out of several; no reading at all means nothing was understood.

    Danger is the union: any voice is enough, none can take another's back. Needs, act and
    confidence come together from the surest reading. Who is helped comes from the first that
    names somebody, the surest first. A slot comes from the first reading, in the order given,
    that holds it: put the exact readers (patterns) before the guessing ones.
    """
    if not readings:
        return Reading()
    surest = sorted(readings, key=lambda reading: -reading.confidence)
    slots: dict[str, str] = {}
    for reading in reversed(readings):
        slots.update(reading.slots)
    joined = Reading(
        danger=tuple(d for d in DANGERS if any(d in reading.danger for reading in readings)),
        needs=surest[0].needs,
        act=surest[0].act,
        who=next((r.who for r in surest if r.who != "unknown"), "unknown"),
        confidence=surest[0].confidence,
        slots=slots,
    )
    # 「算了,我不想活了」 takes nothing back: danger is a call for help, unless it calls for a person.
    called = joined.danger and joined.act != "human_request"
    if called or (joined.needs and joined.act in _EMPTY_ACTS):
        return replace(joined, act="request_help")
    return joined
