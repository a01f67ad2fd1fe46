"""What a tired person says instead of an answer is neither lost nor taken for something else."""

from __future__ import annotations

import pytest

from dialogs.content import Content
from dialogs.engine import Answer, Drop, Tell
from dialogs.meaning.reading import Reading
from tests.dialogs.talk import Talk, to_summary


def read(text: str, act: str, sure: float) -> Answer:
    return Answer(text, reading=Reading(act=act, confidence=sure))


@pytest.mark.parametrize("words", ["我等了很久了", "投诉", "快点", "嗯", "好的"])
def test_words_at_the_number_are_no_number_that_is_short(content: Content, words: str) -> None:
    talk = Talk(content, "human").do(words)
    assert talk.said == ["engine.not_understood.no_number"]
    assert talk.do("怎么没人理我").said == []  # it is let be, and nothing is said to have failed
    assert talk.session is None


def test_a_number_that_is_short_is_said_to_be(content: Content) -> None:
    assert Talk(content, "human").do("1380000").said == ["engine.not_understood.phone"]
    assert Talk(content, "human").do("幺三八零零").said == ["engine.not_understood.phone"]


@pytest.mark.parametrize("sure", [0.5, 0.66])
def test_a_dialog_is_not_dropped_on_a_guess(content: Content, sure: float) -> None:
    for talk in (Talk(content, "low_income_aid"), to_summary(content)):
        talk.do(read("谁能申请", "cancel", sure))
        assert talk.session is not None


def test_who_gives_up_surely_is_let_go(content: Content) -> None:
    for talk in (Talk(content, "low_income_aid"), to_summary(content)):
        assert isinstance(talk.do(read("我不想申请了", "cancel", 0.91)).last, Drop)


@pytest.mark.parametrize("words", ["前面那个不对", "上面那条勿对", "刚才的不对", "之前那个错了"])
def test_what_was_said_before_is_wrong(content: Content, words: str) -> None:
    assert "您要改哪一条?" in to_summary(content).do(words).ask.text
    talk = Talk(content, "long_term_care").do("有家人").do(words)
    assert talk.ask.text == "家里有人照顾您吗?"


@pytest.mark.parametrize("words", ["不是我是我老伴", "不是我,是我妈妈", "勿是我,是阿拉姆妈"])
def test_it_is_about_somebody_else(content: Content, words: str) -> None:
    """老伴 is who is helped, not who looks after them."""
    talk = Talk(content, "long_term_care").do(read(words, "correct_answer", 0.95))
    assert talk.keys() == {"about": "other"}
    assert talk.ask.text == "家里有人照顾吗?"
    assert talk.said == ["engine.heard_too"]


@pytest.mark.parametrize("words", ["看不清楚", "字太小看勿清爽", "我看不见", "听不清"])
def test_who_cannot_see_has_refused_nothing(content: Content, words: str) -> None:
    talk = Talk(content, "long_term_care", {"living": "alone", "age": "82"})
    talk.do("没有人", "要人扶")
    asked = talk.ask
    talk.do(words)
    assert talk.said == ["engine.hard_to_see"]
    assert talk.ask == asked
    assert talk.keys().get("consent") is None


def test_who_cannot_see_may_tell_it(content: Content) -> None:
    assert Talk(content, "general").do("我看不见").keys()["trouble"] == "我看不见"


def test_grief_told_at_any_question_is_heard(content: Content) -> None:
    talk = Talk(content, "psychological_support").do("睡不着")
    talk.do("老伴走了")
    assert Tell("听到了。失去亲人,心里一定很苦。") in talk.outcomes
    assert not talk.said
    assert talk.ask.text == "请顾问打电话陪您说说话,好吗?"


@pytest.mark.parametrize("words", ["不要告诉居委会", "覅告诉我儿子", "别讲给邻居听"])
def test_tell_nobody_is_a_no_to_the_leave(content: Content, words: str) -> None:
    talk = Talk(content, "general").do("漏水了").do(words)
    assert talk.keys()["consent"] == "no"
    assert talk.said == ["engine.need_not_say"]


def test_a_number_where_one_is_asked_corrects_nothing(content: Content) -> None:
    talk = Talk(content, "long_term_care", {"living": "alone", "age": "82"})
    talk.do("没有人", "要人扶", "可以")
    talk.do(read("打我儿子电话13812345678", "correct_answer", 0.9))
    assert talk.keys()["phone"] == "13812345678"
