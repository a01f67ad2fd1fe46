"""Words that are heard in what somebody says; the lists stand in flows/common.yml."""

from __future__ import annotations

from functools import cache

from dialogs.answers import bare
from handlers.ports import House

_SHORT = 3  # characters up to which a word stands only at the end: 别回, but not 别回家


def words_of(house: House, name: str) -> tuple[str, ...]:
    """The list of this name."""
    return house.flows["menu"].common.words[name]


@cache
def bare_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """A list of ours as it is compared; the same lists come with every message."""
    return tuple(word for word in map(bare, words) if word)


def hears(house: House, name: str, text: str, most: int | None = None) -> str | None:
    """The first word of the list that stands in ``text``, or None.

    ``most``: in a text of more characters nothing is heard, it tells something of its own.
    """
    said = bare(text)
    if not said or (most is not None and len(said) > most):
        return None
    return next((word for word in bare_words(words_of(house, name)) if word in said), None)


def hears_order(house: House, name: str, text: str, most: int) -> bool:
    """The same for words that order something: short ones must be the last that is said."""
    said = bare(text)
    if not said or len(said) > most:
        return False
    return any(
        said.endswith(word) or (len(word) > _SHORT and word in said)
        for word in bare_words(words_of(house, name))
    )


def is_whole(house: House, words: tuple[str, ...], text: str, most: int = 40) -> bool:
    """Whether ``text`` is one of ``words`` (or several) with fillers around, and nothing else.

    A question (没事了吗?) and a text of more than ``most`` characters are not.
    """
    said = bare(text)
    if not said or len(said) > most or asks(house, text):
        return False
    wanted, fillers = bare_words(words), bare_words(words_of(house, "filler"))
    reached = {(0, False)}  # how far the words cover what is said, and whether one was wanted
    for place in range(len(said)):
        for heard in (False, True):
            if (place, heard) not in reached:
                continue
            reached |= {(place + len(w), True) for w in wanted if said.startswith(w, place)}
            reached |= {(place + len(w), heard) for w in fillers if said.startswith(w, place)}
    return (len(said), True) in reached


def is_only(house: House, name: str, text: str) -> bool:
    """Whether ``text`` is one of the words and nothing else."""
    said = bare(text)
    return said in bare_words(words_of(house, name))


def asks(house: House, text: str) -> bool:
    """Whether words end as a question does: 吗, 伐, 几时, a question mark."""
    if text.rstrip().endswith(("?", "\uff1f")):
        return True
    said = bare(text)
    return said.endswith(bare_words(words_of(house, "question_end")))
