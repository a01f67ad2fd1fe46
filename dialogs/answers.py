"""Hearing an answer: one function per kind of expectation, all in one explicit dictionary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from dialogs.flow_checks import words_of
from dialogs.flow_model import Choice, Common, Step
from dialogs.meaning.reading import Reading
from dialogs.numerals import all_numbers, plain
from dialogs.telephones import phone_in

MAX_HEARD = 2_000  # characters looked at; the entry keeps everything as it was sent
MAX_WORDS = 2_000  # characters kept in a slot
SURE = 0.5  # a reading's act counts from this confidence on
ALIKE = 75.0  # rapidfuzz ratio from which words count as the same, typos included
AHEAD = 10.0  # and by so much better than the second best
MAX_AGE = 125  # the oldest person known lived 122 years

_NEGATIONS = "没不无勿非呒别"
_DIGIT = "[1-9一二三四五六七八九]"
_ORDINAL = re.compile(
    rf"^(?:选|我选|点|要)?(?:第({_DIGIT})(?:个|号|条|项|样)?|({_DIGIT})号?)(?:吧|呀|啊|的)?$"
)
_LAST = re.compile(r"^(?:选|我选|要)?最后(?:一|1)?(?:个|条|项)(?:吧|呀|啊)?$")
_ORDER = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_YES_SIGNS = frozenset("👍👌🙆✅🆗")
_NO_SIGNS = frozenset("👎🙅❌")
# What follows a word and takes it back: 老伴走了, 家里人都没有 (but not 没问题).
_TAKEN_BACK = re.compile(
    r"^(?:都|也|早就|早|已经|已)?(?:没(?!问题|事|关系)|不在|不管|勿管|走了|走脱|过世|去世|死)"
)
_COUNTED = ("个月", "个星期", "天", "年", "次", "月", "日", "号", "楼", "室", "岁", "趟", "回")
_NO_AGE = ("个", "年", "口", "月", "号", "点", "下", "些", "直", "样", "次", "楼", "室", "块")
_HEADS = ("口", "个", "人", "位")
_MONEY = ("块", "元", "圆", "多块", "多元", "来块", "块钱")
_NAME_LEAD = re.compile(
    r"^(?:您好|你好)?[,\uff0c\u3002\s]*(?:我的?名字(?:是|叫)|我?是?叫做?|叫我|我姓|姓|我是|她叫|他叫|是)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A heard answer: machine value and the words as said."""

    key: str
    words: str


def bare(text: str) -> str:
    """For comparing: folded, lower case, only letters and digits of any script."""
    folded = plain(text[:MAX_HEARD]).lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def is_empty(text: str) -> bool:
    """True when nothing visible was written."""
    return not any(unicodedata.category(c)[0] not in "ZC" for c in text)


def sign_only(text: str) -> bool:
    """True when there are signs (emoji, punctuation) but neither a letter nor a digit."""
    return not is_empty(text) and not any(unicodedata.category(c)[0] in "LN" for c in text)


def yes_or_no(text: str, reading: Reading | None, common: Common) -> str | None:
    """ "yes", "no" or None: by common words, a thumb, or the reading's act."""
    word = bare(text)
    if not word:
        yes, no = (any(c in signs for c in text[:8]) for signs in (_YES_SIGNS, _NO_SIGNS))
        return "yes" if yes and not no else "no" if no and not yes else None
    for meant in ("yes", "no"):
        if _only(common.words[meant]).match(word):
            return meant
    if reading is not None and reading.confidence >= SURE and len(word) <= 8:
        return {"affirm": "yes", "deny": "no"}.get(reading.act)
    return None


@lru_cache(maxsize=8)
def _only(said: tuple[str, ...]) -> re.Pattern[str]:
    """Nothing but these words, with particles after them: 嗯好的, 对呀就这样吧, 没有啊."""
    words = sorted((re.escape(bare(word)) for word in said), key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(words)})[啊呀呢嘛哦额呐啦吧的了个]?){{1,4}}$")


