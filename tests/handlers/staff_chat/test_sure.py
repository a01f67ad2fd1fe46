"""Asked once more: what cannot be taken back, or what waits unseen; and what duty leaves."""

from __future__ import annotations

from datetime import UTC, datetime

from storage import cases, due, people
from storage.database import Db
from storage.people import Details
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import DIE, Resident


def test_a_call_is_asked_once_more(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    li.news()
    li.presses("我来")
    office.street.write(_call, case.id)
    chen.says("在吗")
    card = li.find("要办:打电话")
    (sure,) = li.presses("没打通", card)
    assert sure.text == f"#{case.number}:记成「没打通」,对吗?"
    li.presses("不是", sure)
    assert (sure.text, sure.labels) == ("好,不做了。", [])
    assert "打通了" in card.labels
    (sure,) = li.presses("打通了", card)
    li.presses("是的", sure)
    assert sure.text == f"#{case.number} 记下了:打通了。"
    li.news()
    assert "打通了" not in card.labels


def test_release_is_asked_and_can_be_left(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    case = chen.files()
    office.street.write(_named, case.id, "陈老伯")
    li.news()
    li.presses("我来")
    (sure,) = li.presses("放回", li.find("您在跟"))
    assert sure.text.startswith(f"#{case.number} 陈老伯:")
    assert sure.labels == ["是的", "不是"]
    li.presses("不是", sure)
    assert chen.case.assignee_id == viewer.id
    assert sure.labels == []


def test_closing_over_unread_lines_is_asked_once(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    li.news()
    li.presses("我来")
    li.presses("看对话", li.find("您在跟"))
    chen.says("还有一件事")
    chen.sends_voice()
    li.news()
    (asked,) = li.presses("结案", li.find("您在跟"))
    (sure,) = li.presses("办好了", asked)
    assert sure.text.startswith(f"#{case.number}:还有没看的:2 条新的、语音没听")
    assert sure.labels == ["看对话", "还是结案", "算了"]
    assert chen.case.closed_at is None
    li.presses("还是结案", sure)
    after = chen.case
    assert after.closed_at is not None
    assert sure.text == f"#{case.number} 结案了。"


def test_red_to_somebody_off_duty_is_asked_once(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    zhang, other = office.joined("张顾问")
    zhang.says("下班")
    chen.says(DIE)
    li.news()
    li.presses("我来")
    (asked,) = li.presses("转交", li.find("您在跟"))
    (sure,) = li.presses("张顾问", asked)
    assert sure.text.startswith(f"#{chen.case.number}:这是红色的事,张顾问现在不在岗")
    assert chen.case.assignee_id != other.id
    li.presses("是的", sure)
    assert chen.case.assignee_id == other.id
    assert "转给张顾问了" in sure.text


def test_going_off_duty_lists_what_is_held_red_first(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    office.joined("张顾问")
    chen.files()
    li.news()
    li.presses("我来")
    wu = office.street.resident("wu")
    wu.says(DIE)
    li.news()
    li.presses("我来")
    (said,) = li.says("下班")
    assert said.text.startswith("您离岗了")
    assert "您手上还有 2 件" in said.text
    assert said.labels[:2] == [f"转交 #{wu.case.number}", f"转交 #{chen.case.number}"]
    (asked,) = li.presses(f"转交 #{chen.case.number}", said)
    li.presses("张顾问", asked)
    assert "转给张顾问了" in li.last.text


def test_going_off_duty_leads_to_the_rest_of_many(office: Office) -> None:
    phone, _ = office.joined("李顾问")
    for place in range(10):
        office.street.resident(f"r{place}").files()
        phone.news()
        phone.presses("我来")
    (said,) = phone.says("下班")
    assert "您手上还有 10 件" in said.text
    assert len([label for label in said.labels if label.startswith("转交")]) == 8
    (more,) = phone.presses("还有 2", said)
    assert [label for label in more.labels if label.startswith("#")] == ["#9", "#10"]


def test_coming_on_duty_gives_a_digest(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    li.news()
    li.presses("我来")
    li.presses("看对话", li.find("您在跟"))
    li.says("下班")
    chen.says("在吗")
    office.street.resident("wu").says(DIE)
    office.street.advance(minutes=10)
    li.news()
    bell, said = li.says("上班")
    assert (bell.title, bell.silent) == ("#2 没留名字 · 红", False)
    assert "我来" in bell.labels
    assert said.text.startswith("您在岗了")
    assert f"您手上有新话的 1 件:#{case.number}。" in said.text
    assert "还没人接的 1 件,其中红色 1 件。" in said.text


def test_every_red_that_waits_rings_who_comes(office: Office) -> None:
    """On duty again, and by a link: also one of another unit."""
    for name in ("wu", "qian", "sun"):
        office.street.resident(name).says(DIE)
    phone = office.phone("新来的人")
    came = phone.sends("start", text=office.invite("新来的人", unit="别的街道"))
    bells = [one for one in came if one.title]
    assert [one.title.partition(" ")[0] for one in bells] == ["#1", "#2", "#3"]
    assert [one.silent for one in bells] == [False] * 3
    assert all("我来" in one.labels and DIE not in one.text for one in bells)
    phone.presses("我来", bells[0])
    phone.says("下班")
    assert [one.title[:2] for one in phone.says("上班") if one.title] == ["#2", "#3"]
    assert [one for one in phone.says("上班") if one.title] == [], "who is here already was rung"


def _named(db: Db, case_id: str, name: str) -> None:
    case = cases.get(db, case_id)
    assert case is not None
    case.helped_id = people.add(db, Details(name=name), case.created_at)


def _call(db: Db, case_id: str) -> None:
    moment = datetime(2026, 11, 24, 2, tzinfo=UTC)
    due.add_task(db, "call", case_id, case_id, moment)
