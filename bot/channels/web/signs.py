"""The signs of danger for the resident's page: it looks for them when the house is out of reach."""

from __future__ import annotations

import json

from dialogs.meaning.danger_signs import LAST_RESORT, SIGNS
from dialogs.meaning.plain import PAIRS

NAME = "resident/signs.json"


def offline() -> bytes:
    """Every sign (kind, words, what takes them back before and after them) and the characters
    that are written plainly before it is looked for, as JSON.
    """
    rows = [
        (
            sign.label,
            sign.words.pattern,
            sign.unless_before.pattern if sign.unless_before else None,
            sign.unless_after.pattern if sign.unless_after else None,
        )
        for sign in (*SIGNS, LAST_RESORT)
    ]
    return json.dumps({"pairs": PAIRS, "signs": rows}, ensure_ascii=False).encode()
