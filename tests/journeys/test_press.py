"""A press that has begun is never lost: what changes meanwhile waits until the finger is lifted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.browsers import open_page, until
from tests.journeys.desk_browser import Start, clean, visit
from tests.journeys.desk_cases import case, red
from tests.journeys.fake_house import FakeHouse

pytestmark = pytest.mark.journey


def press(page: Page, what: Locator) -> None:
    """Put the finger down in the middle of it, and leave it there."""
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()


def test_a_claim_is_not_lost_when_the_queue_changes_under_it(
    browser: Browser, start: Start
) -> None:
    house = start()
    page = visit(browser, house)
    claim = page.locator('[data-key="card-c229"] [data-act=claim]')
    press(page, claim)
    with page.expect_response("**/desk/api/queue"):
        house.cases["c237"] = red()
        house.cases["c240"] = case("c240", 240, "新来的", "今天没饭吃", "orange")
        house.hint("ring", "c237", sound="red", urgency="red")
    page.wait_for_timeout(200)  # time to draw, if it would
    expect(page.locator('[data-key="card-c240"]')).to_have_count(0)
    expect(page.locator(".alarm-red")).to_have_count(0)
    page.mouse.up()
    until(page, lambda: house.posts("/c229/claim"))
    expect(page.locator('[data-key="card-c240"]')).to_be_visible()
    expect(page.locator(".alarm-red")).to_be_visible()
    clean(page)


def test_who_keeps_a_finger_down_still_sees_what_comes(browser: Browser, start: Start) -> None:
    house = start()
    page = visit(browser, house)
    press(page, page.locator("#list-title"))
    house.cases["c240"] = case("c240", 240, "新来的", "今天没饭吃", "orange")
    house.hint("queue")
    expect(page.locator('[data-key="card-c240"]')).to_be_visible(timeout=15_000)
    page.mouse.up()
    clean(page)


def test_a_residents_answer_is_not_lost_when_the_question_changes_under_it(
    browser: Browser, house: FakeHouse
) -> None:
    house.bot("听到了。")
    asked = house.ask("家里有人照顾吗?", "没有人", "有家人", "有保姆")
    page = open_page(browser, house.url)
    press(page, page.locator("#choices .c", has_text="没有人"))
    house.join()
    house.advisor("您好,我是李顾问。")
    page.wait_for_timeout(300)  # time to draw, if it would
    expect(page.locator("#lines .advisor")).to_have_count(0)
    page.mouse.up()
    until(page, lambda: bool(house.posts))
    assert house.posts[0]["choice"] == asked["choices"][0]["value"]
    expect(page.locator("#lines .advisor")).to_be_visible()
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
