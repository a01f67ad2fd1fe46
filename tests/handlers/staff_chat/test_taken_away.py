"""Who has a case, and who has it no more: told at once, and what may be done by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.advisors import attend, claim, close, reply
from handlers.ports import Refused
from handlers.supervisors import assign
from storage import cases
from storage.database import Db
from storage.due import Due
from storage.staff_chats import StaffChat
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import DIE, Resident


def _in_unit(db: Db, case_id: str, unit: str) -> None:
    case = cases.get(db, case_id)
    assert case is not None
    case.unit = unit


def test_a_case_that_goes_elsewhere_ends_the_talk_aloud(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    office.joined("周顾问")
    _, boss = office.joined("王主管", "supervisor")
    case = chen.files()
    li.news()
    li.presses("我来")
    li.presses("写回话")
    office.street.act(assign.assign, boss, case.id, office.viewer("周顾问").id)
    (said,) = [one for one in li.news() if "转给" in one.text]
    assert said.text == f"#{case.number} 转给周顾问了,您和 #{case.number} 的对话结束了。"
    assert not said.silent
    assert not [row for row in office.street.rows(StaffChat) if row.focus_case_id]
    (asked,) = li.says("您好")
    assert "没发给谁" in asked.text or "没发" in asked.text


def test_released_or_closed_by_another_is_told_too(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    _, boss = office.joined("王主管", "supervisor")
    case = chen.files()
    office.street.act(claim.claim, viewer, case.id)
    li.news()
    office.street.act(claim.release, boss, case.id)
    assert f"#{case.number} 王主管放回队列了。" in [one.text for one in li.news()]
    office.street.act(claim.claim, viewer, case.id)
    office.street.act(close.close, boss, case.id, "done")
    assert f"#{case.number} 王主管结案了。" in [one.text for one in li.news()]


def test_a_red_of_another_unit_can_be_taken_by_who_is_here(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问", unit="别的街道")
    group = office.phone("群", group=True)
    office.joined("王主管", "supervisor")
    group.says("/here", person="王主管")
    chen.says(DIE)
    office.street.write(_in_unit, chen.case.id, "这个街道")
    (card,) = li.news()
    assert DIE not in card.whole
    assert "可能轻生" in card.text
    assert "还没听清" not in card.text
    assert card.labels == ["我来"]
    assert "可能轻生" in group.news()[-1].text
    li.says("下班")
    refused = li.presses("我来", card)
    assert "不归您看" in refused[0].text
    bell = li.says("上班")[0]  # it waits, so it rings again
    assert not bell.silent
    li.presses("我来", bell)
    assert office.street.rows(cases.Case)[0].assignee_id == viewer.id
    li.news()
    assert "您在跟" in bell.text
    assert DIE in bell.text


def test_another_units_case_that_is_not_red_is_not_theirs(office: Office, chen: Resident) -> None:
    _, viewer = office.joined("李顾问", unit="别的街道")
    case = chen.files()
    office.street.write(_in_unit, case.id, "这个街道")
    with pytest.raises(Refused) as no:
        office.street.act(claim.claim, viewer, case.id)
    assert no.value.code == "forbidden"


def test_the_holder_of_a_red_case_is_always_told(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    zhang, _ = office.joined("张顾问")
    chen.says(DIE)
    li.news()
    li.presses("我来")
    office.street.act(reply.reply, viewer, chen.case.id, "a", "我在")
    li.says("下班")
    zhang.news()
    office.street.advance(minutes=3)
    zhang.news()
    chen.says("你还在伐")
    assert "你还在伐" in [one.text for one in li.news()]
    rung = [one for one in zhang.news() if not one.silent]
    assert rung
    assert "李顾问 · 不在岗" in rung[-1].text


def test_a_second_person_is_asked_for(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    boss.says("下班")
    chen.says(DIE)
    li.news()
    boss.news()
    li.presses("我来")
    office.street.act(close.close, viewer, chen.case.id, "done")
    (asked,) = [one for one in boss.news() if "提议结案,请看一看" in one.title]
    assert not asked.silent
    assert asked.labels == ["看对话", "同意结案", "先不结"]
    assert not [one for one in li.news() if "提议结案,请看一看" in one.title]
    assert "reopen" in office.street.view(viewer, chen.case.id).allowed
    office.street.act(close.reopen, viewer, chen.case.id)
    assert office.street.rows(cases.Case)[0].closing_by is None


def test_raising_moves_the_clock_of_what_was_not_seen(office: Office, chen: Resident) -> None:
    viewer = office.street.member()
    case = chen.files()
    office.street.act(claim.claim, viewer, case.id)
    office.street.act(reply.reply, viewer, case.id, "a", "您好")
    (before,) = office.street.rows(Due, kind="unseen")
    office.street.act(attend.change_urgency, viewer, case.id, "red", "他昏过去了")
    (after,) = office.street.rows(Due, kind="unseen")
    assert after.at < before.at


def test_a_card_says_how_late_it_is_and_a_push_what_is_so_now(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    case = chen.files()
    office.street.advance(hours=9)
    (pushed,) = [one for one in boss.news() if "没人碰" in one.title][-1:]
    assert "我来" in pushed.labels
    li.news()
    office.street.now += timedelta(minutes=15)
    (card,) = li.says(f"#{case.number}")
    assert "晚了" in card.text
    assert card.text.count("晚了") == 1
    li.presses("我来", card)
    boss.news()
    assert pushed.title == f"#{case.number} 有人接了"
    assert "我来" not in pushed.labels


def test_an_answer_from_the_desk_stands_in_the_chat_in_focus(
    office: Office, chen: Resident
) -> None:
    li, viewer = office.joined("李顾问")
    case = chen.files()
    li.news()
    li.presses("我来")
    li.presses("写回话")
    li.says("从手机写的")
    office.street.act(reply.reply, viewer, case.id, "d1", "从工作台写的")
    (said,) = [one for one in li.news() if "工作台" in one.text]
    assert said.text == "您在工作台写的:从工作台写的"
    assert said.silent
    chen.says("好的")
    assert [one.text for one in li.news() if "写的" in one.text] == []
    assert "好的" in [one.text for one in li.messages]
