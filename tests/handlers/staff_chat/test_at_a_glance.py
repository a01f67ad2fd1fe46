"""What a tired advisor reads: one line a message, nothing twice, and only what can be done."""

from __future__ import annotations

from tests.handlers.staff_chat.office import Office
from tests.handlers.street import CARE, RELAY, Resident


def test_what_the_bot_said_stands_in_one_line(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    (page,) = phone.presses("看对话", phone.find("您在跟"))
    assert CARE in page.text
    assert "我记下了这些" in page.text
    for line in page.text.splitlines():
        assert line.startswith(("居民", "机器人")), line


def test_a_page_of_a_talk_holds_ten_files(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    for _ in range(12):
        chen.sends_voice()
    phone.news()
    (page, *files) = phone.presses("看对话", phone.find("您在跟"))
    assert len(files) == page.text.count("[语音") == 10
    (older, *rest) = phone.presses("更早的", page)
    assert CARE in older.text
    assert len(rest) == 2


def test_a_card_says_that_somebody_asks_for_somebody_else(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.says(RELAY, "知道也愿意", "告诉我", "没人烧饭", "跳过", "跳过")
    chen.taps("对的")
    phone.news()
    assert "志愿者转 · 答复给转达的人" in phone.last.text


def test_what_came_line_by_line_is_not_shown_again(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    (page, speaking) = phone.presses("写回话")
    assert CARE in page.text
    assert "正在和" in speaking.text
    phone.presses("离开")
    chen.says("好额")
    assert [one.text for one in phone.news()] == ["好额"]
    (speaking,) = phone.presses("写回话", phone.find("您在跟"))
    assert "正在和" in speaking.text


def test_a_voice_to_hear_is_said_once_on_a_card(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    chen.sends_voice()
    card = phone.find("要办:听语音")
    assert "语音没听" not in card.text


def test_words_do_not_wait_for_a_card_that_is_laid_out_anew(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    chen.says("好额")
    office.feed()
    waiting = []
    while ready := office.lease():
        waiting += [one.parcel.body["what"] for one in ready]
        for one in ready:
            office.sent(one)
    assert waiting.index("talk") < waiting.index("card")


def test_a_case_that_words_cannot_go_to_is_not_offered_for_them(
    office: Office, chen: Resident
) -> None:
    phone, _ = office.joined("李顾问")
    chen.says(RELAY, "知道也愿意", "告诉本人", "没人烧饭", "可以", "13812345678")
    if chen.log()[-1]["tone"] != "summary":
        chen.says("跳过")
    chen.taps("对的")
    phone.news()
    (said,) = phone.presses("我来")
    assert said.labels == ["看对话"]
    (asked,) = phone.says("她的病情", reply_to=phone.find("您在跟").id)
    assert "只告诉本人" in asked.text
    assert "没有事" not in asked.text
    assert asked.labels == []


def test_whatever_telegram_lets_them_write_can_be_sent(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    long = "慢" * 4096
    phone.says(long, reply_to=phone.find("您在跟").id)
    assert chen.log()[-1]["text"] == long
