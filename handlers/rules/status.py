"""How a case's status may move, as the table of design §6; an illegal move raises."""

from __future__ import annotations

from collections.abc import Mapping

MOVES: Mapping[str, frozenset[str]] = {
    "received": frozenset({"assessing", "closed"}),
    "assessing": frozenset({"referred", "in_care", "closed"}),
    "referred": frozenset({"in_care", "assessing", "closed"}),
    "in_care": frozenset({"referred", "assessing", "closed"}),
    "closed": frozenset({"received"}),
}
RESOLUTIONS = ("done", "withdrawn", "merged", "unreachable", "moved", "deceased")
OFFERED = tuple(one for one in RESOLUTIONS if one != "merged")  # that names the case to join


class IllegalMove(Exception):
    """A case cannot go from this status to that one."""


def move(current: str, target: str) -> str:
    """The status after the move.

    Raises:
        IllegalMove: the table has no such move.
    """
    if target not in MOVES[current]:
        raise IllegalMove(f"{current} → {target}; possible: {', '.join(sorted(MOVES[current]))}")
    return target
