"""What follows a danger: again, no line, calm words, silence that was asked for."""

from __future__ import annotations

import pytest

from handlers.advisors import claim, reply
from storage.cases import Case, CaseEvent
from storage.notices import Notice
from tests.handlers.street import ANSWERS, CARE, DIE, FALL, Resident, Street

BEATEN = "我老公又打我,拿刀逼我"
ONLY_BEATEN = "violence_abuse"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


def values(chen: Resident) -> list[str]:
    return [choice["value"] for choice in chen.log()[-1]["choices"] or ()]


def kinds(street: Street) -> list[str]:
    return [row.kind for row in street.rows(CaseEvent)]


def test_danger_again_is_answered_with_its_number_and_the_same_buttons(
    street: Street, chen: Resident
) -> None:
    chen.says(DIE)
    buttons = values(chen)
    for _ in range(3):
        assert chen.says(DIE) == ["我在。请现在就打 962525。\n您现在一个人吗?"]
        assert chen.log()[-1]["tone"] == "danger"
        assert values(chen) == buttons
    assert "danger:suicide_selfharm:alone" in buttons
    assert chen.taps("一个人")[0].startswith("我在这里")


def test_another_kind_has_its_own_script_while_the_first_waits(
    street: Street, chen: Resident
) -> None:
    chen.says(DIE)
    (said,) = chen.says(FALL)
    assert said.startswith(street.house.danger["medical_emergency"].acknowledge)
    assert chen.says("有人在") == ["请他打 120。您陪着,别走开。"]
    assert chen.says(DIE) == ["我在。请现在就打 962525。"]
    assert chen.says("一个人")[0].startswith("我在这里"), "words answer what stands last"


def test_after_the_advisor_has_left_nothing_is_silent(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    assert chen.says(DIE) == [street.house.danger["suicide_selfharm"].do_now]
    assert all(value.startswith("tel:") for value in values(chen))
    assert chen.says(DIE) == [], "numbers are said once over a human"
    street.act(claim.release, li, case.id)
    assert chen.says(DIE) == ["我在。请现在就打 962525。\n您现在一个人吗?"]


def test_danger_in_a_flood_is_answered_once_a_minute(street: Street, chen: Resident) -> None:
    many = street.house.office.messages_a_minute + 6
    for _ in range(many):
        chen.posts(text=DIE)
    street.work()
    again = [words for words in chen.heard() if words.startswith("我在。")]
    assert len(again) < many - 3
    street.now += street.house.office.live
    assert chen.says(DIE) != []


@pytest.mark.parametrize("words", ["打勿通", "962525打不通啊", "一直占线", "没人接"])
def test_a_call_that_does_not_get_through_gets_the_next_number(
    street: Street, chen: Resident, words: str
) -> None:
    chen.says(DIE)
    numbers = [tel.value for tel in street.house.danger["suicide_selfharm"].numbers]
    said = chen.says(words)
    assert said[0].startswith(street.house.phrases.say("danger.no_line_listen"))
    assert values(chen)[: len(numbers)] == [*numbers[1:], numbers[0]]
    chen.says(words)
    assert values(chen)[0] == numbers[2]
    assert chen.taps("一个人")[0].startswith("我在这里")


def test_no_line_without_danger_is_nothing_special(street: Street, chen: Resident) -> None:
    assert street.house.phrases.say("danger.no_line") not in chen.says("你们电话打不通")


@pytest.mark.parametrize("words", ["没事了", "我说气话的", "开玩笑呀"])
def test_calm_words_are_heard_and_the_red_stays(street: Street, chen: Resident, words: str) -> None:
    chen.says(CARE, "没有人", "76")
    asked = chen.question
    assert asked["text"].endswith("可以吗?")
    chen.says(DIE, "一个人")
    assert chen.says(words) == ["没事就好。想说随时说。"]
    assert (chen.case.urgency, chen.case.closed_at) == ("red", None)
    assert "calm_words" in kinds(street)
    assert chen.says("嗯") == ["我在这里。您接着说。"], "嗯 is no consent"
    assert chen.says("接着说") == [asked["text"]]
    assert chen.says("可以") == ["打哪个电话找得到您?"]


def test_who_asks_for_silence_reads_nothing_until_they_write_again(
    street: Street, chen: Resident
) -> None:
    chen.says(BEATEN)
    assert chen.case.dangers == [ONLY_BEATEN]
    rings = len(street.rows(Notice, kind="ring"))
    assert chen.says("他们回来了,别发消息") == []
    assert "quiet_please" in kinds(street)
    assert len(street.rows(Notice, kind="ring")) == rings + 1
    before = chen.last_seq
    street.advance(minutes=70)  # the ladder and the clock would have spoken
    assert chen.heard(before) == []
    assert chen.says("我躲在厨房", "现在不方便说") == []
    assert chen.says("他走了,可以说了") != []


def test_silence_with_danger_in_the_same_words(street: Street, chen: Resident) -> None:
    assert chen.says(BEATEN + ",别回") == []
    assert (chen.case.urgency, chen.case.dangers) == ("red", [ONLY_BEATEN])
    assert "quiet_please" in kinds(street)


def test_silence_is_for_every_danger_and_not_for_going_home(street: Street, chen: Resident) -> None:
    chen.says(BEATEN)
    assert chen.says("我不要回家") != []
    other = street.resident("other")
    other.says(DIE)
    assert other.says("别说话") == []
    assert other.says("你说吧") != []


def test_a_robot_says_so_and_the_script_stays(street: Street, chen: Resident) -> None:
    chen.says(DIE)
    assert chen.says("你是机器人吗") == ["我是机器人。后面有真人,点找人工就来。"]
    assert chen.says("一个人")[0].startswith("我在这里")
    assert len(street.rows(Case)) == 1
