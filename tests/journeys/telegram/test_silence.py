"""What nobody does in time: pushed once, also over a kill; and what an old keyboard does."""

from __future__ import annotations

import httpx
import pytest

from tests.journeys.people import PASSWORD
from tests.journeys.telegram.town import PATIENCE, Somebody, Town

pytestmark = [pytest.mark.journey, pytest.mark.kill]
PURSE = "钱包被偷了,这个月生活费一分没有了,急用钱"


def test_an_untouched_case_is_pushed_once(hasty_town: Town) -> None:
    """Pushed with buttons, once over a kill; one tap gives it to an advisor."""
    town = hasty_town
    li, _, zhou = town.staff
    chen = town.resident("陈老伯")
    number = town.files(chen, PURSE)
    push = zhou.hears((f"#{number} ", "没人碰"), button="派给…")
    assert not push.silent
    assert "已知晓" in push.labels
    zhou.says("队列")  # its answer follows the push, which is recorded by then
    zhou.hears(("队列", f"#{number} "))
    town.house.kill()
    town.house.start()
    zhou.says("队列")
    zhou.hears(("队列", f"#{number} "))
    pushes = [one.text.partition("\n")[0] for one in zhou.heard("没人碰")]
    assert len(pushes) == len(set(pushes)), "each step of the ladder is pushed once"
    zhou.taps("派给…", push)
    given = zhou.hears(f"派给谁 #{number}")
    zhou.taps(next(label for label in given.labels if label.startswith("李顾问")), given)
    zhou.hears("派给李顾问了")
    told = li.hears(f"#{number} 派给您了")
    assert not told.silent
    li.card(number, "您在跟")
    zhou.hears((f"#{number} ", "李顾问在跟"), again=True)


def test_a_supervisor_says_that_they_know(hasty_town: Town) -> None:
    """已知晓 is shown, and the push is not repeated while the bell pauses."""
    zhou = hasty_town.zhou
    chen = hasty_town.resident("陈老伯")
    number = hasty_town.files(chen, PURSE)
    push = zhou.hears((f"#{number} ", "没人碰"), button="已知晓")
    zhou.taps("已知晓", push)
    zhou.hears("知道了")
    zhou.hears((f"#{number} ", "有人知道了"))


def test_an_answer_nobody_reads_becomes_a_call(hasty_town: Town) -> None:
    """On the staff bot and on the desk; done from the staff bot."""
    town, li = hasty_town, hasty_town.li
    chen, number = town.calls_a_human("陈老伯")
    chen.hears("哪个电话")
    chen.says("13812345678")
    chen.hears("号码记下了")
    li.says("您好,我是李顾问。", reply_to=town.takes(li, number))
    chen.hears("我是李顾问")
    li.card(number, "要办:打电话", button="打通了")
    assert any(f"{number}" == str(task["number"]) for task in calls(town))
    li.says("到期")
    li.hears((f"#{number} ", "打电话"), button="打通了")
    li.taps("看电话", li.card(number, button="看电话"))
    shown = li.hears("13812345678", button="打通了")
    li.taps("打通了", shown)
    li.taps("是的", li.hears(("打通了", "对吗"), button="是的"))
    li.hears("记下了:打通了")
    assert not any(f"{number}" == str(task["number"]) for task in calls(town))


def calls(town: Town) -> list[dict[str, object]]:
    """What is due on the desk."""
    with httpx.Client(base_url=town.house.url, timeout=PATIENCE) as desk:
        desk.post("/desk/api/login", json={"login": "li", "password": PASSWORD}).raise_for_status()
        tasks: list[dict[str, object]] = desk.get("/desk/api/due").json()["tasks"]
        return tasks


def test_an_old_keyboard_after_a_restart(hasty_town: Town) -> None:
    """A kind answer, and the present question."""
    chen = hasty_town.resident("陈老伯")
    chen.hears("您好")
    chen.says("想进养老院")
    old = chen.asked("有人照顾")
    chen.says("没有人")
    present = chen.asked("")
    hasty_town.house.kill()
    hasty_town.house.start()
    chen.taps("有家人", old)
    chen.hears("那一题已经过去了")
    chen.asked(present.text)
    assert_goes_on(chen, present.labels[0])


def assert_goes_on(chen: Somebody, label: str) -> None:
    """The dialog goes on with the present question's new keyboard."""
    chen.taps(label)
    chen.asked("")
