"""Which choice is meant by words: by its place, its own words, a plain yes or no, or nearly so."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from dialogs.flow_checks import words_of
from dialogs.flow_model import Choice, Common, Step
from dialogs.meaning.reading import Reading
from dialogs.said import Found, bare, kept, only_words, yes_or_no

ALIKE = 75.0  # rapidfuzz ratio from which words count as the same, typos included
AHEAD = 10.0  # and by so much better than the second best

_NEGATIONS = "没不无勿非呒别"
_DIGIT = "[1-9一二三四五六七八九]"
_ORDINAL = re.compile(
    rf"^(?:选|我选|点|要)?(?:第({_DIGIT})(?:个|号|条|项|样)?|({_DIGIT})号?)(?:吧|呀|啊|的)?$"
)
_LAST = re.compile(r"^(?:选|我选|要)?最后(?:一|1)?(?:个|条|项)(?:吧|呀|啊)?$")
_ORDER = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
# What follows a word and takes it back: 老伴走了, 家里人都没有 (but not 没问题).
_TAKEN_BACK = re.compile(
    r"^(?:都|也|早就|早|已经|已)?(?:没(?!问题|事|关系)|不在|不管|勿管|走了|走脱|过世|去世|死)"
)


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
        _meant(_contained(choices, word), word)
        or _by_yes_no(choices, text, reading, common)
        or _meant(_alike(choices, word), word)
    )


def _meant(choice: Choice | None, word: str) -> Choice | None:
    """The choice, unless words stand beside it that take it back (see Choice.unless)."""
    for other in choice.unless if choice else ():
        said = bare(other)
        if word.startswith(said) if other.endswith("…") else said in word:
            return None
    return choice


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
    return _means(choices, meant) if meant else None


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


def choice_in(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    """The choice in these words; None when none is, or two are."""
    # The words themselves, then a fact of this step in them, then only their tone (act).
    choice = pick(step.choices, text, None, common)
    if choice is None and reading is not None:
        told = step.choice(reading.slots.get(step.name, ""))
        choice = told or _by_yes_no(step.choices, text, reading, common)
    return Found(choice.key, kept(text)) if choice else None


_FILLER = re.compile(r"^[嗯恩哎哦噢喔唉那]+|(?:谢谢|麻烦)(?:您|侬|你|啦|了)?$")


def consent_in(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    """Leave is given in so many words: 可以, 好, 同意, 记吧; 嗯 or a friendly tone is none."""
    said = bare(text)
    word = _FILLER.sub("", said)
    meant = None if said else yes_or_no(text, None, common)
    for answer, words in (("yes", "agree"), ("no", "refuse")):
        if word and only_words(common.words[words]).match(word):
            meant = answer
    if meant:
        choice = _means(step.choices, meant)
    else:
        exact = [c for c in step.choices if word in {bare(item) for item in words_of(c)}]
        choice = exact[0] if exact else _meant(_contained(step.choices, word), word)
        doubtful = any(c in _NEGATIONS for c in word) and not exact
        if choice and doubtful and (choice.means or choice.key) == "yes":
            return None  # 可以不记伐
    return Found(choice.key, kept(text)) if choice else None


def _means(choices: tuple[Choice, ...], meant: str) -> Choice | None:
    """The one choice that a plain yes or no means."""
    fitting = [choice for choice in choices if (choice.means or choice.key) == meant]
    return fitting[0] if len(fitting) == 1 else None
