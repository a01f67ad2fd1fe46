"""Words after a request was filed: no silence where something new was told, and no reminder."""

from __future__ import annotations

import pytest

from dialogs.meaning.reading import Reading
from handlers.advisors import close
from handlers.ports import Viewer
from storage.cases import Case
from tests.handlers.chats import Chatter, answered
from tests.handlers.street import ANSWERS, CARE, READINGS, Scripted, Street

GREETS = Reading(act="greet_thanks", confidence=0.9)
AID = Reading(needs=("long_term_care",), act="request_help", who="self", confidence=0.9)
OTHER = Reading(needs=("low_income_aid",), act="request_help", who="self", confidence=0.9)
WORDS = {"你还在吗": GREETS, "我要申请护工": AID, "我要申请补贴": OTHER}


@pytest.fixture
def chen(street: Street) -> Chatter:
    street.reader = Scripted({**READINGS, **WORDS})
    return Chatter(street)


def test_who_asks_whether_we_are_there_hears_who_answers_and_when(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    answered(street, chen, li)
    chen.says("那我什么时候去")  # in the live talk: for the advisor
    street.advance(minutes=40)
    (said,) = chen.says("你还在吗")
    assert said == "让您久等了。我再去催一催。"  # the half hour has passed in the talk


def test_a_greeting_when_nothing_is_owed_is_greeted(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    answered(street, chen, li)
    street.advance(minutes=40)
    assert chen.says("你还在吗") == ["您好,又见面了。您请说。"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("今天早上居委会的人来过了,说要再等等看", "记下了,顾问会看。"),
        ("我要申请护工", "记下了,顾问会看。"),
        ("楼下" * 200, "您写得很长,都收着了。顾问会细看。"),
    ],
)
def test_something_new_is_answered_shortly_and_seldom(
    street: Street, chen: Chatter, li: Viewer, text: str, answer: str
) -> None:
    chen.files(CARE, ANSWERS)
    chen.says("好")
    assert chen.says(text) == [answer]
    assert chen.says(text) == []
    street.advance(minutes=4)
    assert chen.says(text) == [answer]
    assert chen.says("嗯嗯") == []


def test_a_changed_number_is_answered_and_a_changed_word_is_not(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    chen.files(CARE, ANSWERS)
    first = chen.sends(text="打我女儿13812345678")
    before = chen.last_seq
    chen.sends(kind="edit", text="打我女儿13812345678", edits=first)  # a link preview: no change
    chen.sends(kind="edit", text="请打我女儿13812345678", edits=first)
    assert chen.heard(before) == []
    chen.sends(kind="edit", text="请打我女儿13812345679", edits=first)
    assert chen.heard(before) == ["改过了,原来的也留着。"]


def test_after_not_yet_done_words_go_to_that_case(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    case = answered(street, chen, li)
    street.act(close.close, li, case.id, "done")
    chen.taps(f"reopen:{case.id}")
    said = chen.says("我要申请补贴")
    assert not any("可以吗" in words for words in said)
    assert said
    assert len(street.rows(Case)) == 1
    street.advance(hours=30)
    chen.says("我要申请补贴")
    assert chen.question["tone"] == "question"


def test_no_reminder_soon_after_they_were_here(street: Street, chen: Chatter, li: Viewer) -> None:
    answered(street, chen, li)
    chen.says("看病没钱")
    street.advance(minutes=31)
    chen.says("看病没钱")
    before = chen.last_seq
    wait = street.house.office.reminder
    street.advance(seconds=wait.total_seconds() - 60)
    chen.taps("cmd:where")
    reminder = "上次的话说到一半。要不要接着说?"
    street.advance(minutes=10)
    assert reminder not in chen.heard(before)
    street.advance(seconds=wait.total_seconds())
    assert reminder in chen.heard(before)
