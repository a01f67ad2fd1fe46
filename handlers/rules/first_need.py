"""Which of several needs is spoken of first. All of them stand in the case."""

from __future__ import annotations

from collections.abc import Sequence

MINOR = 18  # years; below it somebody is a child (design §6)
# A child that suffers, is ill or does not go to school comes before money and papers.
_CHILD_FIRST = ("psychological_support", "medical_aid", "education_aid", "disability")
# What is for old people, whoever the words are about.
_OLD_AGE = frozenset({"long_term_care", "elder_subsidy"})


def in_order(needs: Sequence[str], *, child: bool) -> tuple[str, ...]:
    """The needs, the one to begin with first; ``child``: a child is spoken of.

    Nothing is left out: what is only for old people goes to the end.
    """
    if not child:
        return tuple(needs)
    first = [need for need in _CHILD_FIRST if need in needs]
    last = [need for need in needs if need in _OLD_AGE]
    between = [need for need in needs if need not in first and need not in last]
    return (*first, *between, *last)


def is_minor(age: str | None) -> bool:
    """Whether an age as it was heard (digits) is a child's."""
    return age is not None and age.isdecimal() and int(age) < MINOR
