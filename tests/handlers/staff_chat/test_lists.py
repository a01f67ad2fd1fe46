"""Lists short enough for a phone, and files that come and go."""

from __future__ import annotations

from handlers import waiting
from handlers.ports import MediaInfo
from storage import media as media_rows
from storage.database import Db
from storage.inbox import Inbox
from tests.handlers import taking
from tests.handlers.staff_chat.office import Office, keep_media
from tests.handlers.street import DIE, Resident


def test_the_queue_comes_in_pages(office: Office) -> None:
    boss, _ = office.joined("王主管", "supervisor")
    for place in range(10):
        office.street.resident(f"r{place}").files()
        office.street.advance(seconds=5)
    boss.news()
    (page,) = boss.says("队列")
    assert page.title == "队列 · 10 件"
    assert len(page.text.splitlines()) == 8
    assert page.labels[:8] == [f"#{number}" for number in range(1, 9)]
    assert page.labels[8:] == ["还有 2 件", "按等了多久"]
    (rest,) = boss.presses("还有 2 件", page)
    assert rest.labels[:2] == ["#9", "#10"]
    (card,) = boss.presses("#9", rest)
    assert card.title.startswith("#9 ")
    office.street.resident("late").says(DIE)
    (urgent,) = boss.says("队列")
    assert urgent.labels[:2] == ["#11", "#1"]
    (oldest,) = boss.presses("按等了多久", urgent)
    assert oldest.title.startswith("队列 · 等得久的在前")
    assert oldest.labels[:8] == [f"#{number}" for number in range(1, 9)]
    (urgent,) = boss.presses("按急缓", oldest)
    assert urgent.labels[0] == "#11"


def test_an_advisor_has_no_list_by_age_and_sees_what_is_theirs(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    li.news()
    assert "按等了多久" not in li.says("队列")[0].labels
    li.presses("我来")
    assert "喝口茶" in li.says("队列")[0].text
    chen.says("我又想起一件事")
    li.news()
    (mine,) = li.says("我的")
    assert mine.labels == [f"#{case.number}"]
    assert "条新的" in mine.text


def test_a_voice_waits_in_the_list_and_is_heard(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    li.news()
    li.presses("我来")
    chen.sends_voice()
    (line,) = [one for one in li.news() if one.media]
    assert line.labels == ["听过了"]
    (due,) = li.says("到期")
    assert "听语音" in due.text
    assert "去听" in due.labels
    li.presses("听过了", line)
    assert "没有到期" in li.says("到期")[0].text


def test_a_file_that_is_still_fetched_waits_and_a_lost_one_is_said(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    li.news()
    li.presses("我来")
    media_id = chen.sends_voice()
    office.street.write(_state, media_id, "awaited")
    assert [one for one in li.news() if one.media] == []
    office.street.write(keep_media, media_id)
    office.street.advance(seconds=2)
    assert [one.media["id"] for one in li.news() if one.media] == [media_id]
    second = chen.sends_voice()
    office.street.write(_state, second, "lost")
    assert any("没取到" in one.text for one in li.news())


def test_photos_and_places_are_answers_and_odd_things_are_said(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    li.news()
    li.presses("我来")
    li.presses("写回话")
    photo = MediaInfo("a" * 32, "photo", "image/jpeg", 9, "0" * 64)
    li.sends("photo", media=photo, text="这是表格")
    last = chen.log()[-1]
    assert (last["text"], last["media"]["kind"]) == ("这是表格", "photo")
    li.sends("place", text="31.230400,121.473700")
    assert chen.log()[-1]["text"] == "31.230400,121.473700"
    (said,) = li.sends("unknown")
    assert "读不懂" in said.text


def test_a_voice_without_a_target_is_kept_and_sent_later(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    li.news()
    (asked,) = li.speaks()
    assert "您手上没有事" in asked.text
    assert asked.labels == ["不发"]
    li.presses("我来")
    (asked,) = li.speaks()
    li.presses(f"#{case.number}", asked)
    assert chen.log()[-1]["media"]["kind"] == "voice"


def test_what_nobody_could_read_stands_under_parked(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    street = office.street
    chen.posts(text="读不懂的话")
    for _ in range(street.house.office.attempts):
        for stored in taking.take(street):
            taking.fail(street, stored)
        street.now += 2 * waiting.RETRY_PAUSE
    li.news()
    (item,) = li.says("/parked")
    assert item.text == "读不懂的话"
    (number,) = [label for label in item.labels if "#" in label]
    assert number.lstrip("#") in li.presses(number, item)[0].title
    (said,) = li.presses("看过了", item)
    assert said.text == "记下了,谢谢。"
    assert [row.state for row in street.rows(Inbox) if row.state in ("parked", "taken")] == [
        "taken"
    ]


def _state(db: Db, media_id: str, state: str) -> None:
    row = media_rows.get(db, media_id)
    assert row is not None
    row.state = state
