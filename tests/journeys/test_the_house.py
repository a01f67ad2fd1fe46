"""The first journey, in a real Chromium against the real house: resident, advisor, supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.live_house import LiveHouse
from tests.journeys.people import card, close_case, reply, resident, shot, staff_page

pytestmark = [pytest.mark.journey, pytest.mark.alone]  # an answer is there within a second
CARE = "我一个人住,身体不好,想进养老院,自己跑不动"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LiveHouse]:
    running = LiveHouse(tmp_path).start()
    yield running
    running.stop()
    print("".join(running.lines))  # shown when the test failed


def test_a_resident_and_an_advisor(browser: Browser, house: LiveHouse) -> None:
    """Write, answer by tap, number and words, go back, correct, file, talk, close, reopen."""
    links = house.join_links(2)
    assert any(house.url in line for line in house.lines), "it says where it is"
    li = staff_page(browser, links[0], "li")
    zhou = staff_page(browser, links[1], "zhou", "周主管")
    expect(li.locator("#list")).to_contain_text("都接上了")
    chen = resident(browser, house.url)
    chen.hears("您好")
    shot(chen.page, "01-resident-first")

    chen.say(CARE)
    chen.asked("有人照顾")  # living alone and needing a hand were heard already
    shot(chen.page, "02-resident-question")
    chen.tap("有家人")
    chen.asked("年纪")
    chen.page.locator("#back").click()
    chen.asked("有人照顾")
    chen.say("1")
    chen.asked("年纪")
    chen.say("六十七")
    chen.asked("可以吗")
    chen.say("可以的")
    chen.asked("电话")
    chen.say("13812345678")
    chen.asked("哪里")
    chen.say("康定路100弄3号202")
    chen.asked("都对吗")
    shot(chen.page, "03-resident-summary")
    chen.tap("改一下")
    chen.asked("哪一条")
    chen.say("年纪")
    chen.asked("年纪")
    chen.say("七十六")
    chen.asked("都对吗")
    chen.tap("对的")
    chen.hears("您的编号是")
    shot(chen.page, "04-resident-receipt")

    expect(card(li, CARE[:10])).to_be_visible()  # nobody has reloaded anything
    shot(li, "05-desk-card")
    expect(card(zhou, CARE[:10])).to_be_visible()
    zhou.route("**/desk/api/queue", lambda route: route.abort())  # zhou does not see it in time
    card(li, CARE[:10]).locator("[data-act=claim]").click()
    expect(li.locator("#entries")).to_contain_text(CARE)
    card(zhou, CARE[:10]).locator("[data-act=claim]").click()
    expect(zhou.locator("body")).to_contain_text("李顾问已经接了")
    shot(zhou, "06-desk-taken")
    zhou.unroute("**/desk/api/queue")
    expect(li.locator("#side")).to_contain_text("六十七")  # struck out beside 七十六
    expect(li.locator("#side s, #side del").first).to_be_visible()

    reply(li, "陈老伯您好,我是李顾问。下午两点我到您家里来,好吗?")
    expect(chen.log).to_contain_text("下午两点我到您家里来", timeout=1_000)
    shot(chen.page, "07-resident-human")
    before = chen.log.locator(".m.bot").count()
    chen.say("好额,谢谢侬")
    expect(li.locator("#entries")).to_contain_text("谢谢侬")
    expect(li.locator("#entries")).to_contain_text("看过了")
    shot(li, "08-desk-talk")
    assert chen.log.locator(".m.bot").count() == before, "the bot is silent while a human speaks"

    close_case(li, "办好了")
    chen.asked("帮得怎么样")
    expect(chen.page.locator("#choices.faces svg")).to_have_count(3)
    shot(chen.page, "09-resident-faces")
    chen.tap("很好")
    chen.hears("谢谢您")
    chen.tap("还没办好")
    chen.hears("重新办")
    expect(card(li, CARE[:10])).to_be_visible()
    assert chen.page.errors == []  # type: ignore[attr-defined]
