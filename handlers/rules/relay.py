"""What a neighbour who relays may hear of somebody else's case (design §6)."""

from __future__ import annotations


def is_quiet(*, who: str, answers_to: str | None) -> bool:
    """Whether the relayer hears only that somebody was reached and that it ended.

    The answers were to go to the person helped alone: an advisor telephones or visits, and
    nothing that is said there comes back to the chat of the neighbour.
    """
    return who == "relay" and answers_to == "helped"
