"""What else can be sent: albums, papers, stickers, places, numbers, forwarded, edited and long."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.botapi import Shown, media
from tests.journeys.telegram.town import Somebody, Town, number_of

pytestmark = pytest.mark.journey
COLOURS = ("red", "green", "blue")


def of_kind(kind: str) -> Callable[[Shown], bool]:
    """Whether a message carries such a file."""
    return lambda shown: shown.media is not None and shown.media.kind == kind


def test_an_album_is_one_answer(town: Town) -> None:
    """Its first picture answers, the others are kept: one sentence, and the question again."""
    li = town.li
    chen = town.resident("陈老伯")
    chen.hears("您好")
    chen.says("想进养老院")
    chen.asked("有人照顾")
    chen.person.album([media.jpeg(color=one) for one in COLOURS], "家里的样子", to=chen.at)
    chen.taps("找人工", chen.asked(""))
    number = number_of(chen.hears("编号"))
    li.taps("看对话", li.card(number, button="看对话"))
    pictures = {li.hears("", when=of_kind("photo")).id for _ in COLOURS}
    assert len(pictures) == len(COLOURS)
    assert len(chen.heard("照片收到了")) <= 1


def test_papers_stickers_places_numbers(town: Town) -> None:
    """Each is a good answer or a kind word, and reaches the advisor."""
    li = town.li
    chen, number = town.calls_a_human("陈老伯")
    li.says("您请发来。", reply_to=town.takes(li, number))
    chen.hears("您请发来")
    chen.person.document(media.pdf("退休证"), "退休证.pdf", caption="退休证", to=chen.at)
    paper = li.hears("退休证", when=of_kind("document"))
    assert paper.media is not None
    assert paper.media.data == media.pdf("退休证")
    chen.person.sticker("👍", to=chen.at)
    li.hears("👍")
    chen.person.place(31.2304, 121.4737, title="康定路", address="100弄", to=chen.at)
    li.hears("康定路")
    chen.person.forwards("明天停水,请备水", to=chen.at)
    li.hears("明天停水")
    wrong = chen.says("我住 3 号")
    li.hears("我住 3 号")
    chen.person.edits(wrong, "我住 13 号", to=chen.at)
    li.hears(("改成", "我住 13 号"))
    li.person.document(media.pdf("申请表"), "申请表.pdf", to=li.at, reply_to=li.card(number))
    chen.hears("李顾问", when=of_kind("document"))


def test_long_texts_cross_whole(town: Town) -> None:
    """What is over 4,096 characters goes as several messages, cut between sentences."""
    li = town.li
    chen, number = town.calls_a_human("陈老伯")
    li.taps("写回话", town.takes(li, number))
    li.hears("正在和")
    long = "".join(f"第{each:03}句,我说得很慢很慢。" for each in range(293))[:4096]
    li.says(long)
    whole(chen, long)
    chen.says(long)
    whole(li, long)


def whole(one: Somebody, long: str) -> None:
    """Every sentence has come, in order, and no piece is cut inside one."""
    one.hears("第000句")
    one.hears("第292句")
    pieces = [each.text for each in one.chat if not each.mine and "句,我说" in each.text]
    assert len(pieces) > 1
    assert long in "".join(piece[piece.index("第") :] for piece in pieces)
    assert all(piece.endswith("。") for piece in pieces[:-1])
