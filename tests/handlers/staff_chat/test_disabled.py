"""Who leaves is out at once, on the web and on Telegram, and their cases wait for somebody."""

from __future__ import annotations

import pytest

from handlers import staff
from handlers.advisors import claim, reply
from handlers.ports import Refused
from handlers.supervisors.disable import disable
from storage.staff import Staff, StaffSession
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import Resident


def test_who_is_disabled_is_out_at_once(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    zhang, _ = office.joined("张顾问")
    boss = office.street.member("王主管", "supervisor")
    street = office.street
    street.write(staff.log_in, viewer.id, street.now, street.house)
    case = chen.files()
    li.news()
    zhang.news()
    li.presses("我来")
    assert street.act(disable, boss, viewer.id) == 1
    assert street.act(disable, boss, viewer.id) == 0
    assert street.rows(StaffSession, staff_id=viewer.id) == []
    assert "您的账号停用了" in li.news()[-1].text
    assert "请主管给您一个链接" in li.says("我的")[0].text
    zhang.news()
    events = street.view(boss, case.id).events
    assert "李顾问的账号停用了,回到队列" in [event.text for event in events]
    assert "李顾问接手" in [event.text for event in events]
    card = zhang.find(f"#{case.number} ")
    assert "还没人接" in card.text
    assert "我来" in card.labels
    assert [one.name for one in street.write(staff.colleagues)] == ["张顾问", "王主管"]


def test_a_live_talk_ends_and_the_resident_hears_it(office: Office, chen: Resident) -> None:
    _, viewer = office.joined("李顾问")
    boss = office.street.member("王主管", "supervisor")
    case = chen.files()
    office.street.act(claim.claim, viewer, case.id)
    office.street.act(reply.reply, viewer, case.id, "a1", "您好")
    chen.sees()
    before = chen.last_seq
    office.street.act(disable, boss, viewer.id)
    assert [line["kind"] for line in chen.log() if line["seq"] > before] == ["human_left"]
    assert [card.due_kind for card in office.street.queue(boss)] == ["claim"]


def test_an_invited_supervisor_is_none_yet(office: Office) -> None:
    street = office.street
    boss = street.member("王主管", "supervisor")
    unit = street.house.office.units[0]
    street.write(staff.invite, "周主管", "supervisor", unit, "", street.now, street.house)
    with pytest.raises(Refused, match="last_supervisor"):
        street.act(disable, boss, boss.id)


def test_the_last_supervisor_stays(office: Office) -> None:
    _, li = office.joined("李顾问")
    boss = office.street.member("王主管", "supervisor")
    with pytest.raises(Refused, match="last_supervisor"):
        office.street.act(disable, boss, boss.id)
    with pytest.raises(Refused, match="only_supervisor"):
        office.street.act(disable, li, boss.id)
    with pytest.raises(Refused, match="bad_staff"):
        office.street.act(disable, boss, "0" * 32)
    assert [row.disabled_at for row in office.street.rows(Staff)] == [None, None]
