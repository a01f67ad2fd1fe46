"""Who is it? One link, one use, one chat a person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers import staff, staff_links
from handlers.desk import bots as desk_bots
from handlers.ports import Refused
from handlers.staff import colleagues
from storage import staff as rows
from storage.audit import Audit
from storage.cases import Case
from storage.database import Db
from storage.entries import Entry
from storage.notices import Notice
from storage.staff import Staff
from storage.staff_chats import StaffChat
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import CARE, Resident


def test_a_link_joins_once_and_welcomes(office: Office) -> None:
    token = office.invite("李顾问")
    li, other = office.phone("li"), office.phone("other")
    hello, _ = li.sends("start", text=token)
    assert "李顾问,您好" in hello.text
    assert "在岗" in hello.text
    assert {"队列", "我的", "到期", "离岗"} <= set(hello.labels)
    (again,) = other.sends("start", text=token)
    assert again.text.startswith("这个链接用过了")
    (person,) = office.street.rows(Staff, name="李顾问")
    assert person.on_duty
    assert person.password_hash is None
    (audited,) = office.street.rows(Audit, act="chat_joined")
    assert audited.staff_id == person.id


def test_wrong_and_old_links_say_so(office: Office) -> None:
    token = office.invite("李顾问")
    phone = office.phone("li")
    assert "不对" in phone.sends("start", text="never-made")[0].text
    office.street.now += timedelta(hours=25)
    assert "过期" in phone.sends("start", text=token)[0].text
    assert office.street.rows(StaffChat) == []


def test_unknown_people_hear_how_to_join_and_nothing_else(office: Office, chen: Resident) -> None:
    chen.files()
    phone = office.phone("somebody")
    (said,) = phone.says("队列")
    assert "请主管给您一个链接" in said.text
    assert said.rows == []
    assert phone.says("#1") == []  # not to every line
    office.street.now += timedelta(minutes=2)
    (said,) = phone.taps("ls:queue")
    assert "请主管给您一个链接" in said.text


def test_nothing_of_staff_becomes_a_case(office: Office) -> None:
    phone, _ = office.joined()
    phone.says(CARE)
    phone.says("我不想活了")
    assert office.street.rows(Case) == []
    assert office.street.rows(Entry) == []


def test_who_joined_on_the_web_links_this_chat_too(office: Office) -> None:
    viewer = office.street.member("张顾问")
    street = office.street
    token = street.write(staff_links.new_link, viewer.id, street.now, street.house)
    phone = office.phone("zhang")
    (hello,) = phone.sends("start", text=token)
    assert "张顾问" in hello.text
    (person,) = street.rows(Staff, name="张顾问")
    assert person.password_hash == "hash"


def test_who_joined_here_only_is_a_colleague(office: Office) -> None:
    office.invite("没来的人")
    office.joined("李顾问")
    assert [one.name for one in office.street.write(colleagues)] == ["李顾问"]


def test_who_joined_here_only_says_what_they_are_called(office: Office, chen: Resident) -> None:
    token, li = office.invite("顾问"), office.phone("li")
    hello, called = li.sends("start", text=token)
    assert "顾问,您好" in hello.text
    assert (called.text, called.labels) == ("居民看到的名字是「顾问」。", ["改名字"])
    (asked,) = li.presses("改名字", called)
    assert (asked.text, asked.labels) == ("请写您的名字,居民会看到。比如:李芳", ["算了"])
    (said,) = li.says(" 李芳 ")
    assert said.text.startswith("好,居民看到的名字是「李芳」。")
    (person,) = office.street.rows(Staff, name="李芳")
    (audited,) = office.street.rows(Audit, act="renamed")
    assert audited.staff_id == person.id
    chen.files()
    li.news()
    li.presses("我来")
    li.says("您好", reply_to=li.find("您在跟").id)
    assert "李芳来了。您直接说就行。" in chen.heard()
    li.sends("left")
    again = office.street.write(
        staff_links.new_link, person.id, office.street.now, office.street.house
    )
    (hello,) = li.sends("start", text=again)
    assert "李芳,您好" in hello.text


def test_what_is_no_name_changes_none(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("顾问")
    chen.files()
    li.news()
    li.presses("我来")
    card = li.find("您在跟")
    (asked,) = li.says("/name")
    assert "名字写得不对" in li.says("李" * 65)[0].text
    li.presses("算了", asked)
    assert "还没发给谁" in li.says("李芳")[0].text
    li.says("/name")
    li.says("我下午来", reply_to=card.id)
    assert "我下午来" in chen.heard()
    assert "还没发给谁" in li.says("李芳")[0].text
    li.says("/name")
    office.street.now += timedelta(minutes=11)
    assert "还没发给谁" in li.says("李芳")[0].text
    assert "「李方」" in li.says("/name 李方")[0].text
    (asked,) = li.says("/name")
    assert "「李芳」" in li.says("李芳", reply_to=asked.id)[0].text
    assert [row.id for row in office.street.rows(Staff, name="李芳")] == [viewer.id]


def test_somebody_elses_link_in_the_same_chat_is_told(office: Office, chen: Resident) -> None:
    boss, _ = office.joined("王主管", "supervisor")
    phone, li = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    phone.presses("写回话")
    boss.news()
    phone.sends("start", text=office.invite("张顾问"))
    assert any("张顾问,您好" in one.text for one in phone.messages)
    told = [one.title for one in boss.news()]
    assert any("张顾问连上了" in one for one in told)
    assert any("李顾问的 Telegram 收不到" in one for one in told)
    assert "还没发给谁" in phone.says("带好病历")[0].text
    assert "带好病历" not in chen.heard()
    ended = office.street.rows(Audit, act="chat_ended")
    assert [(row.staff_id, row.data["why"]) for row in ended] == [(li.id, "other_person")]


def test_another_account_ends_the_first(office: Office) -> None:
    old, viewer = office.joined("李顾问")
    street = office.street
    token = street.write(staff_links.new_link, viewer.id, street.now, street.house)
    new = office.phone("li-new")
    new.sends("start", text=token)
    assert "另一个 Telegram 账号" in old.news()[-1].text
    assert "请主管给您一个链接" in old.says("队列")[0].text
    assert "喝口茶" in new.says("队列")[0].text
    assert [row.data["why"] for row in street.rows(Audit, act="chat_ended")] == ["other_account"]


def test_a_chat_with_another_hand_in_it_is_unknown(office: Office) -> None:
    phone, _ = office.joined()
    (said,) = phone.says("队列", person="somebody else")
    assert "请主管给您一个链接" in said.text


def test_a_disabled_person_gets_nothing_more(office: Office, chen: Resident) -> None:
    phone, viewer = office.joined()
    chen.files()
    office.feed()  # a card waits for them
    office.street.write(_disable, viewer.id, office.street.now)
    assert phone.news() == []
    assert "请主管给您一个链接" in phone.says("队列")[0].text


def test_who_blocks_the_bot_is_told_about(office: Office) -> None:
    phone, _viewer = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    boss.news()
    phone.sends("left")
    (pushed,) = boss.news()
    assert "李顾问" in pushed.title
    assert not pushed.silent
    boss.presses("已知晓", pushed)
    assert "知道了" in boss.last.text
    assert "请主管给您一个链接" in phone.says("我的")[0].text


def test_a_chat_that_is_gone_is_ended(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    office.failing["李顾问"] = ("blocked", True)
    chen.files()
    office.run()
    assert any("李顾问" in one.title for one in boss.messages)
    rows = [row for row in office.street.rows(StaffChat) if row.ended_at is not None]
    assert len(rows) == 1
    before = len(phone.messages)
    office.failing.clear()
    chen.says("在吗")
    office.run()
    assert len(phone.messages) == before


def test_a_link_from_the_desk_joins_here_and_sets_no_password(office: Office) -> None:
    street, viewer = office.street, office.street.member("张顾问")
    given = (viewer.id, street.now, street.house, rows.TELEGRAM)
    token = street.write(staff_links.new_link, *given)
    with pytest.raises(Refused, match="bad_token"):
        street.write(staff_links.open_link, token, street.now)
    with pytest.raises(Refused, match="bad_token"):
        street.write(staff.join, token, "zhang", "stolen", street.now, street.house)
    assert street.rows(Staff, name="张顾问")[0].password_hash == "hash"
    assert "张顾问" in office.phone("zhang").sends("start", text=token)[0].text
    late = street.write(staff_links.new_link, viewer.id, street.now, street.house, rows.TELEGRAM)
    street.now += timedelta(minutes=16)
    assert "过期" in office.phone("late").sends("start", text=late)[0].text


def test_who_joins_is_told_of_where_they_see_it(office: Office) -> None:
    boss, _ = office.joined("王主管", "supervisor")
    assert not any("王主管连上了" in one.whole for one in boss.messages), "they know"
    street, viewer = office.street, office.street.member("张顾问")
    token = street.write(staff_links.new_link, viewer.id, street.now, street.house)
    phone = office.phone("zhang")
    (hello,) = phone.sends("start", text=token)
    assert "您好" in hello.text
    (pushed,) = boss.news()
    assert "张顾问连上了 Telegram" in pushed.title
    desk = [one.data["text"] for one in street.rows(Notice, audience=f"staff:{viewer.id}")]
    assert len(desk) == 1
    assert "不是您" in desk[0]


def test_a_password_by_invitation_ends_a_stolen_chat(office: Office) -> None:
    thief, viewer = office.joined("李顾问")
    street = office.street
    token = street.write(staff_links.new_link, viewer.id, street.now, street.house)
    street.write(staff.join, token, "li", "new hash", street.now, street.house)
    assert "不再收消息" in thief.news()[-1].text
    assert "请主管给您一个链接" in thief.says("队列")[0].text
    ended = street.rows(Audit, act="chat_ended")
    assert [(row.staff_id, row.data["why"]) for row in ended] == [(viewer.id, "new_password")]


def test_a_chat_can_be_ended_from_the_desk(office: Office) -> None:
    phone, viewer = office.joined("李顾问")
    street = office.street
    assert street.write(desk_bots.unlink, viewer, street.now, street.house) == 1
    assert street.write(desk_bots.unlink, viewer, street.now, street.house) == 0
    assert "断开" in phone.news()[-1].text
    assert "请主管给您一个链接" in phone.says("队列")[0].text
    assert street.rows(Audit, act="chat_ended")[0].data["why"] == "unlinked"


def _disable(db: Db, staff_id: str, now: datetime) -> None:
    row = rows.get(db, staff_id)
    assert row is not None
    row.disabled_at = now
