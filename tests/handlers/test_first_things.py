"""The first thing somebody sends is no words: a human sees it all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.meaning.reading import Reading
from handlers.ports import Viewer
from storage import entries
from storage.cases import Case
from storage.due import Due
from storage.people import PersonKey
from tests.handlers.chats import Chatter
from tests.handlers.street import CARE, READINGS, Scripted, Street, conversations_of

NUMBER = "13812345678"
TROUBLE = "出了什么事?您慢慢说。"


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


def with_number(reading: Reading) -> Reading:
    return replace(reading, slots={**reading.slots, "phone": NUMBER})


def sends(chen: Chatter, kind: str, **update: object) -> list[str]:
    before = chen.last_seq
    media = chen.file(kind) if kind in ("photo", "document") else None
    chen.sends(kind=kind, media=media, **update)
    return chen.heard(before)


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("kind", ["photo", "document", "place"])
def test_what_was_sent_first_becomes_a_case_by_silence(
    street: Street, chen: Chatter, li: Viewer, kind: str, opened: bool
) -> None:
    if opened:
        chen.sends(kind="start")
    said = sends(chen, kind, text="31.2,121.4" if kind == "place" else "")
    assert said[-1] == TROUBLE
    assert street.rows(Due, kind="draft")
    street.advance(days=4)
    (card,) = street.queue(li)
    assert card.number == chen.case.number
    lines = street.write(entries.after, conversations_of(street, chen.who).id, 0)
    (sent,) = [line for line in lines if line.sender == "me" and line.tone is None]
    assert sent.case_id == chen.case.id
    assert chen.heard()[-1].endswith(f"编号是 {chen.case.number}。")


def test_an_album_at_the_menu_is_one_thing(street: Street, chen: Chatter) -> None:
    chen.sends(kind="start")
    before = chen.last_seq
    for _ in range(3):
        chen.sends(kind="photo", media=chen.file(), album="a1")
    assert chen.heard(before)[-1] == TROUBLE
    assert chen.heard(before).count(TROUBLE) == 1


def test_what_follows_a_photo_is_the_trouble(street: Street, chen: Chatter) -> None:
    chen.sends(kind="start")
    sends(chen, "photo")
    chen.says("楼上的水漏下来了,墙都湿了")
    assert "可以吗" in chen.question["text"]


def test_through_the_menu_again_it_still_reaches_a_human(street: Street, chen: Chatter) -> None:
    chen.sends(kind="start")
    sends(chen, "photo")
    chen.taps("cmd:menu")
    street.advance(days=4)
    assert [case.number for case in street.rows(Case)] == [chen.case.number]


@pytest.mark.parametrize("text", [NUMBER, f"+86{NUMBER}", f"陈阿姨 {NUMBER}"])
@pytest.mark.parametrize("opened", [True, False])
def test_a_contact_is_kept_as_the_number_to_call(
    street: Street, chen: Chatter, text: str, opened: bool
) -> None:
    if opened:
        chen.sends(kind="start")
    before = chen.last_seq
    chen.sends(text=text)
    assert chen.heard(before)[0] == "号码我记下了。"
    assert chen.heard(before)[-1] == TROUBLE
    street.advance(days=4)
    assert chen.case.number
    assert street.rows(PersonKey, kind="phone")


def test_the_number_is_not_asked_again(street: Street, chen: Chatter) -> None:
    chen.sends(kind="start")
    said = chen.says(NUMBER, "楼上的水漏下来了", "可以", "康定路3号")
    assert chen.question["tone"] == "summary"
    assert NUMBER in said[-1]


@pytest.mark.parametrize("asks", ["找人工", "cmd:human"])
def test_a_number_in_the_first_words_is_where_the_human_calls(
    street: Street, chen: Chatter, asks: str
) -> None:
    """Nobody had asked yet whether it may be kept: who tells it and wants a human wants a call."""
    told = f"{CARE},我的电话{NUMBER}"
    street.reader = Scripted({**READINGS, told: with_number(READINGS[CARE])})
    chen.says(told)
    said = chen.taps(asks) if ":" in asks else chen.says(asks)
    assert street.rows(PersonKey, kind="phone")
    assert not any("哪个电话" in line for line in said), "it was told already"


def test_a_number_that_may_not_be_kept_is_not_kept(street: Street, chen: Chatter) -> None:
    told = f"{CARE},我的电话{NUMBER}"
    street.reader = Scripted({**READINGS, told: with_number(READINGS[CARE])})
    chen.says(told)
    while "我记下电话" not in chen.question["text"]:
        chen.taps(chen.question["choices"][0]["value"])
    chen.taps("先不要")
    chen.says("找人工")
    assert not street.rows(PersonKey, kind="phone")


def test_an_opened_menu_alone_is_no_draft(street: Street, chen: Chatter) -> None:
    chen.sends(kind="start")
    assert street.rows(Due) == []
    street.advance(days=4)
    assert street.rows(Case) == []


@pytest.mark.parametrize("opened", [True, False])
def test_greetings_and_pictures_first_open_no_case(
    street: Street, chen: Chatter, opened: bool
) -> None:
    if opened:
        chen.sends(kind="start")
    said = chen.says("有人吗", "你好,有人吗", "早上好 侬好呀 我姓陈", "😊", "👍")
    assert said.count("您好。我在这里听您说。") == 3
    assert not any("没听懂" in words for words in said)
    assert said[-1] == "您遇到什么难处了?"
    assert street.rows(Case) == []