def hear(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    """The answer to this step in these words, or None when it was not understood."""
    if is_empty(text):
        return None
    return EXPECTED[step.expect](step, text, reading, common)


def kept(text: str) -> str:
    """The words as said, cut where they are very long (the entry keeps them whole)."""
    trimmed = text.strip()
    return trimmed if len(trimmed) <= MAX_WORDS else trimmed[: MAX_WORDS - 1] + "…"


def pick(
    choices: tuple[Choice, ...], text: str, reading: Reading | None, common: Common
) -> Choice | None:
    """The choice meant by words (typos allowed) or by a plain yes or no.

    Numbers name what is shown, which only the engine knows (`place_in`).
    """
    word = bare(text)
    if not word:
        return _by_yes_no(choices, text, reading, common)
    for choice in choices:
        if word in {bare(said) for said in words_of(choice)} or word == choice.key:
            return choice
    return (
        _contained(choices, word)
        or _by_yes_no(choices, text, reading, common)
        or _alike(choices, word)
    )


def place_in(word: str, count: int) -> int | None:
    """Which of `count` lines a bare word such as 1, 一, 第一个, ① names, from 0."""
    if count and _LAST.match(word):
        return count - 1
    match = _ORDINAL.match(word)
    if not match:
        return None
    sign = match.group(1) or match.group(2)
    number = _ORDER.get(sign) or int(sign)
    return number - 1 if number <= count else None


def _by_yes_no(
    choices: tuple[Choice, ...], text: str, reading: Reading | None, common: Common
) -> Choice | None:
    meant = yes_or_no(text, reading, common)
    fitting = [choice for choice in choices if meant and (choice.means or choice.key) == meant]
    return fitting[0] if len(fitting) == 1 else None


def _stands_in(said: str, word: str) -> bool:
    """`said` stands in the words and is not denied just before (没有家人 is not 家人)."""
    at = word.find(said)
    while at >= 0:
        before = word[max(0, at - 2) : at]
        after = word[at + len(said) : at + len(said) + 6]
        denied = any(c in _NEGATIONS for c in before) or _TAKEN_BACK.match(after)
        if said[0] in _NEGATIONS or not denied:
            return True
        at = word.find(said, at + 1)
    return False


def _contained(choices: tuple[Choice, ...], word: str) -> Choice | None:
    hits = [
        (len(said), said, choice)
        for choice in choices
        for said in {bare(item) for item in words_of(choice)}
        if len(said) >= 2 and _stands_in(said, word)
    ]
    if not hits:
        return None
    _, longest, best = max(hits, key=lambda hit: hit[0])
    # Another choice named beside it, and not merely as a part of the longer words: unclear.
    rest = word.replace(longest, " ")
    if any(choice is not best and _stands_in(said, rest) for _, said, choice in hits):
        return None
    return best


def _alike(choices: tuple[Choice, ...], word: str) -> Choice | None:
    if not 2 <= len(word) <= 20:
        return None
    scored = sorted(
        (
            (max(fuzz.ratio(word, bare(said)) for said in words_of(choice)), number)
            for number, choice in enumerate(choices)
        ),
        reverse=True,
    )
    if not scored or scored[0][0] < ALIKE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < AHEAD:
        return None
    best = choices[scored[0][1]]
    # One character decides between 有 and 没有: never guess across a negation.
    said = max((bare(item) for item in words_of(best)), key=lambda item: fuzz.ratio(word, item))
    if any(c in _NEGATIONS for c in word) != any(c in _NEGATIONS for c in said):
        return None
    return best


def _choice(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    choice = pick(step.choices, text, reading, common)
    if choice is None and reading is not None:
        choice = step.choice(reading.slots.get(step.name, ""))
    return Found(choice.key, kept(text)) if choice else None


def _text(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    return Found(kept(text), kept(text)) if bare(text) else None


def _phone(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    found = phone_in(text)
    return Found(found, kept(text)) if found else None


def _age(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    numbers = all_numbers(text)
    stated = [value for value, after in numbers if after.startswith(("岁", "多岁", "来岁"))]
    free = [value for value, after in numbers if not after.startswith(_NO_AGE)]
    for value in stated or free:
        if 0 <= value <= MAX_AGE and value == int(value):
            return Found(str(int(value)), kept(text))
    months = any(after.startswith("个月") for _, after in numbers)
    return Found("0", kept(text)) if months and not stated else None


def _money(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    numbers = all_numbers(text)
    stated = [value for value, after in numbers if after.startswith(_MONEY)]
    free = [value for value, after in numbers if not after.startswith(_COUNTED)]
    if not (stated or free):
        return None
    return Found(str(round(max(stated or free))), kept(text))


def _number(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    numbers = all_numbers(text)
    stated = [value for value, after in numbers if after.startswith(_HEADS)]
    # The last one: 一家三口, 我和老伴两个人.
    for value in reversed(stated or [value for value, _ in numbers]):
        if 0 <= value <= 99 and value == int(value):
            return Found(str(int(value)), kept(text))
    return Found("1", kept(text)) if bare(text) in common.words["alone"] else None


def _name(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    short = _NAME_LEAD.sub("", plain(text[:MAX_HEARD]).strip())
    short = re.split(r"[,.!;\uff0c\u3002\uff01\uff1b\n]", short)[0].strip()
    letters = [c for c in short if unicodedata.category(c)[0] == "L"]
    if not letters or len(short) > 20 or any(c.isdigit() for c in short):
        return None
    return Found(short, kept(text))


def _address(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    if len(bare(text)) < 2:
        return None
    return Found(kept(text), kept(text))


Heard = Callable[[Step, str, Reading | None, Common], Found | None]
EXPECTED: dict[str, Heard] = {
    "choice": _choice,
    "text": _text,
    "phone": _phone,
    "age": _age,
    "money": _money,
    "number": _number,
    "name": _name,
    "address": _address,
}
