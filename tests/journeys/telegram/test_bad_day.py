"""A bad day of an advisor on the staff bot: several residents at once, and colleagues beside."""

from __future__ import annotations

import pytest

from tests.botapi import Shown, media
from tests.journeys.telegram.town import Somebody, Town

pytestmark = pytest.mark.journey
NAMES = ("陈老伯", "吴阿姨", "孙师傅")


def test_five_reds_at_once_ring_everybody(town: Town) -> None:
    """Each of them on every telephone, with sound; who takes one is shown on all."""
    people = [town.resident(f"居民{place}") for place in range(5)]
    for one in people:
        one.hears("您好")
    for one in people:
        one.says("我不想活了")
    rung: set[str] = set()
    for _ in people:
        card = town.li.hears("· 红", button="我来", when=lambda one: not one.silent)
        rung.add(numbered(card))
    assert len(rung) == len(people)
    for number in sorted(rung, key=int):
        for somebody in (town.wang, town.zhou):
            bell = somebody.card(number, "· 红")
            assert not bell.silent
        town.takes(town.li, number)
        town.wang.card(number, "李顾问在跟")


def test_three_residents_and_one_advisor(town: Town) -> None:
    """In doubt it is asked, an edit corrects, one tap leaves, old cards still answer."""
    li = town.li
    (chen, first), (wu, second), (_sun, _third) = (three := three_call(town))
    for _, number in three:
        town.takes(li, number)
    li.taps("写回话", li.card(first, "您在跟", button="写回话"))
    li.hears(f"正在和 #{first}", button="离开")
    wu.says("我的药吃完了")
    li.hears("我的药吃完了")
    said = li.says("三点我来看您")
    asked = li.hears(("刚才还有", f"#{second}"), when=lambda one: one.reply_to == said.id)
    li.taps(next(one for one in asked.labels if f"#{first}" in one), asked)
    chen.hears(("李顾问", "三点我来"))
    li.hears(f"#{first} ", when=lambda one: one.reply_to == said.id and "已送到" in one.text)
    li.person.edits(said, "四点我来看您", to=li.at)
    chen.hears(("更正", "四点我来看您"))
    li.says("药我这就去配", reply_to=li.card(second, "您在跟"))
    wu.hears(("李顾问", "药我这就去配"))
    li.taps("离开")
    li.hears(f"和 #{first} 的对话结束了")
    note = li.person.speaks(media.ogg(2.0), 2, to=li.at)
    asked = li.hears("还没发给谁", when=lambda one: one.reply_to == note.id)
    li.taps(next(one for one in asked.labels if f"#{second}" in one), asked)
    wu.hears("李顾问", when=lambda one: one.media is not None and one.media.kind == "voice")
    assert not chen.heard("药我这就去配")
    assert not li.heard("您在工作台写的")
    assert not wu.heard("点我来看您")


def test_a_case_goes_from_hand_to_hand(town: Town) -> None:
    """Noted, handed over, taken away while somebody writes, released, found, closed, reopened."""
    li, wang, zhou = town.staff
    chen, number = town.calls_a_human("陈老伯")
    town.takes(li, number)
    li.taps("记一笔", li.card(number, "您在跟", button="记一笔"))
    li.hears("只有同事看得到")
    li.says("儿子晚上在家")
    li.hears(f"#{number} 记下了")

    li.taps("转交", li.card(number, "您在跟", button="转交"))
    gives(li, f"转交 #{number}", "王顾问")
    li.hears(f"#{number} 转给王顾问了")
    assert not wang.hears(f"#{number} 派给您了").silent
    wang.taps("看对话", wang.card(number, "您在跟", button="看对话"))
    wang.hears(("内部", "儿子晚上在家"))
    assert not chen.heard("儿子晚上在家")

    wang.taps("写回话", wang.card(number, "您在跟", button="写回话"))
    wang.hears(f"正在和 #{number}")
    zhou.taps("派给…", zhou.card(number, "王顾问在跟", button="派给…"))
    gives(zhou, f"派给谁 #{number}", "李顾问")
    wang.hears((f"#{number} 转给李顾问了", "对话结束了"))
    lost = wang.says("我马上到您家")
    asked = wang.hears("还没发给谁", when=lambda one: one.reply_to == lost.id)
    assert not any(f"#{number} " in label for label in asked.labels)
    wang.taps("不发", asked)

    li.taps("放回", li.card(number, "您在跟", button="放回"))
    li.taps("是的", li.hears("放回吗", button="是的"))
    li.hears(f"#{number} 放回队列了")
    wang.says(f"#{number}")
    town.takes(wang, number)
    wang.taps("结案", wang.card(number, "您在跟", button="结案"))
    wang.taps("办好了", wang.hears("怎么结的", button="办好了"))
    done = f"#{number} 结案了"
    asked = wang.hears("", when=lambda one: "还没看的" in one.text or done in one.text)
    if done not in asked.text:
        wang.taps("还是结案", asked)
        wang.hears(done)
    wang.taps("重开", wang.card(number, "结案:办好了", button="重开"))
    wang.hears(f"#{number} 重开了")
    chen.says("在吗")
    wang.hears("在吗", when=lambda one: not one.rows)
    assert not chen.heard("我马上到您家")


def test_off_duty_in_the_middle(town: Town) -> None:
    """What is in hand is listed with a way to hand it over; back again, what came is counted."""
    zhou = town.zhou
    chen, number = town.calls_a_human("陈老伯")
    chen.hears("哪个电话")
    town.takes(zhou, number)
    zhou.says("下班")
    away = zhou.hears("您离岗了", button=f"转交 #{number}")
    assert f"#{number} " in away.text
    chen.says("我的药还没到")
    town.li.says(f"#{number}")
    town.li.card(number, "2 条新的")
    zhou.taps("上岗", away)
    zhou.hears(("您在岗了", f"#{number}"))
    assert not any(one.text.endswith("我的药还没到") for one in zhou.chat)
    chen.says("好了,到了")
    zhou.hears("我的药还没到\n好了,到了")


def three_call(town: Town) -> list[tuple[Somebody, str]]:
    """Three people who want a human, at once."""
    return [town.calls_a_human(name) for name in NAMES]


def gives(one: Somebody, title: str, name: str) -> None:
    """Choose a colleague."""
    asked = one.hears(title)
    one.taps(next(label for label in asked.labels if label.startswith(name)), asked)


def numbered(card: Shown) -> str:
    """The number of the case that a card shows."""
    return card.text.partition(" ")[0].removeprefix("#")
