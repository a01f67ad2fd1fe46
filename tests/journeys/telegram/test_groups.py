"""Groups: a group of staff sees nothing by which anybody is known; residents' bot leaves groups."""

from __future__ import annotations

import pytest

from tests.botapi import Bot, Group
from tests.journeys.telegram.town import PATIENCE, Somebody, Town

pytestmark = pytest.mark.journey


def test_a_card_in_a_group_is_impersonal(town: Town) -> None:
    """Linked by the supervisor; a red case stands there by its number, and is claimed there."""
    li, _, zhou = town.staff
    stranger = town.api.person("路人")
    group = town.api.group("康定值班群", [li.person, zhou.person, stranger])
    group.add(town.staff_bot, zhou.person)
    here = town.also(town.in_group(zhou, group), "康定值班群")
    li.person.types("/here", to=group)
    here.hears("主管")
    here.says("/here")
    here.hears("这个群收得到")
    chen = town.resident("陈老伯")
    chen.says("我叫陈建国,我不想活了,电话13812345678")
    shown = here.hears("· 红", button="我来")
    number = shown.text.partition(" ")[0].removeprefix("#")
    for personal in ("陈", "不想活", "138"):
        assert personal not in shown.text
    stranger.presses("我来", message=shown, to=group)
    here.hears("请先自己加入机器人")
    li.person.presses("我来", message=shown, to=group)
    here.hears((f"#{number} ", "李顾问在跟"))
    li.card(number, "不想活", "您在跟")
    zhou.card(number, "李顾问在跟")
    here.says("/bye")
    here.hears("不再收消息")
    left(town.staff_bot, here)


def test_the_residents_bot_leaves_a_group(town: Town) -> None:
    """It says that it talks with one person only, and leaves."""
    neighbour = town.api.person("邻居")
    group = town.api.group("三号楼", [neighbour])
    group.add(town.residents, neighbour)
    here = town.also(Somebody(neighbour, group), "三号楼")
    here.hears("我只能单独和您说话")
    left(town.residents, here)


def left(bot: Bot, here: Somebody) -> None:
    """The bot is no member of the group any more."""
    assert isinstance(here.at, Group)
    talk = here.at.talk
    here.person.waits_for(lambda one: bot.id not in talk.bots, PATIENCE, to=here.at, again=True)
