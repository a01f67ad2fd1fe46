"""Words in doubt: they go to nobody until somebody chose, and then to one, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.staff_chat.buttons import pack
from storage.case_notes import CaseNote
from tests.handlers.staff_chat import pairs
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import Resident


@pytest.mark.parametrize("kind", ["voice", "photo", "place"])
def test_a_note_takes_words_only_and_waits(office: Office, chen: Resident, kind: str) -> None:
    phone, _ = pairs.two(office, chen)
    phone.presses("写回话", pairs.card(phone, 1))
    before = len(chen.log())
    phone.presses("记一笔", pairs.card(phone, 1))
    if kind == "voice":
        (said,) = phone.speaks()
    elif kind == "photo":
        (said,) = pairs.photo(office, phone, text="门口")
    else:
        (said,) = phone.sends("place", text="31.2,121.4")
    assert said.text.startswith("#1:记一笔只收文字")
    assert said.labels == []
    assert len(chen.log()) == before
    (kept,) = phone.says("家里没人")
    assert "记下了" in kept.text
    assert len(chen.log()) == before
    assert len(office.street.rows(CaseNote)) == 1


def test_in_focus_a_reply_about_another_case_goes_there_or_is_asked(
    office: Office, chen: Resident
) -> None:
    phone, wu = pairs.two(office, chen)
    taken = phone.find("#2 是您的了")
    phone.presses("写回话", pairs.card(phone, 1))
    (asked,) = phone.says("明天上门", reply_to=taken.id)
    assert asked.text == "#2:这句话给谁?"
    assert asked.labels == ["发给居民", "记一笔", "不发"]
    phone.presses("发给居民", asked)
    assert (pairs.words(chen), pairs.words(wu)) == ([], ["明天上门"])
    (menu,) = phone.says("/help")
    (asked,) = phone.says("回给菜单", reply_to=menu.id)
    assert "发给哪一件" in asked.text
    (asked,) = phone.says("回给没有的", reply_to="99999")
    assert "发给哪一件" in asked.text
    assert (pairs.words(chen), pairs.words(wu)) == ([], ["明天上门"])


def test_another_line_since_the_last_words_in_focus_is_asked_about(
    office: Office, chen: Resident
) -> None:
    phone, wu = pairs.two(office, chen)
    phone.presses("写回话", pairs.card(phone, 1))
    phone.says("您好")
    wu.says("药吃完了")
    phone.news()
    (asked,) = phone.says("我帮您去配")
    assert [label.partition(" ")[2][:2] for label in asked.labels[:2]] == ["#2", "#1"]
    assert asked.labels[-1] == "不发"
    assert (pairs.words(chen), pairs.words(wu)) == (["您好"], [])
    phone.presses("发给 #1", asked)
    assert pairs.words(chen) == ["您好", "我帮您去配"]
    phone.says("再说一句")
    assert pairs.words(chen)[-1] == "再说一句"
    wu.says("在吗")
    phone.news()
    (asked,) = phone.speaks()
    phone.presses("发给 #2", asked)
    assert len(pairs.words(wu)) == 1
    assert len(pairs.words(chen)) == 3


def test_a_reply_to_a_mark_is_asked_about(office: Office, chen: Resident) -> None:
    phone, _ = pairs.two(office, chen)
    (mark,) = phone.says("您好", reply_to=pairs.card(phone, 1).id)
    assert mark.text.startswith("给 #1 · ")
    (asked,) = phone.says("他耳朵不好", reply_to=mark.id)
    phone.presses("记一笔", asked)
    assert asked.text.startswith("#1 记下了")
    assert pairs.words(chen) == ["您好"]
    assert len(office.street.rows(CaseNote)) == 1


def test_a_supervisors_reply_to_a_push_is_asked_about(office: Office, chen: Resident) -> None:
    boss, viewer = office.joined("王主管", "supervisor")
    case = chen.files()
    boss.news()
    office.street.advance(hours=8)
    pushed = [one for one in boss.news() if "没人碰" in one.title][-1]
    (asked,) = boss.says("谁去看一下", reply_to=pushed.id)
    assert asked.labels == ["我来,发出去", "记一笔", "不发"]
    (card,) = boss.says(f"#{case.number}")
    asked = boss.says("先接手吗", reply_to=card.id)[-1]
    assert "我来,发出去" in asked.labels
    assert chen.case.assignee_id is None
    boss.presses("我来,发出去", asked)
    after = chen.case
    assert after.assignee_id == viewer.id
    assert pairs.words(chen) == ["先接手吗"]


def test_old_buttons_send_nothing_twice(office: Office, chen: Resident) -> None:
    phone, wu = pairs.two(office, chen)
    first, second = (one.id for one in (chen.case, wu.case))
    (asked,) = phone.says("下午来")
    wrote = phone.wrote
    phone.presses("#1", asked)
    assert asked.labels == []
    for value in (pack("to", second, wrote), pack("ct", second, wrote), pack("dr", wrote)):
        assert phone.taps(value, asked) == []
        assert asked.text == "#1 这句话已经发过了。"
    assert (pairs.words(chen), pairs.words(wu)) == (["下午来"], [])
    (asked,) = phone.says("不要了")
    wrote = phone.wrote
    phone.presses("不发", asked)
    phone.taps(pack("to", first, wrote), asked)
    assert asked.text.startswith("这句话您说过不发")
    phone.taps(pack("tn", first, wrote), asked)
    assert office.street.rows(CaseNote) == []
    assert pairs.words(chen) == ["下午来"]


def test_cases_are_told_apart_the_last_spoken_of_first(office: Office) -> None:
    phone, _ = office.joined("李顾问")
    people = [office.street.resident(f"r{place}") for place in range(8)]
    for one in people:
        one.files()
        phone.news()
        phone.presses("我来")
    people[4].says("药吃完了")
    phone.news()
    (asked,) = phone.says("下午来")
    assert asked.labels[0].startswith("#5 养老照护 · 我一个人住")
    assert asked.labels[-2:] == ["更多", "不发"]
    assert phone.presses("更多", asked) == []
    assert len(asked.labels) == 4
    shown = asked.labels[0].partition(" ")[0]
    phone.presses(shown, asked)
    assert pairs.words(people[int(shown[1:]) - 1]) == ["下午来"]


def test_a_question_ends_when_something_else_is_begun(office: Office, chen: Resident) -> None:
    phone, wu = pairs.two(office, chen)
    (asked,) = phone.presses("记一笔", pairs.card(phone, 1))
    assert asked.text.startswith("#1:请写")
    (how,) = phone.says("您好", reply_to=pairs.card(phone, 2).id)
    assert how.text == "#1:刚才问您的那一句,不等了。\n#2:这句话给谁?"
    assert how.labels == ["发给居民", "记一笔", "记在 #1", "不发"]
    phone.presses("发给居民", how)
    assert pairs.words(wu) == ["您好"]
    phone.presses("记一笔", pairs.card(phone, 1))
    said = phone.presses("写回话", pairs.card(phone, 2))
    assert "#1:刚才问您的那一句,不等了。" in [one.text for one in said]
    phone.says("我下午来")
    assert pairs.words(wu) == ["您好", "我下午来"]
    phone.presses("记一笔", pairs.card(phone, 1))
    (kept,) = phone.says("门牌不对", reply_to=phone.last.id)
    assert kept.text.startswith("#1 记下了")


def test_a_question_ends_by_itself_and_late_words_are_asked_about(
    office: Office, chen: Resident
) -> None:
    phone, _ = pairs.two(office, chen)
    phone.presses("写回话", pairs.card(phone, 1))
    phone.presses("记一笔", pairs.card(phone, 1))
    office.street.now += timedelta(minutes=11)
    (asked,) = phone.says("他儿子在外地")
    assert "不等了" in asked.text
    assert asked.labels == ["发给居民", "记一笔", "不发"]
    assert pairs.words(chen) == []
    assert office.street.rows(CaseNote) == []


def test_a_newer_question_is_not_cancelled_by_an_older_button(
    office: Office, chen: Resident
) -> None:
    phone, _ = pairs.two(office, chen)
    (old,) = phone.presses("记一笔", pairs.card(phone, 1))
    phone.presses("记一笔", pairs.card(phone, 2))
    (said,) = phone.presses("算了", old)
    assert "旧了" in said.text
    assert "#2 记下了" in phone.says("有狗")[0].text


def test_plain_words_in_focus_are_words(office: Office, chen: Resident) -> None:
    phone, _ = pairs.two(office, chen)
    card = pairs.card(phone, 1)
    phone.says("下班", reply_to=card.id)
    phone.presses("写回话", card)
    phone.says("到期")
    phone.says("离开")
    assert pairs.words(chen) == ["下班", "到期", "离开"]
    assert "对话结束了" in phone.says("/leave")[0].text
    assert phone.says("到期")[0].text


def test_an_edit_after_closing_hangs_on_its_message(office: Office, chen: Resident) -> None:
    phone, _ = pairs.two(office, chen)
    phone.says("三点来", reply_to=pairs.card(phone, 1).id)
    wrote = phone.wrote
    (asked,) = phone.presses("结案", pairs.card(phone, 1))
    phone.presses("办好了", asked)
    phone.presses("还是结案")
    assert chen.case.closed_at is not None
    before = len(chen.log())
    (said,) = phone.sends("edit", text="四点来", edits=wrote, external_id="e1.1")
    assert said.reply_to == wrote
    assert "没有发出去" in said.text
    assert "#1" in said.text
    assert len(chen.log()) == before
    phone.presses("重开", said)
    assert chen.case.closed_at is None


def test_an_album_asks_once_and_goes_together(office: Office, chen: Resident) -> None:
    phone, _ = pairs.two(office, chen)
    (asked,) = pairs.photo(office, phone, album="77", text="表")
    assert pairs.photo(office, phone, album="77") == []
    phone.presses("#1", asked)
    assert [row["media"]["kind"] for row in pairs.said(chen)] == ["photo", "photo"]
    pairs.photo(office, phone, album="77")
    assert len(pairs.words(chen)) == 3
