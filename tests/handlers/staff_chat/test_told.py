"""What is told to whom: red, pushes, groups; once, in order, and only what may be seen."""

from __future__ import annotations

from datetime import timedelta

from handlers.advisors import claim
from handlers.staff_chat.buttons import pack
from storage import cases
from storage.database import Db
from storage.outbox import Outbox
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import CARE, DIE, Resident


def test_a_red_case_rings_everybody_on_duty(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    zhang, _ = office.joined("张顾问")
    off, _ = office.joined("休息的人")
    off.says("下班")
    far = [office.joined(name, unit="别的街道")[0] for name in ("远处的人", "更远的人")]
    chen.says(DIE)
    for phone in (li, zhang, *far):
        cards = phone.news()
        assert len(cards) == 1
        assert not cards[0].silent
        assert "红" in cards[0].title
        assert "可能轻生" in cards[0].text
        assert cards[0].text.endswith("还剩 1 分")
        assert "我来" in cards[0].labels
    assert off.news() == []
    assert {row.lane for row in office.street.rows(Outbox) if row.lane < 2} == {0}
    li.presses("我来")
    zhang.news()
    assert "李顾问在跟" in zhang.last.text


def test_with_nobody_here_red_goes_to_supervisors(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    li.says("下班")
    boss.says("下班")
    chen.says(DIE)
    assert li.news() == []
    (card,) = boss.news()
    assert "红" in card.title
    assert not card.silent


def test_what_rang_and_is_over_comes_silently(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    viewer = office.street.member("网页上的人")
    chen.says(DIE)
    office.feed()
    office.street.act(claim.claim, viewer, chen.case.id)
    (card,) = li.news()
    assert card.silent
    assert "网页上的人在跟" in card.text
    assert "我来" not in card.labels


def test_an_untouched_case_is_pushed_to_the_supervisor(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    case = chen.files()
    boss.news()
    li.news()
    office.street.advance(hours=8)
    pushed = [one for one in boss.news() if "没人碰" in one.title]
    assert pushed
    assert not pushed[-1].silent
    assert pushed[-1].labels == ["我来", "派给…", "已知晓", f"看 #{case.number}"]
    boss.presses("已知晓", pushed[-1])
    assert "已知晓" not in pushed[-1].labels
    assert "有人知道了" in pushed[-1].text
    (asked,) = boss.presses("派给…", pushed[-1])
    assert any(label.startswith("李顾问") for label in asked.labels)
    said = boss.presses("李顾问", asked)
    assert said[-1].text == f"#{case.number} 派给李顾问了。"
    given = [one for one in li.news() if "派给您了" in one.title]
    assert given
    assert not given[-1].silent
    assert "写回话" in given[-1].labels
    assert office.street.rows(type(case))[0].assignee_id == viewer.id


def test_a_push_for_supervisors_is_for_those_on_duty_a_red_one_for_all(
    office: Office, chen: Resident
) -> None:
    here, _ = office.joined("王主管", "supervisor")
    away, _ = office.joined("陈主管", "supervisor")
    away.says("下班")
    chen.files()
    office.street.advance(hours=8)
    assert any("没人碰" in one.title for one in here.news())
    assert away.news() == []
    here.says("下班")
    office.street.resident("wu").files()
    office.street.advance(hours=8)
    assert any("#2 " in one.title and "没人碰" in one.title for one in away.news())
    here.news()
    here.says("上班")
    office.street.resident("qian").says(DIE)
    assert away.news() == [], "the bell is for those on duty"
    office.street.advance(minutes=3)
    assert any("#3 红色" in one.title and not one.silent for one in away.news())


def test_the_feed_tells_everything_once(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    while office.feed(1):
        pass
    queued = len(office.street.rows(Outbox, state="queued"))
    assert office.feed() == 0
    assert len(office.street.rows(Outbox, state="queued")) == queued
    assert len(li.news()) == 1


def test_one_waiting_refresh_a_message_is_enough(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    li.news()
    viewer = office.viewer("李顾问")
    for act in (claim.claim, claim.release, claim.claim):
        office.street.act(act, viewer, case.id)
        office.feed()
    assert len(office.street.rows(Outbox, state="queued")) == 1
    edits = li.last.edits
    office.run()
    assert li.last.edits == edits + 1
    assert "您在跟" in li.last.text


def test_what_changed_on_the_way_is_laid_out_anew(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    viewer = office.street.member("网页上的人")
    case = chen.files()
    office.feed()
    (ready,) = office.lease()  # laid out, on its way
    office.street.act(claim.claim, viewer, case.id)
    office.feed()  # no message of the channel to lay out anew yet
    office.sent(ready)
    office.run()
    assert "网页上的人在跟" in li.last.text


def test_another_units_case_is_bare(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问", unit="别的街道")
    case = chen.files()
    office.street.write(_in_unit, case.id, "这个街道")
    assert li.news() == []
    (card,) = li.says(f"#{case.number}")
    assert "别处的事" in card.whole
    assert CARE[:6] not in card.whole
    for act in ("cl", "rd", "fo", "nt", "ph", "cs", "rl", "ro", "ur"):
        (said,) = li.taps(_value(act, case.id))
        assert said.text == "这件事不归您看。要看,请找主管。", act
    (said,) = li.says("您好", reply_to=None)
    assert said.text.startswith("这句话还没发给谁")
    assert li.taps(_value("to", case.id, li.wrote)) == []
    assert "这件事不归您看" in said.text


def test_a_group_sees_nothing_personal(office: Office, chen: Resident) -> None:
    boss, _ = office.joined("王主管", "supervisor")
    li, _ = office.joined("李顾问")
    group = office.phone("群", group=True)
    assert "请主管来写" in group.says("/here", person="李顾问")[0].text
    (said,) = group.says("/here@bot", person="王主管")
    assert "只有编号" in said.text
    assert group.says("今天谁值班", person="李顾问") == []
    chen.says(f"{DIE},我叫陈大明,电话13812345678")
    (card,) = group.news()
    number = chen.case.number
    assert card.title == f"#{number} · 红"
    assert "陈" not in card.whole
    assert "138" not in card.whole
    assert "不想活" not in card.whole
    assert card.labels == ["我来"]
    li.news()
    stranger = group.presses("我来", card, person="路人")
    assert "请先自己加入" in stranger[0].text
    group.presses("我来", card, person="李顾问")
    assert any("您在跟" in one.text for one in li.news())
    assert "李顾问在跟" in card.text
    assert card.labels == []
    boss.news()
    assert group.taps(_value("rd", chen.case.id), person="李顾问") == []
    ended = group.says("/bye", person="王主管")
    assert "不再收消息" in ended[-1].text
    office.street.advance(minutes=30)
    chen.says(DIE)
    assert group.news() == []


def test_off_duty_only_what_is_addressed_comes(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    li.news()
    li.presses("我来")
    assert li.says("下班")[0].text.startswith("您离岗了")
    office.street.resident("wu").files()
    chen.says("在吗")
    assert li.news() == []
    office.street.advance(hours=9)
    assert all(one.title for one in li.news())
    li.says("上班")
    chen.says("还在吗")
    assert [one.text for one in li.news() if one.title][-1:] == ["在吗\n还在吗"]


def test_many_lines_at_once_are_the_newest(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    li.news()
    li.presses("我来")
    li.says("下班")
    for place in range(13):
        chen.says(f"第{place}句")
        office.street.now += timedelta(seconds=10)
    li.says("上班")
    chen.says("最后一句")
    texts = [one.text for one in li.news()]
    assert "前面还有" in texts[0]
    assert texts[1].splitlines() == [f"第{place}句" for place in range(4, 13)] + ["最后一句"]
    assert len(texts) == 2


def _in_unit(db: Db, case_id: str, unit: str) -> None:
    case = cases.get(db, case_id)
    assert case is not None
    case.unit = unit


def _value(act: str, *parts: str) -> str:
    return pack(act, *parts)
