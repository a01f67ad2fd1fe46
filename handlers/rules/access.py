"""Who of the staff may see what (design §8)."""

from __future__ import annotations


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


def masked_phone(phone: str) -> str:
    """A telephone number with its middle hidden: 138 •••• 5678."""
    if len(phone) < 8:
        return "••••" if phone else ""
    return f"{phone[:3]} •••• {phone[-4:]}"
