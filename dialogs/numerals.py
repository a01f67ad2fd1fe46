"""Numbers as people write them: 83, 八十三, 8十3, 八千五, 1万2, 廿三, 3.5万, 十几万."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "俩": 2, "幺": 1, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5,
    "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_BIG = {"万": 10_000, "萬": 10_000, "w": 10_000, "亿": 100_000_000}
_SCORES = {"廿": "二十", "卅": "三十"}
_CHARS = "0-9" + "".join(_DIGITS) + "".join(_UNITS) + "".join(_BIG) + "廿卅"
NUMBER = re.compile(
    rf"(?:[{_CHARS}]|(?<=[0-9])[.,](?=[0-9])|(?<=[十百千万])[几多来](?=[十百千万]))+"
)
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|.")


class Sieve(dict[int, int | None]):
    """A table for `str.translate` that drops characters by their Unicode category."""

    def __init__(self, keep: Callable[[str], bool]) -> None:
        super().__init__()
        self._keep = keep

    def __missing__(self, code: int) -> int | None:
        """A character seen for the first time: judged once."""
        self[code] = code if self._keep(unicodedata.category(chr(code))) else None
        return self[code]


_VISIBLE = Sieve(lambda category: category not in {"Cf", "Mn", "Me", "Cc"})


def plain(text: str) -> str:
    """Full-width, circled and keycap forms as ordinary characters, without invisible ones."""
    return unicodedata.normalize("NFKC", text).translate(_VISIBLE)


def value_of(words: str) -> float | None:
    """The value of one number, in any mixture of scripts; None when it is none.

    A last digit after a unit counts as a tenth of it, as people speak: 八千五 is 8500.
    """
    text = plain(words).lower().replace(",", "").strip()
    for score, full in _SCORES.items():
        text = text.replace(score, full)
    text = re.sub(r"[几多来余]", "", text)
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))
    total = section = 0.0
    current: float | None = None
    last_unit, after_zero, many_digits = 1, False, False
    for token in _TOKEN.findall(text):
        if token[0].isascii() and token[0].isdigit():
            if current is not None:
                return None
            current, many_digits = float(token), len(token) > 1
        elif token in _DIGITS:
            digit = _DIGITS[token]
            if digit == 0 and current is None:
                after_zero = True
                continue
            current = digit if current is None else current * 10 + digit
            many_digits = current >= 10
        elif token in _UNITS:
            section += (1 if current is None else current) * _UNITS[token]
            last_unit, current, after_zero = _UNITS[token], None, False
        elif token in _BIG:
            total += (section + (current or 0) or 1) * _BIG[token]
            section, current, last_unit, after_zero = 0.0, None, _BIG[token], False
        else:
            return None
    if current is not None:
        spoken_short = last_unit > 10 and not after_zero and not many_digits
        section += current * last_unit / 10 if spoken_short else current
    return total + section


def all_numbers(text: str) -> list[tuple[float, str]]:
    """Every number in the text with what stands after it (up to 3 characters), in order."""
    source = plain(text[:2000])
    found: list[tuple[float, str]] = []
    for match in NUMBER.finditer(source):
        value = value_of(match.group())
        if value is not None and value < 1e12:
            found.append((value, source[match.end() : match.end() + 3]))
    return found
