"""The first journey, in a real Chromium against the real house: resident, advisor, supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import chromium
from tests.journeys.live_house import SHORT, LiveHouse
from tests.journeys.people import card, reply, resident, shot, staff_page

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("live")]
CARE = "我一个人住,身体不好,想进养老院,自己跑不动"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LiveHouse]:
    running = LiveHouse(tmp_path).start()
    yield running
    running.stop()
    print("".join(running.lines))  # shown when the test failed


def test_a_resident_and_an_advisor(browser: Browser, house: LiveHouse) -> None:
    links = house.join_links(2)
    li = staff_page(browser, links[0], "li")
    zhou = staff_page(browser, links[1], "zhou")
    expect(li.locator("#list")).to_contain_text("都接上了")
    chen = resident(browser, house.url)
    chen.hears("您好")
    shot(chen.page, "01-resident-first")

    chen.say(CARE)
    chen.asked("有人照顾")
    shot(chen.page, "02-resident-question")
    chen.tap("有家人")
    print(chen.page.locator("#ask-words").inner_text())
    chen.page.locator("#back").click()
    chen.asked("有人照顾")
    chen.say("1")
    shot(chen.page, "03-resident-after-back")
    for _ in range(9):
        chen.page.wait_for_timeout(500)
        words = chen.page.locator("#ask-words").inner_text()
        print(words, chen.page.locator("#choices").inner_text())
        if "对吗" in words:
            break
        if "年纪" in words:
            chen.say("七十六")
        elif "电话" in words and "可以" not in words:
            chen.say("13812345678")
        elif "哪里" in words:
            chen.say("康定路100弄3号202")
        else:
            chen.page.locator("#choices button").first.click()
    shot(chen.page, "04-resident-summary")
    chen.tap("对的")
    chen.hears("您的编号是")
    shot(chen.page, "05-resident-receipt")

    expect(card(li, CARE[:10])).to_be_visible()
    shot(li, "06-desk-card")
    card(li, CARE[:10]).locator("[data-act=claim]").click()
    expect(li.locator("#entries")).to_contain_text(CARE)
    shot(li, "07-desk-case")
    reply(li, "陈老伯您好,我是李顾问。下午两点我到您家里来,好吗?")
    expect(chen.log).to_contain_text("下午两点我到您家里来")
    shot(chen.page, "08-resident-human")
    chen.say("好额,谢谢侬")
    expect(li.locator("#entries")).to_contain_text("谢谢侬")
    shot(li, "09-desk-answered")
    li.locator("[data-act=close]").first.click()
    shot(li, "10-desk-closing")
