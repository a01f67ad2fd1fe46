"""Dialogs that end early: reminded of once, never silence; and what may be kept of them."""

from __future__ import annotations

import pytest

from handlers.ports import Viewer
from storage.case_slots import CaseSlot
from storage.cases import Case
from storage.due import Due
from storage.people import PersonKey
from tests.handlers.street import ANSWERS, CARE, RELAY, Resident, Street

REMINDER = "上次的话说到一半。要不要接着说?"


def known(street: Street, case: Case) -> dict[str, str]:
    from storage import case_slots

    lines = street.write(case_slots.of_case, case.id)
    return {line.key: line.value for line in lines if line.replaced_at is None}


def test_one_reminder_then_a_case_for_a_human(street: Street, chen: Resident, li: Viewer) -> None:
    chen.says(CARE, "没有人")
    before = chen.last_seq
    street.advance(minutes=19)
    assert chen.heard(before) == []
    street.advance(minutes=2)
    assert chen.heard(before) == [REMINDER]
    street.advance(minutes=90)
    assert chen.heard(before) == [REMINDER]
    street.advance(minutes=10)
    case = chen.case
    assert chen.heard(before)[1:] == [f"上次没说完的,我交给顾问了。编号是 {case.number}。"]
    assert "unfinished" in case.reasons
    assert case.needs == ["long_term_care"]
    assert known(street, case)["carer"] == "nobody"
    assert street.queue(li)[0].line == CARE
    street.advance(days=2)
    assert len(street.rows(Case)) == 1


@pytest.mark.parametrize("words", ["接着说", "好的", "1"])
def test_the_reminder_is_answered_in_words(street: Street, chen: Resident, words: str) -> None:
    chen.says(CARE, "没有人")
    street.advance(minutes=21)
    assert chen.says(words) == ["您多大年纪了?"]
    assert chen.says("76") == ["我记下电话和住址给顾问,可以吗?"]


@pytest.mark.parametrize("words", ["不说了", "不用了", "2"])
def test_who_does_not_want_to_go_on_need_not(street: Street, chen: Resident, words: str) -> None:
    chen.says(CARE, "没有人")
    street.advance(minutes=21)
    assert chen.says(words) == ["好的,先不办了。想办了随时说。"]
    street.advance(days=1)
    assert street.rows(Case) == []


def test_the_reminders_buttons(street: Street, chen: Resident) -> None:
    chen.says(CARE, "没有人")
    street.advance(minutes=21)
    assert chen.taps("接着说") == ["您多大年纪了?"]
    street.advance(minutes=21)
    assert chen.taps("不说了") == ["好的,先不办了。想办了随时说。"]
    assert street.rows(Due) == []


def test_an_answer_to_the_interrupted_question_is_still_an_answer(
    street: Street, chen: Resident
) -> None:
    chen.says(CARE, "没有人")
    street.advance(minutes=21)
    assert chen.says("76") == ["我记下电话和住址给顾问,可以吗?"]


def test_without_a_need_nothing_is_reminded_of(street: Street, chen: Resident) -> None:
    chen.says("喂")
    before = chen.last_seq
    street.advance(days=2)
    assert chen.heard(before) == []
    assert street.rows(Case) == []


@pytest.mark.parametrize("count", range(len(ANSWERS) + 1))
def test_a_human_at_any_step_with_what_is_known(
    street: Street, chen: Resident, li: Viewer, count: int
) -> None:
    chen.says(CARE, *ANSWERS[:count])
    said = chen.taps("cmd:human")
    assert said[0].startswith("好的,我请人来。")
    case = chen.case
    assert case.needs == ["long_term_care"]
    expected = {"living": "alone", "mobility": "helped"}
    for key, value in (("carer", "nobody"), ("age", "76"), (None, None), ("phone", "13812345678")):
        if key and count > ANSWERS.index({"nobody": "没有人"}.get(value or "", value or "")):
            expected[key] = value or ""
    assert expected.items() <= known(street, case).items()
    asks_number = any("打哪个电话找您" in words for words in said)
    assert asks_number is ("phone" not in expected)
    assert "human_request" in case.reasons


@pytest.mark.parametrize("words", ["找人工", "人工", "转人工", "找个人"])
def test_without_a_dialog_a_case_exists_before_any_question(
    street: Street, chen: Resident, li: Viewer, words: str
) -> None:
    said = chen.says(words)
    case = chen.case
    assert said == [
        "好的,我请人来。您不用守着。",
        f"您的编号是 {case.number}。顾问会在下午2点45分前回您。",
        "顾问打哪个电话找您?不说也行。",
    ]
    street.advance(days=1)  # they never answer
    assert [card.id for card in street.queue(li)] == [case.id]
    assert len(street.rows(Case)) == 1


