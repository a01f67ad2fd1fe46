"""大字 on a small phone, and what must never be out of reach: the question whole, then the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import KEYBOARD, open_page, settled, until
from tests.journeys.fake_house import FakeHouse, Running, page_words
from tests.journeys.resident_states import (
    State,
    danger,
    fire,
    human,
    in_sight,
    menu,
    nothing_of,
    question,
    summary,
)

pytestmark = pytest.mark.journey
WORDS = page_words()
LARGE = pytest.mark.parametrize("large", [False, True], ids=["20px", "30px"])
# Elements of a selector that are cut by the window or by the card they scroll in.
CUT = """selector => [...document.querySelectorAll(selector)].filter(node => {
  const box = node.getBoundingClientRect(), card = node.closest('#card').getBoundingClientRect();
  return !box.height || box.top < Math.max(0, card.top) - 1
    || box.bottom > Math.min(innerHeight, card.bottom) + 1
    || node.scrollHeight > node.clientHeight + 1;
}).map(node => node.textContent)"""


@pytest.fixture
def house() -> Iterator[FakeHouse]:
    running = Running()
    yield running.start()
    running.stop()


def whole(page: Page, *selectors: str) -> None:
    for selector in selectors:
        assert page.locator(selector).count() > 0, selector
        nothing_of(page, CUT, selector)


@LARGE
@pytest.mark.parametrize("state", [danger, fire], ids=["suicide", "fire"])
def test_a_danger_is_whole_and_its_number_first(
    browser: Browser, house: FakeHouse, state: State, large: bool
) -> None:
    state(house)
    page = open_page(browser, house.url, large=large)
    whole(page, "#lesson", "#tels > .tels", "#ask-words", "#choices .c")
    in_sight(page, "talk", "human")
    page.get_by_text(WORDS["more_numbers"]).click()
    expect(page.locator("#tels .more .call").first).to_be_visible()
    whole(page, "#lesson", "#tels > .tels")
    red = "node => getComputedStyle(node).backgroundColor"
    assert page.locator("#tels > .tels .call").evaluate(red) == "rgb(153, 27, 27)"
    in_sight(page, "talk", "human")
    page.get_by_role("button", name=WORDS["talk"], exact=True).click()
    expect(page.locator("#panel time")).to_have_text(re.compile(r"^0:0[1-9]$"))
    in_sight(page, "panel", "talk", "human")
    page.locator("#talk").click()
    expect(page.get_by_text(WORDS["recording_ask"])).to_be_visible()
    in_sight(page, "panel", "quick", "human")


@LARGE
@pytest.mark.parametrize("state", [question, menu], ids=["question", "menu"])
def test_every_answer_is_whole(
    browser: Browser, house: FakeHouse, state: State, large: bool
) -> None:
    state(house)
    page = open_page(browser, house.url, large=large)
    whole(page, "#ask-words", "#choices .c")
    expect(page.locator("#below")).to_be_hidden()


def test_the_facts_are_read_before_they_are_confirmed(browser: Browser, house: FakeHouse) -> None:
    summary(house)
    page = open_page(browser, house.url, large=True, reduced_motion="reduce")
    facts = page.evaluate(
        """() => { const card = document.getElementById('card').getBoundingClientRect();
        return [...document.querySelectorAll('#lesson .row')]
          .filter(row => row.getBoundingClientRect().bottom <= card.bottom).length; }"""
    )
    assert facts >= 3, "the first screen shows facts, not the introduction"
    in_sight(page, "human", "below")
    below = page.locator("#below")
    for _ in range(6):
        if below.is_visible():
            below.click()
            settled(page)
    expect(below).to_be_hidden()
    whole(page, "#choices .c")


def test_write_brings_the_field_and_it_goes_again(browser: Browser, house: FakeHouse) -> None:
    summary(house)
    page = open_page(browser, house.url, large=True)
    expect(page.locator("#field")).to_be_hidden()
    page.get_by_role("button", name=WORDS["write"], exact=True).click()
    expect(page.locator("#field")).to_be_focused()
    in_sight(page, "field", "send", "human")
    page.set_viewport_size(KEYBOARD)  # type: ignore[arg-type]
    page.fill("#field", "电话不对")
    in_sight(page, "field", "send", "human", "ask-words")
    page.click("#send")
    until(page, lambda: len(house.posts) == 1)
    page.set_viewport_size({"width": 360, "height": 640})
    house.ask("您要改哪一条?", "谁照顾:没有人", "和谁住:一个人住", "走动:要人扶")
    expect(page.locator("#choices .c")).to_have_count(3)
    expect(page.locator("#field")).to_be_hidden()


def test_back_is_offered_only_where_it_leads(browser: Browser, house: FakeHouse) -> None:
    back = "#back"
    question(house)
    page = open_page(browser, house.url)
    expect(page.locator("#choices .c")).to_have_count(3)
    expect(page.locator(back)).to_be_hidden()  # nothing was asked before
    house.me("没有人")
    house.ask("您走路要人扶吗?", "要", "不要")
    expect(page.locator(back)).to_be_visible()
    house.me(WORDS["human"])
    house.bot("好的。顾问在这里回您。")
    house.ask("顾问打哪个电话找您?", first=True)
    expect(page.locator("#ask-words")).to_have_text("顾问打哪个电话找您?")
    expect(page.locator(back)).to_be_hidden()  # a new errand


@LARGE
def test_a_repeated_script_keeps_number_and_replies(
    browser: Browser, house: FakeHouse, large: bool
) -> None:
    danger(house)
    page = open_page(browser, house.url, large=large)
    script = house.entries[-1]
    page.get_by_role("button", name="一个人").click()
    until(page, lambda: len(house.posts) == 1 and house.entries[-1]["from"] == "me")
    house.bot("我在这里,您接着说。")
    expect(page.locator("#ask")).to_be_hidden()
    house.me("我要跳楼了")
    house.bot("请先打 962525,有人听您说。", tone="danger", choices=script["choices"])
    expect(page.locator("#lesson")).to_contain_text("请先打 962525")
    expect(page.locator("#ask-words")).to_have_text("您现在一个人吗?")
    whole(page, "#lesson", "#tels > .tels", "#choices .c")
    house.me("我真的要跳了")  # the house has not answered yet
    expect(page.locator("#lines")).to_contain_text("我真的要跳了")
    expect(page.locator("#choices .c")).to_have_count(2)


@LARGE
def test_after_words_that_were_written_the_number_is_whole(
    browser: Browser, house: FakeHouse, large: bool
) -> None:
    """The empty field has the focus still, and nobody of the house is there."""
    page = open_page(browser, house.url, large=large)
    page.fill("#field", "我不想活了")
    page.press("#field", "Enter")
    until(page, lambda: len(house.posts) == 1)
    danger(house, "现在没有人在线。")
    expect(page.locator("#lesson")).to_contain_text("现在没有人在线。")
    whole(page, "#lesson", "#tels > .tels", "#ask-words", "#choices .c")
    in_sight(page, "talk", "human")


def test_a_case_number_comes_from_its_field(browser: Browser, house: FakeHouse) -> None:
    house.bot("收到了,231 号。顾问会在10点231分前回您。", tone="receipt", number=231)
    house.bot("您的编号是 77。", tone="receipt")
    page = open_page(browser, house.url)
    expect(page.locator(".receipt")).to_have_count(1)
    expect(page.locator(".receipt b").first).to_have_text("231")
    expect(page.locator("#lines .m.bot")).to_have_text("您的编号是 77。")


def test_the_way_in_without_writing_is_a_button(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    way = page.locator("#choices").get_by_role("button", name=WORDS["start_menu"])
    assert way.evaluate("node => getComputedStyle(node).backgroundColor") != page.locator(
        "#field"
    ).evaluate("node => getComputedStyle(node).backgroundColor")
    expect(way.locator("svg")).to_be_visible()
    way.click()
    expect(page.locator("#lines .me p").first).to_have_text(WORDS["start_menu"])
    until(page, lambda: any(entry["from"] == "me" for entry in house.entries))
    page.reload()
    expect(page.locator("#lines .me p").first).to_have_text(WORDS["start_menu"])


@LARGE
def test_a_recording_is_sent_at_once(browser: Browser, house: FakeHouse, large: bool) -> None:
    question(house)
    page = open_page(browser, house.url, large=large)
    page.get_by_role("button", name=WORDS["talk"], exact=True).click()
    expect(page.locator("#panel time")).to_have_text(re.compile(r"^0:0[1-9]$"))
    in_sight(page, "human", "talk", "panel", "ask-words")
    page.locator("#panel").get_by_role("button", name=WORDS["send"]).click()
    until(page, lambda: len(house.media) == 1)
    expect(page.locator("#panel")).to_be_hidden()


@LARGE
def test_a_new_question_puts_a_half_made_recording_aside(
    browser: Browser, house: FakeHouse, large: bool
) -> None:
    human(house)
    house.add(kind="human_left", text="李顾问先走了")
    house.state = {"live": None, "phone": None}
    page = open_page(browser, house.url, large=large)
    page.get_by_role("button", name=WORDS["talk"], exact=True).click()
    expect(page.locator("#panel time")).to_have_text(re.compile(r"^0:0[1-9]$"))
    page.get_by_role("button", name=WORDS["human"]).click()  # while it records
    aside = page.get_by_role("button", name=WORDS["aside_voice"])
    expect(aside).to_be_visible()
    expect(page.locator("#panel")).to_be_hidden()
    aside.click()
    expect(page.get_by_text(WORDS["recording_ask"])).to_be_visible()
    house.ask("我记下电话和住址给顾问,可以吗?", "可以", "先不要")
    expect(page.locator("#choices .c")).to_have_count(2)
    whole(page, "#ask-words", "#choices .c")
    in_sight(page, "aside", "human")
    page.locator("#choices .c").first.click()
    aside.click()
    page.locator("#panel").get_by_role("button", name=WORDS["send"]).click()
    until(page, lambda: len(house.media) == 1)
    expect(aside).to_be_hidden()
    assert page.errors == []  # type: ignore[attr-defined]
