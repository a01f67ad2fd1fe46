"""The resident's page on a slow and breaking line: nothing typed is lost, nothing is sent twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import open_page, scrolled, until
from tests.journeys.desk_cases import png
from tests.journeys.fake_house import PHONE as OFFICE
from tests.journeys.fake_house import SAFETY, FakeHouse, Json, page_words
from tests.journeys.resident_states import human, question

pytestmark = pytest.mark.journey
WORDS = page_words()
MINE = "#lines .me"
# The log's top, the number's edges, the dock's top.
BETWEEN = """() => {
  const at = (which) => document.querySelector(which).getBoundingClientRect();
  const number = at("#trouble a[href='tel:962525']");
  return [at("#log").top, number.top, number.bottom, at("#dock").top]; }"""


def say(page: Page, words: str) -> None:
    page.fill("#field", words)
    page.click("#send")


def test_a_message_goes_and_comes_back_once(browser: Browser, house: FakeHouse) -> None:
    house.answer = [{"text": "家里有人照顾您吗?", "choices": [], "tone": "question"}]
    page = open_page(browser, house.url)
    say(page, "  我想进养老院\n自己跑不动 ")
    expect(page.locator("#ask-words")).to_have_text("家里有人照顾您吗?")
    expect(page.locator(MINE)).to_have_count(1)
    expect(page.locator(".mark")).to_have_text(WORDS["mark_arrived"])
    assert [post["text"] for post in house.posts] == ["  我想进养老院\n自己跑不动 "]
    expect(page.locator("#field")).to_have_value("")
    expect(page.locator("#greeting")).to_contain_text(WORDS["greeting_ask"])
    until(page, lambda: page.evaluate("Object.keys(localStorage).every(k => k < 'nx.out')"))


def test_a_tap_is_shown_with_its_words_and_sent_once(browser: Browser, house: FakeHouse) -> None:
    question(house)
    page = open_page(browser, house.url)
    page.locator("#choices button").nth(1).dblclick()
    expect(page.locator(MINE).last).to_have_text("有家人")
    expect(page.locator("#hint")).to_have_text(WORDS["waiting"])
    page.wait_for_timeout(300)
    until(page, lambda: [post["choice"] for post in house.posts] == ["s1234567:2:k1"])


def test_the_constant_row_sends_commands(browser: Browser, house: FakeHouse) -> None:
    question(house)
    house.me("没有人")
    house.ask("您今年多大岁数?")
    page = open_page(browser, house.url)
    page.get_by_role("button", name=WORDS["back"]).click()
    until(page, lambda: len(house.posts) == 1)
    page.get_by_role("button", name=WORDS["human"]).click()
    until(page, lambda: len(house.posts) == 2)
    expect(page.locator(MINE).last).to_contain_text(WORDS["human"])
    human(house)
    page.get_by_role("button", name=WORDS["where"]).click()
    until(page, lambda: len(house.posts) == 3)
    assert [post["choice"] for post in house.posts] == ["cmd:back", "cmd:human", "cmd:where"]


def test_the_line_breaks_and_the_same_id_is_repeated(browser: Browser, house: FakeHouse) -> None:
    house.broken = True
    page = open_page(browser, house.url)
    say(page, "第一句")
    say(page, "第二句")
    until(page, lambda: len(house.posts) >= 2)
    expect(page.locator("#trouble")).to_contain_text(WORDS["not_sent"])
    expect(page.locator(".mark").first).to_have_text(WORDS["mark_retry"])
    page.reload()  # what was said survives
    until(page, lambda: len(house.posts) >= 4)
    assert len(set(house.ids())) == 1, "the second waits for the first"
    house.broken = False
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: len([one for one in house.entries if one["from"] == "me"]) == 2)
    assert [one["text"] for one in house.entries] == ["第一句", "第二句"]
    assert len(set(house.ids())) == 2
    expect(page.locator(MINE)).to_have_count(2)
    expect(page.locator("#trouble")).to_be_hidden()


def test_an_answer_lost_on_the_way_makes_no_second_message(
    browser: Browser, house: FakeHouse
) -> None:
    page = open_page(browser, house.url)
    lost = {"count": 0}

    def lose(route: object) -> None:
        lost["count"] += 1
        if lost["count"] == 1:
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/chat/messages", lose)
    say(page, "只说一次")
    until(page, lambda: len(house.entries) == 1)
    expect(page.locator(".mark")).to_have_text(WORDS["mark_arrived"])
    page.wait_for_timeout(1500)
    assert len(set(house.ids())) == 1
    expect(page.locator(MINE)).to_have_count(1)


def test_retry_after_is_kept(browser: Browser, house: FakeHouse) -> None:
    house.refuse = [(503, {"Retry-After": "2"}, {"error": "full", "say": "请等一等。"})]
    page = open_page(browser, house.url)
    say(page, "您好")
    until(page, lambda: len(house.posts) == 2)
    first, second = house.times
    assert second - first >= 1.9
    assert len(set(house.ids())) == 1


@pytest.mark.parametrize("words", ["我不想活了", "我想问低保"])
def test_a_failed_post_shows_the_safety_words(
    browser: Browser, house: FakeHouse, words: str
) -> None:
    house.broken = True
    page = open_page(browser, house.url)
    say(page, words)
    trouble = page.locator("#trouble")
    if words == "我不想活了":
        expect(trouble).to_contain_text(SAFETY[0]["say"])
        expect(trouble.locator("a[href='tel:962525']")).to_be_in_viewport()
    else:
        expect(trouble.locator("a[href='tel:120']")).to_be_in_viewport()
        expect(trouble.get_by_text(SAFETY[0]["say"])).to_have_count(0)
        expect(trouble.get_by_role("link", name=OFFICE)).to_be_visible()


@pytest.mark.parametrize("large", [False, True], ids=["20px", "30px"])
def test_a_danger_unheard_in_a_dialog_shows_its_number_whole(
    browser: Browser, house: FakeHouse, large: bool
) -> None:
    question(house)
    house.ask("平时家里有没有人能照顾您、陪着您?要是有,是谁?", "没有人", "有家人", "有保姆", "邻居")
    page = open_page(browser, house.url, large=large)
    expect(page.locator("#ask-words")).to_be_visible()
    house.broken = True
    if not page.locator("#field").is_visible():
        page.click("#write")
    say(page, "我不想活了")
    number = page.locator("#trouble a[href='tel:962525']")
    expect(number).to_be_visible()
    until(page, lambda: len(house.posts) >= 2)
    page.wait_for_timeout(600)  # a second try and the waiting line must not push it away
    top, upper, lower, bottom = page.evaluate(BETWEEN)
    assert top <= upper < lower <= bottom
    expect(page.locator("#ask-words")).to_be_hidden()
    expect(page.locator("#hint")).to_be_hidden()
    house.broken = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("#ask-words")).to_be_visible()


def test_a_refused_message_comes_back_for_changing(browser: Browser, house: FakeHouse) -> None:
    house.refuse = [(413, {}, {"error": "too_large", "say": "太长了。您分几次说,好吗?"})]
    page = open_page(browser, house.url)
    say(page, "很长的话")
    expect(page.get_by_text("太长了。您分几次说,好吗?")).to_be_visible()
    say(page, "后面的话不受影响")
    until(page, lambda: len(house.entries) == 1)
    page.get_by_role("button", name=WORDS["fix_text"]).click()
    expect(page.locator("#field")).to_have_value("很长的话")
    page.click("#send")
    until(page, lambda: len(house.entries) == 2)
    assert house.ids()[0] != house.ids()[2]


def test_an_expired_page_mends_itself_once_and_then_says_so(
    browser: Browser, house: FakeHouse
) -> None:
    expired: tuple[int, dict[str, str], Json] = (
        401,
        {},
        {"error": "expired", "say": "这一页过期了。"},
    )
    house.refuse = [expired]
    page = open_page(browser, house.url)
    say(page, "我想问低保")
    until(page, lambda: len(house.entries) == 1)
    assert len(set(house.ids())) == 1
    house.refuse = [expired, expired]
    say(page, "还在吗")
    expect(page.get_by_role("button", name=WORDS["reload"])).to_be_visible()
    page.get_by_role("button", name=WORDS["reload"]).click()
    until(page, lambda: len(house.entries) == 2)


def test_what_stands_in_the_field_survives_a_reload(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    page.fill("#field", "写了一半")
    page.reload()
    expect(page.locator("#field")).to_have_value("写了一半")
    page.press("#field", "Enter")
    until(page, lambda: len(house.posts) == 1)
    page.reload()
    page.wait_for_selector("html.ready", state="attached")
    expect(page.locator("#field")).to_have_value("")


@pytest.mark.parametrize("stream", ["blocked", "silent"])
def test_without_the_stream_the_page_still_works(
    browser: Browser, house: FakeHouse, stream: str
) -> None:
    house.stream = stream
    house.answer = [{"text": "家里有人照顾您吗?", "choices": [], "tone": "question"}]
    page = open_page(browser, house.url)
    say(page, "我想进养老院")
    expect(page.locator("#ask-words")).to_have_text("家里有人照顾您吗?")
    house.join()
    house.advisor("您好,我是李顾问。")
    expect(page.locator("#lines .advisor")).to_be_visible()
    expect(page.locator("#live")).to_be_visible()
    expect(page.locator(MINE)).to_have_count(1)


def test_no_line_at_all_is_said_and_mended(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    page.context.set_offline(True)
    expect(page.locator("#trouble")).to_contain_text(WORDS["offline"])
    say(page, "断网时写的")
    expect(page.locator("#trouble")).to_contain_text(WORDS["not_sent"])
    page.context.set_offline(False)
    until(page, lambda: len(house.entries) == 1)
    expect(page.locator("#trouble")).to_be_hidden()


def test_entries_come_in_order_and_once(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    for number in range(1, 41):
        house.bot(f"第{number}句")
    expect(page.locator("#lines .bot")).to_have_count(40)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    expect(page.locator("#lines .bot")).to_have_text([f"第{each}句" for each in range(1, 41)])


def test_seen_is_told_only_for_what_is_on_the_screen(browser: Browser, house: FakeHouse) -> None:
    for number in range(30):
        house.bot(f"第{number}句")
    house.join()
    page = open_page(browser, house.url)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true});"
        "window.away = true"
    )
    first = house.advisor("您在吗?")
    expect(page.locator("#lines .advisor")).to_have_count(1)
    page.wait_for_timeout(900)
    assert house.seen == [], "the page was in the background"
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    until(page, lambda: house.seen == [first["seq"]])

    scrolled(page.locator("#log"), 0)
    second = house.advisor("下午两点我来,好吗?")
    expect(page.locator("#newer")).to_be_visible()
    page.wait_for_timeout(900)
    assert house.seen == [first["seq"]], "the words were out of sight"
    page.get_by_role("button", name=WORDS["new_words"]).click()
    until(page, lambda: house.seen == [first["seq"], second["seq"]])


def test_words_do_not_wait_behind_a_photo_that_has_no_room(
    browser: Browser, house: FakeHouse, tmp_path: Path
) -> None:
    page = open_page(browser, house.url)
    house.refuse = [(503, {"Retry-After": "300"}, {"error": "busy", "say": "请等一等。"})]
    picture = tmp_path / "bill.png"
    picture.write_bytes(png())
    page.set_input_files("#file", picture)
    page.locator("#panel").get_by_role("button", name=WORDS["send"]).click()
    until(page, lambda: len(house.posts) == 1)
    say(page, "药费三万块")
    until(page, lambda: [entry["text"] for entry in house.entries] == ["药费三万块"])
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: len(house.entries) == 2)
