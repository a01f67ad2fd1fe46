"""The first journey on Telegram: a resident on one bot, advisors and a supervisor on the other."""

from __future__ import annotations

import pytest

from tests.botapi import media
from tests.journeys.telegram.town import Somebody, Town, number_of

pytestmark = pytest.mark.journey
CARE = "我一个人住,身体不好,想进养老院,自己跑不动"


def test_a_resident_and_an_advisor(town: Town) -> None:
    """Write, answer by button, number and words, go back, correct, file; a human answers; close,
    a face, reopen by one tap."""
    li, wang = town.li, town.wang
    chen = town.resident("陈老伯")
    chen.hears("您好")
    number = asks_for_care(chen)

    for one in (li, wang):
        one.card(number, "还没人接", CARE[:10], button="我来")
    claims(town, number)
    li.taps("看对话")
    li.hears(("居民", CARE, "康定路100弄3号202"))
    chen.hears("李顾问看过了")

    mine = li.card(number, "您在跟", button="写回话")
    said = li.says("陈老伯您好,我是李顾问。下午我来,好吗?", reply_to=mine)
    heard = chen.hears(("李顾问", "下午我来"), button="看到了")
    li.hears(f"#{number} · 已送到", when=lambda mark: mark.reply_to == said.id)
    chen.taps("看到了", heard)
    li.hears(f"#{number} · 看到了", when=lambda mark: mark.reply_to == said.id)

    before = len(by_bot(chen))
    thanks = chen.says("好额,谢谢侬")
    li.hears("好额,谢谢侬")
    li.taps("写回话", li.card(number, button="写回话"))
    li.hears(f"正在和 #{number}", button="离开")
    li.says("那我下午两点来,您在家等我。")
    chen.hears(("李顾问", "下午两点来"))
    assert len(by_bot(chen)) == before, "the bot is silent while a human speaks"
    assert thanks.id in [one.id for one in chen.chat]

    sounds_and_pictures(chen, li)
    wrong = li.says("我星期三来")
    first = chen.hears("我星期三来")
    li.person.edits(wrong, "我星期四来", to=li.at)
    chen.hears(("更正", "我星期四来"), when=lambda one: one.reply_to == first.id)
    li.taps("离开")
    li.hears(f"和 #{number} 的对话结束了")

    li.taps("结案", li.card(number, button="结案"))
    li.taps("办好了", li.hears("怎么结的"))
    li.hears(f"#{number} 结案了")
    asked = chen.hears("帮得怎么样")
    assert [
        label for label in asked.labels if "很好" in label or "一般" in label or "不好" in label
    ]
    chen.taps(next(label for label in asked.labels if "很好" in label), asked)
    chen.hears("谢谢您")
    chen.taps("还没办好")
    chen.hears("重新办")
    li.hears(f"#{number}", when=lambda one: "结案" not in one.text and "居民说还没办好" in one.text)


def asks_for_care(chen: Somebody) -> str:
    """From the sentence to the receipt; the number of the case."""
    chen.says(CARE)
    chen.taps("有家人", chen.asked("有人照顾"))
    chen.taps("返回", chen.asked("年纪"))
    chen.asked("有人照顾")
    chen.says("1")
    chen.asked("年纪")
    chen.says("六十七")
    chen.asked("可以吗")
    chen.says("可以的")
    chen.asked("电话")
    chen.says("13812345678")
    chen.asked("哪里")
    chen.says("康定路100弄3号202")
    chen.taps("改一下", chen.asked("都对吗"))
    chen.asked("哪一条")
    chen.says("年纪")
    chen.asked("年纪")
    chen.says("七十六")
    chen.taps("对的", chen.asked("都对吗"))
    receipt = chen.hears("编号")
    assert "前" in receipt.text or "内" in receipt.text, "a time is promised"
    return number_of(receipt)


def claims(town: Town, number: str) -> None:
    """Li takes it; Wang, who presses on a screen that was behind, is told who has it."""
    li, wang, zhou = town.staff
    behind = wang.card(number, button="我来")
    li.taps("我来", li.card(number, button="我来"))
    li.hears(f"#{number} 是您的了")
    wang.card(number, "李顾问在跟")
    zhou.card(number, "李顾问在跟")
    wang.person.presses("我来", message=behind, late=True, to=wang.at)
    wang.hears("李顾问已经接了")


def sounds_and_pictures(chen: Somebody, li: Somebody) -> None:
    """Voice and photo both ways, as bytes that arrive whole."""
    note = media.ogg(3.0)
    chen.person.speaks(note, 3, to=chen.at)
    played = li.hears("", when=lambda one: one.media is not None and one.media.kind == "voice")
    assert played.media is not None
    assert played.media.seconds == 3
    li.taps("听过了", played)
    li.hears("记下了")
    chen.person.photo(media.jpeg(color="tan"), "我家门口", to=chen.at)
    shown = li.hears("我家门口", when=lambda one: one.media is not None)
    assert shown.media is not None
    assert shown.media.kind == "photo"
    li.person.speaks(media.ogg(2.0), 2, to=li.at)
    chen.hears("李顾问", when=lambda one: one.media is not None and one.media.kind == "voice")
    li.person.photo(media.jpeg(color="green"), "表在这里", to=li.at)
    got = chen.hears(("李顾问", "表在这里"), when=lambda one: one.media is not None)
    assert got.media is not None
    assert got.media.kind == "photo"


def by_bot(one: Somebody) -> list[str]:
    """What the bot itself said: no line of an advisor."""
    return [each.text for each in one.chat if not each.mine and "李顾问" not in each.text]
