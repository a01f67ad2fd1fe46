"""When somebody answers: 「前」 and 「内」 come with the time, and no sentence says them again."""

from __future__ import annotations

import re

import pytest

from dialogs.content import Content

_CHINESE = ("几分钟内", "上午10点前", "明天上午9点30分前")
_ENGLISH = ("within a few minutes", "tomorrow, before 9 o'clock in the morning")


def told(content: Content) -> list[str]:
    """The keys of all sentences that tell a time."""
    return [key for key, words in content.phrases.items() if "{when}" in words]


def test_a_chinese_time_is_a_whole_part_of_speech(content: Content) -> None:
    say = content.phrases.say
    clock = say("when.hour", hour="9")
    assert say("when.soon") == "几分钟内"
    assert say("when.tomorrow", time=say("when.morning", clock=clock)) == "明天上午9点前"
    assert say("when.hour_minute", hour="9", minute="30") == "9点30分前"
    assert say("receipt.filed", number="7", when="几分钟内") == (
        "您的编号是 7。顾问会在几分钟内回您。"
    )


def test_an_english_time_is_a_whole_part_of_speech(english: Content) -> None:
    say = english.phrases.say
    clock = say("when.hour", hour="9")
    assert say("when.soon") == "within a few minutes"
    assert say("when.tomorrow", time=say("when.morning", clock=clock)) == _ENGLISH[1]
    assert say("when.weekday_0", time="before 9:30 in the morning").startswith("on Monday")


@pytest.mark.parametrize("when", _CHINESE)
def test_no_sentence_says_before_twice(content: Content, when: str) -> None:
    keys = told(content)
    assert len(keys) >= 15
    for key in keys:
        params = dict.fromkeys(content.phrases.params(key), "李顾问") | {"when": when}
        assert not re.search("[前内]前|[前内]内", content.phrases.say(key, **params)), key


@pytest.mark.parametrize("when", _ENGLISH)
def test_no_english_sentence_says_before_twice(english: Content, when: str) -> None:
    keys = told(english)
    assert len(keys) >= 15
    for key in keys:
        params = dict.fromkeys(english.phrases.params(key), "Ms Li") | {"when": when}
        said = english.phrases.say(key, **params)
        assert not re.search(r"(?:before|within|on|by) (?:before|within|on|tomorrow)\b", said), key
