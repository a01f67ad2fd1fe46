"""What is said after a danger: calm or not, no call for a human, silence, the right number."""

from __future__ import annotations

import pytest

from dialogs.meaning.reading import Reading
from storage.cases import CaseEvent
from tests.handlers.street import CARE, DIE, FALL, Resident, Scripted, Street

CALM = "没事就好。想说随时说。"
STILL = "我在。请现在就打 120。\n您现在一个人吗?"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


@pytest.mark.parametrize("words", ["没事了,谢谢", "我现在没事了", "不好意思,我说气话的"])
def test_calm_is_the_whole_of_the_words(chen: Resident, words: str) -> None:
    chen.says(DIE)
    assert chen.says(words) == [CALM]


@pytest.mark.parametrize(
    "words", ["没事了,帮我报警", "没事了吗?", "没事了吗", "他说没事了可是还躺着不动"]
)
def test_calm_words_among_others_are_not_calm(chen: Resident, words: str) -> None:
    chen.says(FALL)
    assert CALM not in chen.says(words)


@pytest.mark.parametrize("words", ["我一个人", "就我一个", "嗯,就我一个人"])
def test_alone_in_their_own_words(chen: Resident, words: str) -> None:
    chen.says(DIE)
    assert chen.says(words)[0].startswith("我在这里")


def test_what_is_not_understood_gets_the_number_once_more(chen: Resident) -> None:
    chen.says(FALL)
    assert chen.says("他嘴唇发紫")[0] == STILL
    assert [line["choices"] for line in chen.log() if line["tone"] == "danger"][-1]


def test_no_form_over_a_fresh_danger(street: Street, chen: Resident) -> None:
    chen.says(CARE, FALL)
    assert chen.says("他嘴唇发紫") == [STILL]
    assert chen.says("手也冷了") == [STILL]
    assert chen.says("有人在") == ["请他打 120。您陪着,别走开。"]
    assert chen.says("手还是冷") == ["我在这里。您接着说。"], "answered: still no form"


def test_who_has_called_is_not_told_to_call(chen: Resident) -> None:
    chen.says(FALL)
    assert chen.says("120打过了")[0] == "我记下了,也告诉顾问了。"


def test_after_danger_the_offices_number_is_not_named(street: Street) -> None:
    alone = street.resident()
    said = alone.says(FALL, "有人在", "他们几时来?")
    assert said[-1] == "现在没有人在线。请打 120。"
    assert len(said) == 4, said
    assert not [words for words in said if street.house.office.phone in words]


@pytest.mark.parametrize("words", ["不要叫人来", "不要找人工", "不想打电话", "我不会打电话"])
def test_a_refusal_is_no_call_for_a_human(street: Street, chen: Resident, words: str) -> None:
    sure = Reading(act="human_request", confidence=0.95)
    street.reader = Scripted({words: sure})
    chen.says(DIE, "一个人")
    said = chen.says(words)
    assert not [text for text in said if "哪个电话" in text]
    assert not [row for row in street.rows(CaseEvent) if row.kind == "human_requested"]


def test_an_unknown_answer_to_a_script_never_said_is_harmless(chen: Resident) -> None:
    chen.says(DIE)
    assert chen.taps("danger:medical_emergency:other") == [STILL]
