"""Who leaves is out at once, on the web and on Telegram, and their cases wait for somebody."""

from __future__ import annotations

import pytest

from handlers import staff
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
    assert "请主管给您一个链接" in li.says("我的")[0].text
    zhang.news()
    card = zhang.find(f"#{case.number} ")
    assert "还没人接" in card.text
    assert "我来" in card.labels
    assert [one.name for one in street.write(staff.colleagues)] == ["张顾问", "王主管"]


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
