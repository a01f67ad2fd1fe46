"""Who of the staff may see what (design §8)."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){7,}(?!\d)")  # eight digits and more: 021-62180000


def may_read(
    *, role: str, viewer_id: str, viewer_unit: str | None, unit: str | None, assignee: str | None
) -> bool:
    """Personal details are for the assignee, the case's unit, and supervisors.

    A case without a unit, or a viewer without one, is the whole office's: a small station has
    no units at all, and nobody must stay unheard because an address was not given.
    """
    if role == "supervisor" or assignee == viewer_id:
        return True
    return unit is None or viewer_unit is None or unit == viewer_unit


def may_claim(*, urgency: str, on_duty: bool) -> bool:
    """A red case rings for everybody on duty, so anybody of them may take it (design §7).

    Whose it is may read it: by taking it they can help, and that they took it is kept.
    """
    return urgency == "red" and on_duty


def without_phones(text: str) -> str:
    """Words with the middle of every telephone number hidden."""
    return _NUMBER.sub(lambda found: masked_phone(re.sub(r"\D", "", found.group())), text)


def masked_phone(phone: str) -> str:
    """A telephone number with its middle hidden: 138 •••• 5678."""
    if len(phone) < 8:
        return "••••" if phone else ""
    return f"{phone[:3]} •••• {phone[-4:]}"
