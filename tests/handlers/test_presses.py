"""A trembling hand presses twice; what is marked as chosen was taken as an answer."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.advisors import close
from handlers.ports import Viewer
from storage.cases import Case
from tests.handlers.chats import Chatter, answered
from tests.handlers.street import ANSWERS, CARE, Street

STALE = "那一题已经过去了。请看现在这一题。"


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


def asked(chen: Chatter) -> Any:
    return [body for body in chen.gets() if body["tone"] in ("question", "summary")][-1]


def test_the_second_press_of_the_same_button_changes_and_says_nothing(
    street: Street, chen: Chatter
) -> None:
    chen.says(CARE)
    question = asked(chen)
    assert chen.taps_under(question, "没有人")
    now = chen.question
    assert chen.taps_under(question, "没有人") == []
    street.advance(seconds=40)
    assert chen.taps_under(question, "没有人") == []
    assert chen.question == now


def test_another_button_of_an_old_question_is_told_so(street: Street, chen: Chatter) -> None:
    chen.says(CARE)
    question = asked(chen)
    chen.taps_under(question, "没有人")
    assert chen.taps_under(question, "有家人")[0] == STALE


def test_much_later_an_old_button_shows_where_we_are(street: Street, chen: Chatter) -> None:
    chen.says(CARE)
    question = asked(chen)
    chen.taps_under(question, "没有人")
    chen.says("76")
    street.advance(minutes=2)
    assert chen.taps_under(question, "没有人")[0] == STALE


def test_the_summary_confirmed_twice_is_one_case_and_one_receipt(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    chen.says(CARE, *ANSWERS)
    summary = asked(chen)
    assert any("编号" in words for words in chen.taps_under(summary, "对的"))
    assert chen.taps_under(summary, "对的") == []
    assert len(street.rows(Case)) == 1


def test_a_face_pressed_twice_is_thanked_once(street: Street, chen: Chatter, li: Viewer) -> None:
    case = answered(street, chen, li)
    street.act(close.close, li, case.id, "done")
    (notice,) = [
        body for body in chen.gets() if any("rate" in str(c) for c in body["choices"] or ())
    ]
    assert len(chen.taps_under(notice, "很好")) == 1
    assert chen.taps_under(notice, "很好") == []


def test_only_what_was_taken_is_marked(street: Street, chen: Chatter) -> None:
    chen.says(CARE)
    question = asked(chen)
    chen.taps_under(question, "没有人")
    assert [body["extra"].get("chosen") for body in chen.gets()] == ["没有人"]
    chen.taps_under(question, "有家人")
    assert [body["extra"].get("chosen") for body in chen.gets()] == [None, None]
    chen.says("76")
    assert [body["extra"].get("chosen") for body in chen.gets()] == [None]


def test_a_press_while_an_advisor_spoke_can_be_made_again(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    case = answered(street, chen, li)
    chen.says("看病没钱")
    assert case.number
    street.advance(minutes=40)
    chen.says("看病没钱")
    question = asked(chen)
    label = question["choices"][0]["label"]
    assert chen.taps_under(question, label)
