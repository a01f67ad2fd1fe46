"""Danger, read by patterns alone: always there, before and without everything else.

Recall comes first: a missed call costs a life, a false one costs an advisor a minute. What is
left out is left out on purpose: idioms (累死了), what is denied (他没有打我), what is long past
(去年摔断了腿) and what is only feared or asked about (怕她摔倒怎么办).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.meaning.danger_signs import IDIOMS, LAST_RESORT, SIGNS, Sign
from dialogs.meaning.plain import squeeze
from dialogs.meaning.reading import DANGERS

# Signs look at most this far to either side, in characters; so a long text can be read in
# pieces that overlap by as much, and time stays linear in its length.
_REACH = 16
_PIECE = 4_000
_OVERLAP = 80


def find(text: str) -> tuple[str, ...]:
    """The labels of `DANGERS` that the words give a sign of, in their order.

    Reads the whole text, however long; never raises on any string.
    """
    found: set[str] = set()
    for piece in _pieces(squeeze(text)):
        calm = piece
        for idiom, harmless in IDIOMS:
            calm = idiom.sub(harmless, calm)
        for sign in SIGNS:
            if sign.label not in found and _holds(sign, calm):
                found.add(sign.label)
        if not found and _holds(LAST_RESORT, calm):
            found.add(LAST_RESORT.label)
        if len(found) == len(DANGERS):
            break
    return tuple(label for label in DANGERS if label in found)


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, max(len(text), 1), _PIECE):
        yield text[max(0, start - _OVERLAP) : start + _PIECE]


def _holds(sign: Sign, text: str) -> bool:
    """Whether one place of the text shows the sign and nothing near it takes it back."""
    start = 0
    while match := sign.words.search(text, start):
        before = text[max(0, match.start() - _REACH) : match.start()]
        after = text[match.end() : match.end() + _REACH]
        if not _taken_back(sign, before, match.group(), after):
            return True
        # The next look starts one character on: a denied sign must not hide a true one that
        # begins inside it (去年摔了,今天又摔倒爬不起来).
        start = match.start() + 1
    return False


def _taken_back(sign: Sign, before: str, words: str, after: str) -> bool:
    if _ends(sign.unless_before, before) or _begins(sign.unless_after, after):
        return True
    if sign.unless_past and _PAST.search(before) and not _NOW.search(before + words + after[:4]):
        return True
    if _FICTION.search(before):
        return True
    return sign.unless_feared and bool(_FEARED.search(before) or _ASKED.match(after))


def _ends(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def _begins(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.match(text) is not None


_PAST = re.compile(
    r"以前|从前|过去|当年|早年|那年|曾经|去年|前年|前几年|[\d一二两三四五六七八九十几多]年前|上个月|"
    r"个月前|上半年|上个?(?:礼拜|星期)|上次|上趟|上回|年轻|小时候|小辰光|老早|老底子|结婚时|文革|后遗症|之前|得过|有过|"
    r"出过|开春|过年|国庆"
)
_NOW = re.compile(
    "又|刚|现在(?![不没勿好])|今天|今早|今晚|今朝|昨|突然|还在|还要|还会|最近|辣海|搿歇|马上|救"
)
_FICTION = re.compile(
    "(电影|电视剧?|新闻|小说|综艺|抖音|直播|小品)(里|上|说|讲|中|放|那|着火).{0,8}$"
)
_ASKED = re.compile(".{0,3}(怎么|如何|哪能|怎样)(预防|防|避免)")
_FEARED = re.compile(
    r"(万一|如果|假如|假使|要是|预防|防止|以防|避免|担心|害怕|就怕|怕|讲座|演练|宣传|培训|碰到|遇到|"
    r"遇上|什么叫|哪些|怎样|如何|为了防|容易).{0,9}$"
)
