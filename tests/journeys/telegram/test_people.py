"""Volunteers, danger, 找人工, and somebody who shuts the bot out: on both bots of a real house."""

from __future__ import annotations

import pytest

from tests.botapi import Shown
from tests.journeys.telegram.town import Somebody, Town, answer_all, is_card, number_of

pytestmark = pytest.mark.journey
RELAY = "我帮3号楼302的王阿婆问问,她一个人在家没人烧饭"
WANT_DIE, FATHER = "我不想活了", "我爸摔了一跤叫不应了"


def relays(one: Somebody, to_whom: str) -> str:
    """A volunteer asks for a neighbour; the number of the case."""
    one.asked("难处")
    one.says(RELAY)
    one.taps("知道也愿意", one.asked("本人知道"))
    one.taps(to_whom, one.asked("告诉谁"))
    summary = answer_all(one, {"什么事": "没人烧饭", "打哪个电话": "13900001111"})
    one.taps("对的", summary)
    return number_of(one.hears("编号"))


def test_a_volunteer_relays(town: Town) -> None:
    """Three roles stand in the case; with leave of the person helped, answers go both ways."""
    li = town.li
    fang = town.resident("方志愿者")
    number = relays(fang, "两边都告诉")
    li.card(number, "王阿婆", "志愿者转 · 两边都答复", button="我来")
    town.takes(li, number)
    li.taps("看电话", li.card(number, "您在跟", button="看电话"))
    phone = li.hears(
        f"#{number} ", when=lambda one: "1390000" in one.text or "谁的电话" in one.text
    )
    if phone.buttons:
        li.taps(phone.labels[0], phone)
        li.hears("1390000")
    li.says("今天中午就有人送饭上门。", reply_to=li.card(number))
    fang.hears(("李顾问", "送饭上门"))


def test_a_relayer_who_may_hear_nothing(town: Town) -> None:
    """Answers to the person helped alone: the advisor is told so, and nothing leaks."""
    li = town.li
    fang = town.resident("方志愿者")
    number = relays(fang, "告诉本人")
    town.takes(li, number)
    li.says("王阿婆的病情是这样的", reply_to=li.card(number))
    li.hears("只告诉本人")
    assert not fang.heard("病情")


@pytest.mark.parametrize(
    ("words", "call"), [(WANT_DIE, "962525"), (FATHER, "120")], ids=["suicide", "collapse"]
)
def test_danger_in_the_middle_of_a_dialog(town: Town, words: str, call: str) -> None:
    """The script at once, everybody on duty is rung; the question waits until 接着说."""
    li, wang, zhou = town.staff
    chen = town.resident("陈老伯")
    chen.hears("您好")
    chen.says("想进养老院")
    chen.asked("有人照顾")
    chen.says(words)
    script = chen.hears(call)
    assert "☎" in script.text
    red = [one.hears(words, when=rings) for one in town.staff]
    number = red[0].text.partition(" ")[0].removeprefix("#")
    chen.taps(next(label for label in script.labels if "一个人" in label), script)
    chen.says("接着说")
    chen.asked("有人照顾")

    li.taps("我来", li.card(number, button="我来"))
    wang.card(number, "李顾问在跟")
    li.says("我是李顾问,我现在就过来。", reply_to=li.card(number, "您在跟"))
    chen.hears(("李顾问", "现在就过来"))
    said = len(chen.heard(call))
    chen.says(words)  # an advisor wrote a moment ago: the bot does not talk over them
    li.hears(words, when=lambda one: not is_red_card(one))
    assert len(chen.heard(call)) == said

    li.taps("结案", li.card(number, button="结案"))
    li.taps("办好了", li.hears(("怎么结的", "两个人")))
    li.taps("还是结案", li.hears("还有没看的", button="还是结案"))
    li.hears("要另一位同意")
    zhou.taps("同意结案", zhou.card(number, "李顾问提议结案", button="同意结案"))
    zhou.hears(f"#{number} 结案了")
    chen.hears("有事随时找我们")
    assert not chen.heard("帮得怎么样"), "after red nobody is asked for a face"


def rings(shown: Shown) -> bool:
    """A red card with sound."""
    return is_red_card(shown) and not shown.silent


def is_red_card(shown: Shown) -> bool:
    """A red case's card; a line of its resident has no buttons under it."""
    return "· 红" in shown.text.partition("\n")[0] and bool(shown.rows)


def test_a_human_is_called_at_any_moment(town: Town) -> None:
    """找人工 hands over with what is known so far; a number shared by a tap is kept."""
    li = town.li
    chen = town.resident("陈老伯")
    chen.hears("您好")
    chen.says("想进养老院")
    chen.taps("找人工", chen.asked("有人照顾"))
    number = number_of(chen.hears("编号"))
    chen.hears("哪个电话")
    chen.person.contact("+8613812345678", to=chen.at)
    chen.hears("号码记下了")
    li.taps("看电话", li.card(number, "想进养老院", button="看电话"))
    li.hears("13812345678")


def test_somebody_shuts_the_bot_out(town: Town) -> None:
    """The mark says why, and leads to the telephone; who comes back is answered again."""
    li = town.li
    chen, number = town.calls_a_human("陈老伯")
    chen.asked("哪个电话")
    chen.says("13812345678")
    chen.hears("号码记下了")
    town.takes(li, number)
    chen.person.blocks(town.residents)
    card = li.card(number, "对方关掉了机器人")
    said = li.says("陈老伯,表我填好了。", reply_to=card)
    mark = li.hears("没送到", when=lambda one: one.reply_to == said.id)
    assert "对方关掉了机器人" in mark.text
    assert "请打电话" in mark.text
    assert "看电话" in mark.labels
    chen.person.opens(town.residents)
    li.hears(f"#{number} ", when=lambda one: is_card(one) and "对方关掉" not in one.text)
    li.says("您回来啦。", reply_to=li.card(number))
    chen.hears("您回来啦")
