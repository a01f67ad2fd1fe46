"""Board, door, empty states, widths: everybody can read it and reach it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import open_page, until
from tests.journeys.desk_browser import (
    PHONE,
    WIDE,
    Start,
    clean,
    no_reload,
    readable,
    visit,
)
from tests.journeys.desk_cases import call_task, red
from tests.journeys.fake_desk import words

pytestmark = pytest.mark.journey
WORDS = words()


def test_board_starts_with_silence_and_stays_live(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    page = visit(browser, house, "/desk/board")
    no_reload(page)
    expect(page.locator("#figures .k.bad b")).to_have_text("3")
    rows = page.locator("#watch tbody tr")
    expect(rows.first).to_contain_text("#219")
    expect(rows.first.locator("[data-since]")).to_have_text(re.compile("^2 时 1"))
    expect(rows.first.locator(".rungs")).to_have_attribute("aria-label", "第 3 级,共 4 级")
    expect(page.locator("#chart svg")).to_have_attribute("aria-label", re.compile("^14 天共受理"))
    expect(page.locator(".unit.gap")).to_contain_text("武宁居委")
    rows.nth(2).get_by_text("提醒").click()
    expect(page.locator("#toast")).to_have_text("提醒了 #211。")
    rows.first.get_by_text("改派").click()
    page.click('dialog [data-id="s-zhou"]')
    expect(page.locator("#toast")).to_have_text("#219 派给周顾问了。")
    house.board["watch"] = []
    house.hint("case", "c219")
    expect(page.locator("#watch")).to_contain_text(WORDS["board"]["watch_none"])
    assert page.evaluate("window.__same") is True
    clean(page)


def test_who_leaves_is_disabled_behind_a_question(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    page = visit(browser, house, "/desk/board")
    expect(page.locator("#duty-list [data-act=disable]")).to_have_count(4)  # oneself never
    page.get_by_role("button", name="停用李顾问").click()
    expect(page.locator("dialog h2")).to_have_text("停用李顾问?")
    page.keyboard.press("Escape")
    assert house.posts("/disable") == []
    page.get_by_role("button", name="停用李顾问").click()
    house.refuse["/disable"] = (409, {"error": "last_supervisor", "say": "最后一位主管不能停用。"})
    page.click("dialog [type=submit]")
    expect(page.locator("dialog .error")).to_have_text("最后一位主管不能停用。")
    house.refuse.clear()
    page.click("dialog [type=submit]")
    expect(page.locator("#toast")).to_contain_text("李顾问停用了,2 件事回到队列。")
    last, _ = house.calls[-1]
    assert last == "/desk/api/staff/s-li/disable"
    page.context.close()


def test_phone_shows_one_pane_at_a_time(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, size=PHONE)
    expect(page.locator("#write")).to_be_hidden()
    page.click('[data-key="card-c231"] a.t')
    expect(page.locator("#write")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#entries .m").last).to_be_in_viewport()
    page.get_by_role("button", name="情况").click()
    expect(page.locator(".next")).to_be_visible()
    expect(page.locator("#write")).to_be_hidden()
    page.click('#head [data-act="to-list"]')
    expect(page.locator("#list .card").first).to_be_visible()
    page.go_back()
    expect(page.locator("#head h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    clean(page)


def test_empty_failing_and_too_many_say_so(browser: Browser, start: Start) -> None:
    house = start()
    cases = dict(house.cases)
    house.cases.clear()
    page = visit(browser, house)
    expect(page.locator("#list")).to_contain_text("都接上了。喝口茶。")
    house.cases.update(cases)
    house.too_many = True
    house.hint("queue")
    expect(page.locator("#list .lead")).to_have_text("只列最急的 4 件。别的按 / 用编号找。")
    page.fill("#find", "999")
    expect(page.locator("#list")).to_contain_text("没找到「999」")
    page.goto(f"{house.url}/desk#queue/c999")
    page.reload()
    expect(page.locator("#entries")).to_contain_text(WORDS["errors"]["not_found"])
    expect(page.locator("#composer")).to_be_hidden()
    page.context.close()


def test_login_and_join_say_what_is_wrong(browser: Browser, start: Start) -> None:
    house = start()
    house.logged_in = False
    page = open_page(browser, f"{house.url}/desk", size=WIDE, wait=False)
    page.wait_for_url("**/desk/login")
    page.fill("#login", "li")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#error")).to_have_text(WORDS["errors"]["bad_login"])
    expect(page.locator("#password")).to_be_focused()
    for seconds, wait in ((9, "9 秒"), (841, "15 分")):
        house.refuse["/login"] = (429, {"error": "too_many", "say": "…", "retry_after": seconds})
        page.keyboard.press("Enter")
        expect(page.locator("#error")).to_have_text(f"试得太多了。请等 {wait}再来。")
    house.refuse.clear()
    page.fill("#password", "right")
    page.keyboard.press("Enter")
    expect(page.locator("#list .card").first).to_be_visible()
    page.goto(f"{house.url}/desk/join/tok-1")
    page.fill("#login", "li")
    page.fill("#password", "three random words")
    page.fill("#again", "three random word")
    page.keyboard.press("Enter")
    expect(page.locator("#error")).to_have_text(WORDS["join"]["mismatch"])
    page.fill("#again", "three random words")
    page.keyboard.press("Enter")
    until(page, lambda: house.posts("/join"))
    assert house.posts("/join") == [
        {"token": "tok-1", "login": "li", "password": "three random words", "name": "周顾问"}
    ]
    page.context.close()


STATES = {
    "queue": ("/desk#queue/c231", False), "red": ("/desk#queue/c237", False),
    "due": ("/desk#due/c231", False), "board": ("/desk/board", True),
    "push": ("/desk#queue/c224", True), "login": ("/desk/login", False),
    "join": ("/desk/join/x", False), "close": ("/desk#queue/c231", False),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_everybody_can_read_it_at_every_width(browser: Browser, start: Start, name: str) -> None:
    where, supervisor = STATES[name]
    house = start(supervisor)
    house.tasks = [call_task()]
    if name == "red":
        house.cases["c237"] = red()
    if name in ("login", "join"):
        page = open_page(browser, house.url + where, size=WIDE, wait=False, reduced_motion="reduce")
        page.wait_for_selector("#enter")
    else:
        page = visit(browser, house, where, reduced_motion="reduce")
    if name == "push":
        house.hint("push", "c229", sound="push", text="#229 没人碰")
        page.wait_for_selector('[data-alarm="give"]')
    if name == "close":
        page.click('#head [data-act="close"]')
        page.wait_for_selector("dialog")
    readable(page)
    clean(page)
