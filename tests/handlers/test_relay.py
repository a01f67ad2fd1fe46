"""A volunteer asks for a neighbour: three roles, and who hears what."""

from __future__ import annotations

import pytest

from handlers.advisors import attend, claim, close, reply
from handlers.ports import Refused
from storage.cases import Case
from tests.handlers.street import DIE, RELAY, WHERE, Resident, Street

ANSWERS = ("知道也愿意", "告诉我", "烧不动饭了", "可以", "跳过", "13812345678")


@pytest.fixture
def zhang(street: Street) -> Resident:
    return street.resident("zhang")


def relayed(zhang: Resident, agreed: str = "知道也愿意", to: str = "告诉我") -> Case:
    zhang.says(RELAY)
    assert zhang.question["text"] == "本人知道您来问,也愿意吗?"
    zhang.says(agreed)
    assert zhang.question["text"] == "有消息告诉谁好?"
    zhang.says(to, "烧不动饭了", "可以", "13812345678")
    if zhang.log()[-1]["tone"] != "summary":
        zhang.says("跳过")
    zhang.taps("对的")
    found: Case = zhang.case
    return found


def test_three_roles_stand_in_the_case(street: Street, zhang: Resident) -> None:
    li = street.member()
    case = relayed(zhang)
    assert case.who == "relay"
    view = street.view(li, case.id)
    assert view.people["helped"].name == "王阿婆"
    assert view.people["helped"].address == "3号楼302"
    assert view.people["asker"].same_as is None
    assert view.people["helped"].same_as == "asker"  # she knows and agrees: she has asked
    assert view.people["relayer"].has_phone
    assert not view.people["helped"].has_phone
    assert view.answers_to == "relayer"
    assert view.card.needs == ("home_help",)
    assert view.card.title == "王阿婆"


@pytest.mark.parametrize("agreed", ["本人说不了", "还没说"])
def test_who_could_not_agree_has_not_asked(street: Street, zhang: Resident, agreed: str) -> None:
    li = street.member()
    people = street.view(li, relayed(zhang, agreed).id).people
    assert people["relayer"].same_as == "asker"
    assert people["helped"].same_as is None


def test_the_number_is_of_the_one_who_gets_the_answers(street: Street, zhang: Resident) -> None:
    li = street.member()
    people = street.view(li, relayed(zhang, to="告诉本人").id).people
    assert people["helped"].has_phone
    assert not people["relayer"].has_phone


def test_each_relay_is_a_case_of_its_own(zhang: Resident) -> None:
    first, second = relayed(zhang), relayed(zhang)
    assert first.id != second.id
    assert first.helped_id != second.helped_id


def test_an_answer_reaches_the_relayer_who_is_to_get_it(street: Street, zhang: Resident) -> None:
    li = street.member()
    case = relayed(zhang)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "明天起送饭。")
    assert zhang.log()[-1]["text"] == "明天起送饭。"


def test_a_quiet_relay_hears_reached_and_ended_and_nothing_else(
    street: Street, zhang: Resident
) -> None:
    li = street.member()
    case = relayed(zhang, to="告诉本人")
    street.act(claim.claim, li, case.id)
    view = street.view(li, case.id)
    assert "reply" not in view.allowed
    assert view.next.action == "call"
    assert [task.text for task in view.tasks] == ["打电话"]
    with pytest.raises(Refused, match="relay_quiet") as refused:
        street.act(reply.reply, li, case.id, "a1", "明天起送饭。")
    assert "打电话" in street.house.staff_words.say(f"errors.{refused.value.code}")

    assert zhang.says("她今天在家的")[0].startswith(f"{case.number} 号交给顾问了。")
    before = zhang.last_seq
    task = view.tasks[0]
    street.act(attend.task_done, li, task.id, False)
    assert zhang.heard(before) == []
    street.act(attend.task_done, li, task.id, True)
    assert zhang.heard(before) == [f"{case.number} 号,已联系上。"]
    assert zhang.says(WHERE) == [f"{case.number} 号,已联系上。"]

    zhang.says("她还好吗?")
    assert zhang.case.promised_at is None  # nobody is owed an answer any more
    before = zhang.last_seq
    street.act(close.close, li, case.id, "done")
    assert zhang.heard(before) == [f"{case.number} 号,已结束。"]
    assert not [line for line in zhang.log() if line["from"] == "advisor"]
    assert zhang.taps("还没办好")[0].startswith("好的,重新办。")
    assert [task.kind for task in street.view(li, case.id).tasks] == ["call"]


def test_a_call_for_a_human_in_a_relay_keeps_the_callers_own_number(
    street: Street, zhang: Resident
) -> None:
    li = street.member()
    zhang.says(RELAY, "知道也愿意", "告诉本人")
    zhang.says("找人工", "13887654321")
    people = street.view(li, zhang.case.id).people
    assert zhang.case.who == "relay"
    assert people["relayer"].has_phone
    assert not people["helped"].has_phone


def test_danger_of_the_relayer_keeps_the_roles(street: Street, zhang: Resident) -> None:
    li = street.member()
    case = relayed(zhang)
    zhang.says(DIE)
    assert zhang.case.id == case.id
    people = street.view(li, case.id).people
    assert people["helped"].name == "王阿婆"
    assert people["relayer"].has_phone
    assert people["relayer"].same_as is None


def test_danger_in_the_middle_of_a_relay_is_the_same_case_when_it_is_filed(
    street: Street, zhang: Resident
) -> None:
    zhang.says(RELAY, "知道也愿意", "告诉我", DIE)
    red = zhang.case
    assert (red.urgency, red.who) == ("red", "relay")
    zhang.says("一个人", "接着说")
    zhang.says("烧不动饭了", "可以", "13812345678")
    if zhang.log()[-1]["tone"] != "summary":
        zhang.says("跳过")
    zhang.taps("对的")
    assert zhang.case.id == red.id
    assert zhang.case.flow == "general"


def test_a_relay_after_ones_own_danger_is_another_case(zhang: Resident) -> None:
    zhang.says(DIE, "一个人")
    own = zhang.case
    zhang.street.now += zhang.street.house.office.danger_repeat  # no form over a fresh danger
    assert relayed(zhang).id != own.id
