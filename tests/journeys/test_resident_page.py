"""The resident's page for old eyes and thumbs: sizes, contrast, what stays in sight."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import KEYBOARD, PHONE, device, open_page, until
from tests.journeys.fake_house import PHONE as OFFICE
from tests.journeys.fake_house import ROOT, WEB, FakeHouse, page_words
from tests.journeys.resident_states import (
    AXE,
    SMALL,
    STATES,
    VIEWS,
    State,
    danger,
    fire,
    human,
    in_sight,
    question,
    summary,
)

pytestmark = pytest.mark.journey
WORDS = page_words()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_everybody_can_read_and_reach_it(
    browser: Browser, house: FakeHouse, state: State, view: str
) -> None:
    state(house)
    page = open_page(browser, house.url, reduced_motion="reduce", **VIEWS[view])
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    sizes = page.evaluate(SMALL)
    assert sizes["targets"] >= 5
    assert sizes["texts"] >= 5
    assert sizes["wrong"] == []
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide, "the page must not scroll sideways"
    assert page.errors == []  # type: ignore[attr-defined]  # the policy of §9 is not broken
    page.context.close()


@pytest.mark.parametrize("large", [False, True], ids=["20px", "30px"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_question_field_and_row_stay_in_sight(
    browser: Browser, house: FakeHouse, state: State, large: bool
) -> None:
    state(house)
    page = open_page(browser, house.url, large=large)
    talk = state is human
    # The field may give way in 大字 and to a long summary: then 写 brings it.
    folded = (large or state is summary) and page.locator("#write").is_visible()
    needed = ["write"] if folded else ["field", "send"]
    needed += ["talk", "phone" if talk else "human"]
    long = large and state is summary  # its facts first, and a button that says there is more
    needed += ["live"] if talk else ["below"] if long else ["ask-words"]
    in_sight(page, *needed)
    if folded:
        page.click("#write")
    else:
        page.focus("#field")
        expect(page.locator("#where")).to_be_visible()
    page.set_viewport_size(KEYBOARD)  # type: ignore[arg-type]
    expect(page.locator("html")).to_have_class(re.compile("typing"))
    needed = [one for one in needed if one not in ("talk", "write", "below")]
    needed += ["field", "send"] if talk else ["field", "send", "ask-words"]
    in_sight(page, *needed)
    for gone in ("#choices", "#back", "#where", "#talk", "#photo", "header"):
        expect(page.locator(gone)).to_be_hidden()
    if state in (danger, fire):
        in_sight(page, "quick")

    page.locator("#field").blur()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(page.locator("html")).not_to_have_class(re.compile("typing"))
    page.context.close()


def test_large_letters_by_one_tap_and_kept(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    button = page.get_by_role("button", name=WORDS["large"])
    button.click()
    expect(page.locator("#field")).to_have_css("font-size", "30px")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator("#field")).to_have_css("font-size", "20px")


@pytest.mark.parametrize("how", ["scripts off", "module lost"])
def test_without_scripts_the_numbers_are_there(
    browser: Browser, house: FakeHouse, how: str
) -> None:
    off = how == "scripts off"
    context = device(browser, java_script_enabled=not off)
    page = context.new_page()
    if not off:
        page.route("**/main.js", lambda route: route.abort())
    page.goto(house.url)
    for number in ("962525", "120", "110", "021-6280-1234"):
        link = page.locator(f"#safety a[href='tel:{number}']").first
        expect(link).to_be_visible()
        box = link.bounding_box()
        assert box
        assert box["height"] >= 60
        expect(link).to_contain_text(number)
    expect(page.locator("#dock")).to_be_hidden()
    assert page.locator(".plain p").first.inner_text() == WORDS["noscript"]
    station = page.locator(f".plain a[href='tel:{OFFICE}']")
    expect(station).to_be_in_viewport()  # what is no danger goes there: not behind all the cards
    context.close()


def test_telephone_links_have_names_and_others_are_behind_one_tap(
    browser: Browser, house: FakeHouse
) -> None:
    danger(house)
    page = open_page(browser, house.url)
    first = page.locator("#tels").get_by_role("link", name="打 962525")
    assert first.get_attribute("href") == "tel:962525"
    other = page.locator("#tels").get_by_role("link", name="12356")
    assert not other.is_visible()
    page.locator("#tels").get_by_text(WORDS["more_numbers"]).click()
    expect(other).to_be_visible()
    expect(page.locator("#ask-words")).to_have_text("您现在一个人吗?")


def test_a_danger_script_is_asked_once_and_its_numbers_stay(
    browser: Browser, house: FakeHouse
) -> None:
    danger(house)
    house.bot(
        "现在没有人在线。请打 120。",
        tone="danger",
        choices=[{"label": "急救 120", "value": "tel:120"}, *house.entries[-1]["choices"][-2:]],
    )
    page = open_page(browser, house.url)
    expect(page.locator("#ask-words")).to_have_text("您现在一个人吗?")
    expect(page.locator("#lines .danger-card a[href='tel:120']")).to_be_visible()
    page.get_by_role("button", name="有人在").click()
    until(page, lambda: house.entries[-1]["from"] == "me")
    house.bot("请他陪着您。")
    expect(page.locator("#ask")).to_be_hidden()
    expect(page.locator("#lines .danger-card a[href='tel:962525']")).to_have_count(1)
    expect(page.locator("#tels")).to_be_hidden()


def test_an_advisor_takes_over_and_leaves(browser: Browser, house: FakeHouse) -> None:
    question(house)
    page = open_page(browser, house.url)
    expect(page.locator("#choices button")).to_have_count(3)
    house.join()
    house.advisor("您好,我是李顾问。")
    expect(page.get_by_text(WORDS["live"].format(name="李顾问"))).to_be_visible()
    expect(page.locator("#choices button")).to_have_count(0)
    expect(page.locator("#phone")).to_have_attribute("href", re.compile(r"^tel:\d+$"))
    expect(page.locator("#human")).to_be_hidden()
    house.add(kind="human_left", text="李顾问先走了")
    house.state = {"live": None, "phone": None}
    expect(page.locator("#human")).to_be_visible()
    expect(page.locator("#live")).to_be_hidden()


def test_the_question_is_read_from_one_place_and_focus_follows(
    browser: Browser, house: FakeHouse
) -> None:
    question(house)
    house.answer = [{"text": "您今年多大岁数?", "choices": [], "tone": "question"}]
    page = open_page(browser, house.url)
    assert page.locator("#lines").get_by_text("照顾您").count() == 0
    page.locator("#choices button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ask-words")).to_have_text("您今年多大岁数?")
    expect(page.locator("#ask")).to_be_focused()
    expect(page.locator("#lines")).to_contain_text("照顾您")
    expect(page.locator("#lines .me").last).to_have_text("有家人")
    assert page.locator("#log").get_attribute("aria-live") == "polite"


def test_words_are_never_markup(browser: Browser, house: FakeHouse) -> None:
    naughty = "<img src=x onerror=alert(1)> </script> \u202eabc\u200b {{7*7}}"
    house.me(naughty)
    house.ask(naughty, naughty)
    house.advisor(naughty, name="<b>李", title="<i>")
    page = open_page(browser, house.url)
    assert page.locator("#lines img").count() == 0
    assert page.locator("#lines .me p").first.evaluate("node => node.textContent") == naughty
    assert page.errors == []  # type: ignore[attr-defined]


def test_every_word_of_the_page_stands_in_both_languages() -> None:
    used: set[str] = set()
    scripts = sorted((WEB / "static" / "resident").glob("*.js"))
    assert len(scripts) > 10
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        calls = re.findall(r"\bsay\(([^()]*(?:\([^()]*\))?)", text)
        used.update(key for call in calls for key in re.findall(r'"([a-z_]+)"', call))
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
        assert not re.search(r"([\"'`])[^\"'`\n]*[\u4e00-\u9fff]", code), f"a sentence in {path}"
    for path in (WEB / "templates").glob("resident*.html"):
        text = path.read_text(encoding="utf-8")
        used.update(re.findall(r"words\.([a-z_]+)", text))
        assert not re.search(r"[\u4e00-\u9fff]", text), f"a sentence in {path}"
    used -= {"me"}
    assert len(used) > 40
    chinese, english = page_words("zh"), page_words("en")
    assert used <= set(chinese), used - set(chinese)
    assert list(chinese) == list(english)
    for key, words in chinese.items():
        names = re.findall(r"\{\w+\}", words)
        assert sorted(names) == sorted(re.findall(r"\{\w+\}", english[key])), key
        for sentence in filter(None, re.split(r"[。!?]", words)):
            assert len(sentence) <= 20, f"{key}: {sentence}"


def test_no_file_grows_too_long() -> None:
    paths: list[Path] = [
        *(WEB / "static" / "resident").iterdir(),
        *(ROOT / "tests" / "journeys").glob("test_resident*.py"),
    ]
    assert len(paths) > 15
    assert all(len(path.read_text("utf-8").splitlines()) <= 300 for path in paths)


def test_edited_words_and_days(browser: Browser, house: FakeHouse) -> None:
    house.me("住在3号201", at="2026-01-05T01:12:00+00:00")
    house.add(kind="edited", ref=1, text="住在3号202", **{"from": "me"})
    house.bot("记下了。")
    page = open_page(browser, house.url)
    mine, days = page.locator("#lines .me").first, page.locator("#lines .day")
    expect(mine).to_contain_text("住在3号202")
    expect(mine).to_contain_text(WORDS["mark_edited"])
    expect(days.nth(0)).to_have_text(
        re.compile("上午 9:12$")
    )  # the office's zone, not the device's
    expect(days.nth(1)).to_have_text(re.compile(f"^{WORDS['today']}"))
