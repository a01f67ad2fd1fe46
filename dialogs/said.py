"""Words as they were said: bare for comparing, whole for keeping, and a plain yes or no in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from dialogs.flow_model import Common
from dialogs.meaning.reading import SURE, Reading
from dialogs.numerals import Sieve, plain

MAX_HEARD = 2_000  # characters looked at; the entry keeps everything as it was sent
MAX_WORDS = 2_000  # characters kept in a slot

_YES_SIGNS = frozenset("👍👌🙆✅🆗")
_NO_SIGNS = frozenset("👎🙅❌")

PARTICLES = "[啊呀呢嘛哦额呐啦吧的了哈]"  # what a Chinese sentence may end with


@dataclass(frozen=True, slots=True)
class Found:
    """A heard answer: machine value and the words as said."""

    key: str
    words: str


_SPOKEN = Sieve(lambda category: category[0] in "LN")


def bare(text: str) -> str:
    """For comparing: folded, lower case, only letters and digits of any script."""
    return plain(text[:MAX_HEARD]).lower().translate(_SPOKEN)


def is_empty(text: str) -> bool:
    """True when nothing visible was written."""
    return not any(unicodedata.category(c)[0] not in "ZC" for c in text)


def sign_only(text: str) -> bool:
    """True when there are signs (emoji, punctuation) but neither a letter nor a digit."""
    return not is_empty(text) and not any(unicodedata.category(c)[0] in "LN" for c in text)


def unseen(text: str) -> str | None:
    """What to say to a message without words: the phrase key for a picture, for marks or nothing.

    None where there are words: 「?」 and 「……」 show nothing, 「😀」 is a picture.
    """
    if is_empty(text) or (
        sign_only(text) and not any(unicodedata.category(c) == "So" for c in text)
    ):
        return "engine.empty_text"
    return "engine.emoji_only" if sign_only(text) else None


def yes_or_no(text: str, reading: Reading | None, common: Common) -> str | None:
    """ "yes", "no" or None: by common words, a thumb, or the reading's act."""
    word = bare(text)
    if not word:
        yes, no = (any(c in signs for c in text[:8]) for signs in (_YES_SIGNS, _NO_SIGNS))
        return "yes" if yes and not no else "no" if no and not yes else None
    for meant in ("yes", "no"):
        if only_words(common.words[meant]).match(word):
            return meant
    if reading is not None and reading.confidence >= SURE and len(word) <= 8:
        return {"affirm": "yes", "deny": "no"}.get(reading.act)
    return None


@lru_cache(maxsize=8)
def only_words(said: tuple[str, ...]) -> re.Pattern[str]:
    """Nothing but these words, with particles after them: 嗯好的, 对呀就这样吧, 没有啊."""
    words = sorted((re.escape(bare(word)) for word in said), key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(words)})[啊呀呢嘛哦额呐啦吧的了个]?){{1,4}}$")


def kept(text: str) -> str:
    """The words as said, cut where they are very long (the entry keeps them whole)."""
    trimmed = text.strip()
    return trimmed if len(trimmed) <= MAX_WORDS else trimmed[: MAX_WORDS - 1] + "…"
