"""After violence: 不方便 and whatever speaks of him lead into silence, until 可以说了."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from handlers.advisors import claim, correct, reply
from handlers.ports import Refused
from storage.cases import CaseEvent
from storage.notices import Notice
from tests.handlers.street import CARE, DIE, FALL, Resident, Street

BEATEN = "我老公又打我"
HUSH = "那就不出声。可以发短信到 12110。"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


def events(street: Street) -> list[str]:
    return [row.kind for row in street.rows(CaseEvent)]


@pytest.mark.parametrize(
    "words", ["不方便", "不方便啊", "2", "现在不方便", "不", "danger:violence_abuse:cannot_talk"]
)
def test_not_convenient_is_answered_once_and_then_nothing_is_said(
    street: Street, chen: Resident, words: str
) -> None:
    chen.says(CARE, "没有人", BEATEN)
    rings = len(street.rows(Notice, kind="ring"))
    said = chen.taps(words) if ":" in words else chen.says(words)
    assert said == [HUSH]
    assert "quiet_please" in events(street)
    assert len(street.rows(Notice, kind="ring")) == rings + 1
    assert chen.taps("danger:violence_abuse:cannot_talk") == []
    assert chen.says("我躲在厨房", "康定路3号", "他又打我了") == []
    before = chen.last_seq
    street.advance(hours=5)  # the ladder, the reminder and the hand-in would have spoken
    assert chen.heard(before) == []
    street.act(claim.claim, street.member(), chen.case.id)
    assert chen.heard(before) == []
    assert chen.says("他走了,可以说了") != []


def test_convenient_lifts_it_and_so_does_a_new_danger(chen: Resident) -> None:
    chen.says(BEATEN, "不方便")
    assert chen.taps("danger:violence_abuse:can_talk") == ["好。请先打 110,我在这里。"]
    chen.says("他来了")
    assert chen.says(FALL) != []


@pytest.mark.parametrize(
    "words",
    [
        "别回了",
        "现在不能说话 他在看",
        "不要打电话来 他在",
        "他看得到手机",
        "先不说了 他来了",
        "嘘",
        "别响",
        "不要发声音",
        "他在翻我手机",
        "他抢我手机",
        "伊转来了",
        "他会听到的",
    ],
)
def test_natural_ways_to_ask_for_silence(street: Street, chen: Resident, words: str) -> None:
    chen.says(BEATEN)
    assert chen.says(words) == []
    assert "quiet_please" in events(street)
    assert chen.says("我怕") == []


@pytest.mark.parametrize("words", ["方便", "方便的", "方便,他不在", "可以", "1"])
def test_what_is_clearly_yes_is_no_silence(chen: Resident, words: str) -> None:
    chen.says(BEATEN)
    assert chen.says(words) == ["好。请先打 110,我在这里。"]


@pytest.mark.parametrize("words", ["他来了", "他在看", "不要打电话来", "先不说了"])
def test_these_words_order_no_silence_without_violence(chen: Resident, words: str) -> None:
    chen.says(DIE)
    assert chen.says(words) != []


def test_the_police_who_come_are_no_reason_for_silence(chen: Resident) -> None:
    chen.says(BEATEN)
    assert chen.says("警察来了") == ["我记下了,也告诉顾问了。"]


def test_one_short_line_in_a_few_minutes(street: Street, chen: Resident) -> None:
    chen.says(BEATEN)
    said = chen.says("我躲在房间", "他还要打我", "他打我了", "我怕")
    assert len(said) == 1
    assert said[0].startswith("我在。")
    street.now += timedelta(minutes=4)
    assert len(chen.says("他又打我", "我怕")) == 1


def test_an_advisor_is_asked_once_before_they_write_into_a_silence(
    street: Street, chen: Resident
) -> None:
    li = street.member()
    chen.says(BEATEN)
    street.act(claim.claim, li, chen.case.id)
    assert not street.view(li, chen.case.id).held
    chen.says("他在看")
    assert street.view(li, chen.case.id).held
    with pytest.raises(Refused, match="asked_quiet"):
        street.act(reply.reply, li, chen.case.id, "a1", "您好")
    assert "您好" not in chen.heard()
    say = partial(reply.reply, confirmed=True)
    street.act(say, li, chen.case.id, "a1", "您好")
    street.act(reply.reply, li, chen.case.id, "a2", "我在")
    assert chen.heard()[-2:] == ["您好", "我在"]
    chen.says("别回")
    with pytest.raises(Refused, match="asked_quiet"):
        street.act(reply.reply, li, chen.case.id, "a3", "好")
    chen.says("可以说了")
    street.act(reply.reply, li, chen.case.id, "a3", "好")


def test_a_correction_into_a_silence_is_asked_about_too(street: Street, chen: Resident) -> None:
    li = street.member()
    chen.says(BEATEN)
    street.act(claim.claim, li, chen.case.id)
    seq = street.act(reply.reply, li, chen.case.id, "a1", "我马上打给您")
    chen.says("他在看")
    with pytest.raises(Refused, match="asked_quiet"):
        street.act(correct.correct, li, chen.case.id, seq, "我马上来")
    assert "我马上来" not in chen.heard()
    street.act(partial(correct.correct, confirmed=True), li, chen.case.id, seq, "我马上来")
    assert chen.heard()[-1] == "我马上来"
    street.act(reply.reply, li, chen.case.id, "a2", "我在")


def test_who_asks_for_silence_again_and_again_does_not_drown_other_bells(
    street: Street, chen: Resident
) -> None:
    chen.says(CARE, "没有人", BEATEN)
    rings = len(street.rows(Notice, kind="ring"))
    for _ in range(10):
        chen.says("别发消息", "可以说了")
    assert len(street.rows(Notice, kind="ring")) == rings + 1
    street.advance(minutes=1)
    before = len(street.rows(Notice, kind="ring"))
    chen.says("别发消息")
    assert len(street.rows(Notice, kind="ring")) == before + 1
