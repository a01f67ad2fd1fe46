"""Whoever beats them stands beside them: said in the first words, there is no script to be seen."""

from __future__ import annotations

import pytest

from handlers.advisors import claim, reply
from storage.notices import Notice
from tests.handlers.street import CARE, FALL, Resident, Street
from tests.handlers.test_hush import BEATEN, HUSH, events

CALL = "好。请先打 110,我在这里。"
NEAR = "我老公打我,他在旁边"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


@pytest.mark.parametrize(
    "words",
    [
        NEAR,
        "我老公打我他在旁边",
        "他又打我 他在看我手机",
        "老公拿刀逼我,我不敢出声",
        "我被儿子打了。伊勒屋里,不方便讲",
        "他打我,他回来了",
    ],
)
def test_one_sentence_and_then_silence(street: Street, chen: Resident, words: str) -> None:
    chen.says(CARE)
    before = chen.last_seq
    assert chen.says(words) == [HUSH]
    assert chen.log()[-1]["choices"] is None, "no red card for him to see"
    assert (chen.case.urgency, chen.case.dangers) == ("red", ["violence_abuse"])
    assert "quiet_please" in events(street)
    assert street.rows(Notice, kind="ring")
    assert chen.says("我躲在厨房", NEAR, "嗯") == []
    street.advance(hours=1)
    assert chen.heard(before) == [HUSH]


@pytest.mark.parametrize(
    "words",
    [
        "他天天在家打我",
        "我老公打我,他现在不在旁边",
        "我老公打我,伊勿在屋里",
        "他在旁边打我妈,怎么办",
    ],
)
def test_otherwise_the_script_is_said(street: Street, chen: Resident, words: str) -> None:
    (said,) = chen.says(words)
    assert said.startswith(street.house.danger["violence_abuse"].acknowledge)


def test_other_dangers_are_never_kept_back(street: Street, chen: Resident) -> None:
    (said,) = chen.says(f"{FALL},邻居在旁边")
    assert said.startswith(street.house.danger["medical_emergency"].acknowledge)


def test_when_they_may_speak_the_script_comes_at_once(street: Street, chen: Resident) -> None:
    chen.says(NEAR)
    (said,) = chen.says("可以说了")
    assert said.startswith(street.house.danger["violence_abuse"].acknowledge)
    assert chen.log()[-1]["choices"][0]["value"] == "tel:110"
    assert chen.says("不方便") == [HUSH]


@pytest.mark.parametrize("words", ["不方便", "他来了,别发消息"])
def test_who_may_speak_again_is_answered_at_once(chen: Resident, words: str) -> None:
    chen.says(BEATEN, words)
    assert chen.says("还不方便") == []
    assert chen.says("可以说了") == [CALL]
    assert chen.says("可以说了") != [CALL], "nothing was silent before it"


def test_silence_holds_over_an_advisor_too(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ("没有人", "76", "可以", "13812345678", "康定路3号"))
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    assert chen.says(f"{BEATEN},别发消息") == []
    assert chen.says(NEAR) == []
