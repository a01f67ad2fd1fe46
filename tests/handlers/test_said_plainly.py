"""Words as people of eighty say them: one word, a plain yes, the ambulance that has come."""

from __future__ import annotations

import pytest

from dialogs.meaning.reading import Reading
from tests.handlers.street import CARE, DIE, FALL, RELAY, Resident, Scripted, Street


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("养老", "家里有人照顾您吗?"),
        ("养老照顾", "家里有人照顾您吗?"),
        ("没钱。", "您每个月有收入吗?"),
        ("房子的事", "出了什么事?您慢慢说。"),
    ],
)
def test_a_word_of_the_menu_needs_no_menu(chen: Resident, words: str, asked: str) -> None:
    assert chen.says(words)[-1] == asked


def test_the_word_counts_more_than_what_was_read_into_it(street: Street, chen: Resident) -> None:
    assert isinstance(street.reader, Scripted)
    street.reader.known["没钱"] = Reading(
        needs=("medical_aid",), act="request_help", who="self", confidence=0.6
    )
    assert chen.says("没钱")[-1] == "您每个月有收入吗?"


def test_with_a_case_open_a_word_is_for_its_human(chen: Resident) -> None:
    chen.files(CARE, ("没有人", "76", "可以", "13812345678", "康定路3号"))
    assert "收入" not in chen.says("没钱")[-1]


@pytest.mark.parametrize("words", ["是", "是的", "对额", "嗯", "是的呀"])
@pytest.mark.parametrize("danger", [DIE, FALL])
def test_yes_to_alone(street: Street, chen: Resident, danger: str, words: str) -> None:
    chen.says(danger)
    (kind,) = chen.case.dangers
    assert chen.says(words) == [street.house.danger[kind].choices[0].then]


@pytest.mark.parametrize("words", ["不是", "勿是额", "不是的,有人在"])
def test_no_to_alone(street: Street, chen: Resident, words: str) -> None:
    chen.says(FALL)
    assert chen.says(words) == ["请他打 120。您陪着,别走开。"]


@pytest.mark.parametrize("words", ["救护车来了", "120来了", "救护车到了,谢谢"])
def test_the_ambulance_has_come(chen: Resident, words: str) -> None:
    chen.says(FALL, "一个人")
    assert chen.says(words) == ["我记下了,也告诉顾问了。"]


def test_it_was_called_and_it_gets_worse(chen: Resident) -> None:
    chen.says(FALL, "一个人")
    assert chen.says("救护车叫了,他不动了")[0].startswith("我在。请现在就打 120。")


def test_what_a_neighbour_tells_while_they_relay_is_what_it_is_about(
    street: Street, chen: Resident
) -> None:
    told = "5号楼的李大爷住院没钱"
    assert isinstance(street.reader, Scripted)
    street.reader.known[told] = Reading(
        needs=("medical_aid",),
        act="request_help",
        who="other",
        confidence=0.9,
        slots={"helped_name": "李大爷", "address": "5号楼"},
    )
    chen.files(RELAY)
    chen.says("再帮一个人", told, "知道也愿意", "告诉本人")
    assert chen.question["text"] == "看病自己花了多少钱?"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("1", "您遇到什么难处了?"),
        ("。。。", "我没看到字。您再写一次。"),
        ("😀", "图我看到了。您再写几个字。"),
    ],
)
def test_a_sign_alone_is_told_what_it_is(
    street: Street, chen: Resident, words: str, first: str
) -> None:
    assert isinstance(street.reader, Scripted)
    street.reader.known[words] = Reading(act="out_of_scope", confidence=0.9)
    said = chen.says(words)
    assert said[0] == first
    assert said[-1] == "您遇到什么难处了?"
