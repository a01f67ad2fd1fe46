"""What the linear reader looks at: n-grams of characters, of toneless syllables, and hints.

Syllables let homophone typos (身份正 for 身份证) and voice transcripts meet the right words. They
are heard as Shanghai ears hear them: zh/z, ch/c, sh/s and final ng/n are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dialogs.meaning.plain import clauses
from dialogs.meaning.words import hints

CHARACTERS = (1, 2, 3, 4)
SYLLABLES = (1, 2, 3)
# A whole message this short is a feature of its own: 对额, 不是, 找人工.
_SHORT = 8
_NUMBER = re.compile(r"[0-9]+")
# The plain block of Chinese characters; rarer ones have no syllable.
_FIRST, _LAST = 0x4E00, 0x9FFF


def grams(text: str, sounds: Mapping[str, str]) -> tuple[set[str], set[str], set[str]]:
    """The distinct character n-grams, syllable n-grams and hints of one message.

    sounds: one syllable for each character that has one (`sounds_of_characters`).
    Digits count as digits, not as numbers: every run of them is one `0`.
    """
    plain = _NUMBER.sub("0", clauses(text))
    marked = f"^{plain}$"
    characters = {gram for size in CHARACTERS for gram in _windows(marked, size)}
    if len(plain) <= _SHORT:
        characters.add(f"={plain}")
    heard = [sounds.get(char, char) for char in plain if char != " "]
    syllables = {
        "-".join(heard[start : start + size])
        for size in SYLLABLES
        for start in range(len(heard) - size + 1)
    }
    hinted = hints(plain.replace(" ", ""), f"-{'-'.join(heard)}-")
    return characters, {f"~{gram}" for gram in syllables}, hinted


def _windows(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(len(text) - size + 1))


def sounds_of_characters() -> dict[str, str]:
    """The most usual toneless syllable of each Chinese character, from pypinyin.

    Asked for once, in training: a trained model carries the table, so reading needs no pypinyin
    (0.3 s and 57 MB at start, measured).
    """
    from pypinyin import lazy_pinyin

    characters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    found = ((char, lazy_pinyin(char)[0]) for char in characters)
    return {char: _as_heard(sound) for char, sound in found if sound.isascii()}


def _as_heard(sound: str) -> str:
    if sound[:2] in ("zh", "ch", "sh"):
        sound = sound[0] + sound[2:]
    return sound[:-1] if sound.endswith("ng") else sound
