"""What somebody tells beside the dialogs: questions, numbers, several needs, several people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.meaning.reading import Reading
from handlers.advisors import claim
from handlers.residents.meaning import careful
from handlers.rules.first_need import in_order, is_minor
from storage.case_slots import CaseSlot
from storage.cases import Case
from tests.handlers.street import ANSWERS, CARE, RELAY, WHERE, Resident, Street

LATE = "让您久等了。我再去催一催。"
CHILD = "小孩天天哭不肯上学,家里没人照顾"
TWO = "没人照顾我,看病也没钱"
LIST = "1.张阿婆没人烧饭 2.李老伯房子漏水"
LEAK = "楼上漏水漏到我家天花板了"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


def knows(street: Street, **sentences: Reading) -> None:
    street.reader.known.update(sentences)  # type: ignore[attr-defined]


def need(*needs: str, who: str = "self", **slots: str) -> Reading:
    return Reading(needs=needs, act="request_help", who=who, confidence=0.9, slots=slots)


@pytest.mark.parametrize("words", ["几时来?", "有人来看我伐", "还要等多久呢", "顾问几时来"])
def test_a_question_is_not_met_with_silence(street: Street, chen: Resident, words: str) -> None:
    chen.files(CARE, ANSWERS)
    assert chen.says("楼梯很陡的") == ["收到了。顾问会在上午9点45分前回您。"]
    assert chen.says("真的很陡") == []
    assert chen.says(words) == ["还在等顾问。上午9点45分前回您。"]
    street.act(claim.claim, street.member(), chen.case.id)
    assert chen.says(words)[0].startswith("收到了。李顾问会在")


def test_the_acknowledgement_comes_again_after_ten_minutes_and_when_it_is_late(
    street: Street, chen: Resident
) -> None:
    chen.files(CARE, ANSWERS)
    chen.says("楼梯很陡的")
    street.advance(minutes=9)
    assert chen.says("真的很陡") == []
    street.advance(minutes=2)
    assert chen.says("侬听到伐我讲") == ["收到了。顾问会在上午9点45分前回您。"]
    assert chen.says("我腿痛") == []
    street.advance(minutes=25)
    assert chen.says("我还在等") == [LATE]
    assert chen.says("我还在等") == []
    assert chen.says("几时来?") == [LATE]


def test_a_long_question_about_something_else_is_no_status(street: Street, chen: Resident) -> None:
    words = "我外甥讲他们那边的办法跟我们这边不一样,到底是啥讲法"
    knows(street, **{words: Reading(act="status_query", confidence=0.9)})
    case = chen.files(CARE, ANSWERS)
    assert not chen.says(words)[0].startswith(f"{case.number} 号")
    assert chen.says(WHERE)[0].startswith(f"{case.number} 号")


def test_a_number_told_later_is_kept_in_the_case(street: Street, chen: Resident) -> None:
    li = street.member()
    words = "我电话是13987654321"
    knows(
        street,
        **{words: Reading(act="correct_answer", confidence=0.9, slots={"phone": "13987654321"})},
    )
    case = chen.files(CARE, ("没有人", "76", "先不要"))
    assert not street.view(li, case.id).people["helped"].has_phone
    assert chen.says(words) == ["号码记下了。顾问会打这个号码。"]
    view = street.view(li, case.id)
    assert view.people["helped"].phone_masked == "139 •••• 4321"
    assert [row.key for row in street.rows(CaseSlot, case_id=case.id)].count("phone") == 1
    assert any("电话" in line.text for line in view.events)


def test_the_number_of_who_cheated_them_is_not_theirs(street: Street, chen: Resident) -> None:
    words = "骗子是13987654321"
    knows(street, **{words: need("fraud_consumer", phone="13987654321")})
    case = chen.files(CARE, ANSWERS)
    chen.says(words)
    rows = street.rows(CaseSlot, case_id=case.id)
    assert [row.key for row in rows].count("phone") == 1


def test_a_child_is_never_sent_to_the_old_peoples_home() -> None:
    needs = ("long_term_care", "education_aid", "psychological_support")
    assert in_order(needs, child=True) == (
        "psychological_support", "education_aid", "long_term_care",
    )  # fmt: skip
    assert in_order(needs, child=False) == needs
    assert [is_minor(age) for age in ("9", "17", "18", "", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_all_needs_stand_in_the_case(street: Street, chen: Resident) -> None:
    knows(street, **{TWO: need("long_term_care", "medical_aid", living="alone", mobility="helped")})
    said = chen.says(TWO)
    assert said[0] == "几件事都记下了。我们一件一件说。"
    assert chen.question["text"] == "家里有人照顾您吗?"
    chen.says(*ANSWERS)
    chen.taps("对的")
    assert chen.case.needs == ["long_term_care", "medical_aid"]


def test_a_child_first_in_the_dialog_too(street: Street, chen: Resident) -> None:
    knows(street, **{CHILD: need("long_term_care", "psychological_support", age="9")})
    assert "家里有人照顾您吗?" not in chen.says(CHILD)
    chen.says("找人工")
    assert set(chen.case.needs) == {"psychological_support", "long_term_care"}
    assert chen.case.needs[0] == "psychological_support"


def test_first_words_that_tell_the_trouble_are_not_asked_again(
    street: Street, chen: Resident
) -> None:
    knows(street, **{LEAK: need("housing_repair"), "房子漏水": need("housing_repair")})
    assert "出了什么事?您慢慢说。" not in chen.says(LEAK)
    other = street.resident("other")
    assert other.says("房子漏水")[-1].startswith("出了什么事?")


def test_a_need_told_while_the_menu_stands_is_begun_the_same_way(
    street: Street, chen: Resident
) -> None:
    chen.says("喂")
    assert chen.question["text"] == "您遇到什么难处了?"
    assert chen.says(RELAY)[-1] == "本人知道您来问,也愿意吗?"


def test_several_people_one_by_one_and_another_person(street: Street, chen: Resident) -> None:
    knows(street, **{LIST: need("home_help", "housing_repair", who="other")})
    assert chen.says(LIST) == ["一位一位来。先说哪一位?"]
    assert chen.says(RELAY)[-1] == "本人知道您来问,也愿意吗?"
    chen.says("知道也愿意", "告诉我")
    said = chen.says("换一个人")
    assert said[0].startswith("上次没说完的,我交给顾问了")
    assert said[-1] == "本人知道您来问,也愿意吗?"
    (case,) = street.rows(Case)
    assert (case.who, case.needs) == ("relay", ["home_help"])


@pytest.mark.parametrize("words", ["你是机器人吗", "侬是真人还是机器"])
def test_one_honest_sentence_about_the_robot(street: Street, chen: Resident, words: str) -> None:
    knows(street, **{words: Reading(act="human_request", confidence=0.9)})
    chen.says(CARE)
    asked = chen.question["text"]
    assert chen.says(words) == ["我是机器人。后面有真人,点找人工就来。", asked]
    assert street.rows(Case) == []
    assert chen.says("你是机器人吗,我要找人工")[0] == "好的,我请人来。您不用守着。"


def test_a_human_is_called_only_when_that_is_sure() -> None:
    unsure = Reading(act="human_request", confidence=0.8)
    assert careful(unsure) == replace(unsure, act="request_help")
    sure = replace(unsure, confidence=0.85)
    assert careful(sure) == sure


def test_thanks_with_a_need_are_not_only_thanks(street: Street, chen: Resident) -> None:
    words = "谢谢,看病也没钱"
    knows(street, **{words: replace(need("medical_aid"), act="greet_thanks")})
    chen.files(CARE, ANSWERS)
    assert chen.says("谢谢") == ["不客气。有事随时来说。"]
    assert "不客气。有事随时来说。" not in chen.says(words)
    assert chen.question["tone"] == "question"


def test_nobody_on_duty_keeps_nobody_waiting(street: Street) -> None:
    said = street.resident("alone").says("找人工")
    assert said[0].startswith("好的,我记下了。")
    assert not [words for words in said if "别走开" in words or "没有人在线" in words]
    assert len([words for words in said if "前回您" in words or "前有人回您" in words]) == 1


@pytest.mark.parametrize("words", ["不要帮我办了", "把我的信息删掉"])
def test_one_promise_is_enough(street: Street, chen: Resident, words: str) -> None:
    chen.files(CARE, ANSWERS)
    assert len(chen.says(words)) == 1


def test_my_data_without_a_case_is_promised_once(chen: Resident) -> None:
    said = chen.says("把我的信息删掉")
    assert said.count("好的。顾问会跟您核对。") == 1
    assert "好的,我请人来。您先别走开。" not in said
