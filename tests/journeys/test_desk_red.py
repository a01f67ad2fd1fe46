"""A bad day's bells: reds that were given, reds claimed but silent, many pushes, dialogs below."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import settled, until
from tests.journeys.desk_browser import LAPTOP, PHONE, WIDE, Start, clean, visit
from tests.journeys.desk_cases import red
from tests.journeys.fake_desk import FakeDesk, ago, words

pytestmark = pytest.mark.journey
WORDS = words()
LI, ZHOU = {"id": "s-li", "name": "李顾问"}, {"id": "s-zhou", "name": "周顾问"}


def given(house: FakeDesk) -> int:
    """A red case that a supervisor gave to the one who looks."""
    detail = red()
    detail["card"].update(assignee=LI, mine=True, due_kind="answer")
    detail["allowed"] = ["reply", "note", "close"]
    house.cases["c237"] = detail
    return house.hint("push", "c237", sound="red", text="#237 派给您了", assigned=True)


@pytest.mark.parametrize("late", [False, True], ids=["while open", "page opens later"])
def test_red_given_to_me_stays_red_until_i_look(browser: Browser, start: Start, late: bool) -> None:
    house = start()
    before = given(house) if late else 0
    page = visit(browser, house)
    seq = before or given(house)
    bar = page.locator("#alarm .alarm-red")
    expect(bar).to_contain_text("急病 · 派给您了")
    expect(bar.locator(".left")).to_have_text(re.compile(r"^0:\d\d$"))
    with page.expect_response("**/desk/api/queue"):
        house.hint("case", "c237")
        house.hint("queue")
    settled(page)
    expect(bar).to_have_count(1)
    assert page.evaluate("window.__ringing") == "red"
    bar.locator('[data-alarm="look"]').click()
    expect(page.locator("#head h1")).to_contain_text("#237")
    expect(bar).to_have_count(0)
    assert page.evaluate("window.__ringing") is None
    assert (f"/desk/api/notices/{seq}/ack", {}) in house.calls
    clean(page)


def test_red_given_to_me_goes_when_it_was_answered_elsewhere(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house)
    given(house)
    expect(page.locator(".alarm-red")).to_have_count(1)
    house.cases["c237"]["card"].update(due_kind="unseen", due_at=ago(-15))
    house.hint("case", "c237")
    expect(page.locator(".alarm-red")).to_have_count(0)
    clean(page)


def test_claimed_but_silent_is_not_called_danger_again(browser: Browser, start: Start) -> None:
    house = start()
    detail = red()
    detail["card"].update(assignee=ZHOU, due_kind="answer")
    house.cases["c237"] = detail
    page = visit(browser, house, "/desk#queue/c237")
    house.hint("push", "c237", sound="red", key="unanswered", text="#237 没人答")
    bar = page.locator(".alarm-red")
    expect(bar).to_contain_text("周顾问接了,还没回话")
    house.hint("ring", "c237", sound="red")
    expect(bar).to_contain_text("周顾问在跟,又有危险")
    # whose need nobody has heard yet, but whose danger is known
    expect(page.locator("#head p")).to_contain_text("急病")
    expect(page.locator("#head p")).not_to_contain_text("还没听清")
    clean(page)


def test_a_claim_at_the_same_moment_is_not_danger_again(browser: Browser, start: Start) -> None:
    house = start()
    house.cases["c237"] = red()
    page = visit(browser, house)
    house.cases["c237"]["card"].update(assignee=ZHOU, due_kind="answer")
    house.hint("ring", "c237", sound="red")  # rang while it was free, fetched when it was taken
    expect(page.locator(".alarm-red")).to_contain_text("周顾问接了,还没回话")
    clean(page)


def test_pushes_come_by_urgency_then_age_and_the_rest_is_counted(
    browser: Browser, start: Start
) -> None:
    house = start(supervisor=True)
    page = visit(browser, house)
    for case_id, since in (("c224", 300), ("c229", 70), ("c226", 130), ("c231", 5)):
        house.hint(
            "push", case_id, sound="push", key="unseated", text="没有人在岗", since=ago(since)
        )
    rows = page.locator(".alarm-push")
    more = page.locator("#alarm .alarm-more button")
    expect(more).to_have_text("还有 1 件")
    expect(rows).to_have_count(3)
    for n, case_id in enumerate(("c231", "c226", "c229")):
        expect(rows.nth(n)).to_have_attribute("data-key", f"push-{case_id}")
    more.click()
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="收起").click()
    expect(rows).to_have_count(3)
    clean(page)


def test_push_counts_its_time_here_and_goes_when_done(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    house.cases["c231"]["card"].update(due_kind="answer", due_at=ago(5))
    page = visit(browser, house)
    house.hint("push", "c231", sound="push", key="unanswered", text="#231 旧", since=ago(75))
    bar = page.locator(".alarm-push")
    expect(bar).to_contain_text("#231 居民回了话,1 时 15 分没人答")
    expect(bar.locator("[data-since]")).to_have_count(1)
    expect(bar).to_contain_text("在李顾问手里")
    expect(bar.locator("button")).to_have_text(["提醒", "改派…", "看", "已知晓"])
    house.cases["c231"]["card"].update(due_kind="unseen", due_at=ago(-15))
    house.hint("case", "c231")
    expect(bar).to_have_count(0)
    house.cases["c231"]["card"].update(due_kind="answer", due_at=ago(1))
    house.hint("push", "c231", sound="push", text="#231 请看一看")
    bar.get_by_role("button", name="提醒").click()
    expect(bar).to_have_count(0)
    assert house.posts("/c231/remind") == [{}]
    clean(page)


def test_the_alarm_stays_alive_over_a_dialog(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.keyboard.press("e")
    page.fill("dialog textarea", "写到一半")
    house.cases["c237"] = red()
    house.hint("ring", "c237", sound="red")
    bar = page.locator(".alarm-red")
    expect(bar).to_be_visible()
    below = """() => {
      const a = document.querySelector('#alarm').getBoundingClientRect();
      const d = document.querySelector('dialog').getBoundingClientRect();
      return a.bottom <= d.top && !document.querySelector('#alarm').inert
        && document.querySelector('main').inert; }"""
    until(page, lambda: page.evaluate(below))
    bar.locator('[data-alarm="claim"]').click()  # a real click: nothing may lie above it
    expect(page.locator("#head h1")).to_contain_text("#237")
    expect(page.locator("dialog")).to_have_count(0)
    page.click('[data-key="card-c231"] a.t')
    expect(page.locator("#head h1")).to_contain_text("#231")
    page.locator("#head h1").focus()
    page.keyboard.press("e")
    expect(page.locator("dialog textarea")).to_have_value("写到一半")
    clean(page)


def test_the_top_red_is_claimed_from_inside_the_field(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house, "/desk#queue/c231")
    page.fill("#write", "正在写")
    house.cases["c237"] = red()
    house.hint("ring", "c237", sound="red")
    expect(page.locator(".alarm-red .light kbd")).to_have_text("Alt 1")
    page.locator("#write").focus()
    page.keyboard.press("Alt+Digit1")
    expect(page.locator("#head h1")).to_contain_text("#237")
    until(page, lambda: house.posts("/c237/claim") == [{}])
    page.click('[data-key="card-c231"] a.t')
    expect(page.locator("#write")).to_have_value("正在写")
    clean(page)


def _height(page: Page) -> Any:
    return page.locator("#alarm").evaluate("el => el.offsetHeight")


def test_a_tall_stack_leaves_room_for_the_work(browser: Browser, start: Start) -> None:
    house = start(supervisor=True)
    for n in range(5):
        detail = red()
        detail["card"].update(id=f"r{n}", number=300 + n)
        house.cases[f"r{n}"] = detail
    page = visit(browser, house, "/desk#queue/c231")
    for case_id in ("c229", "c226"):
        house.hint("push", case_id, sound="push", text="没人碰")
    expect(page.locator(".alarm-more")).to_contain_text("5 件红色的事")
    expect(page.locator(".alarm-more")).to_contain_text("还有 4 件")
    for size in (WIDE, LAPTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        until(page, lambda: _height(page) <= 160)
    clean(page)


def test_a_red_that_nobody_has_comes_before_those_somebody_has(
    browser: Browser, start: Start
) -> None:
    house = start()
    held = red()
    held["card"].update(assignee=ZHOU, due_kind="answer")
    house.cases["c237"] = held
    page = visit(browser, house, size=PHONE)
    house.hint("push", "c237", sound="red", key="claimed_silent", text="#237 有人接了,没回话")
    bar = page.locator(".alarm-red")
    expect(bar).to_contain_text("#237")
    free = red()
    free["card"].update(id="c240", number=240, title="不想活了", due_at=ago(-1))
    house.cases["c240"] = free
    house.hint("ring", "c240", sound="red")
    expect(bar.first).to_contain_text("#240")
    expect(bar.first.locator("[data-alarm=claim]")).to_be_visible()
    free["card"].update(assignee=ZHOU)
    held["card"].update(due_kind=None, due_at=None)  # answered: nothing rings for it any more
    house.hint("case", "c237")
    expect(page.locator("[data-key='red-c237']")).to_have_count(0)
    clean(page)


def test_who_is_not_done_yet_rings_until_they_are_answered(browser: Browser, start: Start) -> None:
    house = start()
    mine = red()
    mine["card"].update(assignee={"id": "s-li", "name": "李顾问"}, mine=True, due_kind="answer")
    house.cases["c237"] = mine
    page = visit(browser, house)
    house.hint("push", "c237", sound="red", key="reopened", text="#237 居民说还没办好")
    bar = page.locator("[data-key='red-c237']")
    expect(bar).to_contain_text(WORDS["alarm"]["silent_mine"])
    mine["card"].update(due_kind="unseen", due_at=ago(-1))
    house.hint("case", "c237")
    expect(bar).to_have_count(0)
    clean(page)