def test_the_number_given_after_it_stands_in_the_case(
    street: Street, chen: Resident, li: Viewer
) -> None:
    chen.says("找人工")
    assert chen.says("13812345678") == ["号码记下了。顾问会打这个号码。"]
    assert street.view(li, chen.case.id).people["helped"].has_phone
    assert len(street.rows(Case)) == 1


def test_no_number_is_a_good_answer(street: Street, chen: Resident, li: Viewer) -> None:
    chen.says("找人工")
    assert chen.taps("跳过") == ["好的。顾问在这里回您。"]
    assert len(street.rows(Case)) == 1


def test_what_is_told_after_a_call_for_a_human_is_added_to_it(
    street: Street, chen: Resident, li: Viewer
) -> None:
    chen.says("找人工")
    chen.taps("跳过")
    case = chen.files(CARE, ANSWERS)
    assert len(street.rows(Case)) == 1
    assert (case.flow, case.needs) == ("long_term_care", ["long_term_care"])


def test_a_second_call_makes_no_second_case(street: Street, chen: Resident, li: Viewer) -> None:
    chen.files(CARE, ANSWERS)
    assert chen.says("找人工")[0].startswith("已经请人了。")
    assert chen.taps("cmd:human")[0].startswith("已经请人了。")
    assert len(street.rows(Case)) == 1


def test_when_the_advisor_comes_the_number_is_not_asked_for_any_more(
    street: Street, chen: Resident, li: Viewer
) -> None:
    from handlers.advisors import claim, reply

    chen.says("找人工")
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "a1", "您说")
    chen.sees()
    street.advance(minutes=31)
    assert chen.says("谢谢") == ["不客气。有事随时来说。"]


def test_twice_not_understood_is_a_human(street: Street, chen: Resident, li: Viewer) -> None:
    chen.says(CARE)
    chen.says("嗯呐呐呐呐")
    assert chen.says("嗯呐呐呐呐")[0] == "我怕听错,请人来听您说。"
    assert "not_understood" in chen.case.reasons


def test_nobody_on_duty_is_said_with_the_telephone(street: Street, chen: Resident) -> None:
    chen.files(CARE, ANSWERS)
    assert chen.heard()[-1] == f"现在没有人在线。急事请打 {street.house.office.phone}。"


# --- leave ------------------------------------------------------------------------------------


def test_without_leave_nothing_personal_is_kept(street: Street, chen: Resident, li: Viewer) -> None:
    case = chen.files(CARE, ("没有人", "76", "先不要"))
    assert known(street, case).keys() == {"carer", "living", "mobility", "age"}
    assert street.rows(PersonKey) == []
    people = street.view(li, case.id).people
    assert not people["helped"].has_phone


def test_without_leave_a_relay_keeps_no_name(street: Street, li: Viewer) -> None:
    zhang = street.resident("zhang")
    zhang.says(RELAY, "还没说", "告诉我", "烧不动饭了", "先不要")
    zhang.taps("对的")
    assert street.view(li, zhang.case.id).people["helped"].name == ""
    assert street.view(li, zhang.case.id).card.title == "没留名字"
    assert street.rows(PersonKey) == []


def test_health_needs_a_leave_of_its_own(street: Street, chen: Resident, li: Viewer) -> None:
    chen.says("看病没钱", "三万", "有医保")
    assert chen.question["text"] == "我记下病情给顾问看,可以吗?"
    chen.says("可以", "肺癌", "先不要")
    chen.taps("对的")
    first = chen.case
    assert known(street, first)["illness"] == "肺癌"
    view = street.view(li, first.id)
    assert next(slot for slot in view.slots if slot.key == "illness").sensitive
    other = street.resident("other")
    other.says("看病没钱", "三万", "有医保", "先不要", "可以", "13812345678")
    other.says("康定路3号")
    other.taps("对的")
    assert "illness" not in {row.key for row in street.rows(CaseSlot, case_id=other.case.id)}
    assert known(street, other.case)["phone"] == "13812345678"


def test_giving_up_files_nothing(street: Street, chen: Resident) -> None:
    chen.says(CARE, "没有人")
    assert chen.says("算了") == ["好的,先不办了。想办了随时说。"]
    street.advance(days=1)
    assert street.rows(Case) == []


def test_withdrawing_a_case_is_a_request_for_a_human(
    street: Street, chen: Resident, li: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    assert chen.says("不要帮我办了")[0] == "好的。顾问会再问您一声。"
    assert chen.case.status == "received"
    assert "本人想不办了" in str(street.view(li, case.id).events)


def test_erasure_is_a_request_for_a_human(street: Street, chen: Resident, li: Viewer) -> None:
    assert chen.says("把我的信息删掉")[0] == "好的。顾问会跟您核对。"
    assert len(street.rows(Case)) == 1


def test_what_the_house_does_not_serve(street: Street, chen: Resident) -> None:
    assert chen.says("今天天气好伐") == ["这个我帮不上。生活有难处您说。", "您遇到什么难处了?"]
    assert street.rows(Case) == []
