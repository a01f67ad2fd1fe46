"""A case that comes by Telegram, at the desk: marks, corrections, files, a bot that is down."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsers import until
from tests.journeys.desk_browser import (
    Start,
    clean,
    readable,
    visit,
)
from tests.journeys.desk_telegram import LINK, REFUSED, TROUBLE, crossing, media, with_telegram
from tests.journeys.fake_desk import words

pytestmark = pytest.mark.journey
WORDS = words()
TALK = WORDS["talk"]
CODE = {"size": 10, "path": "M4 4h2v1h-2z"}


def line(page: Page, seq: int) -> str:
    return page.locator(f'#entries [data-seq="{seq}"]').inner_text()


def test_each_answer_says_what_became_of_it(browser: Browser, start: Start) -> None:
    house = with_telegram(start())
    page = visit(browser, house, "/desk#queue/c229")
    assert TALK["marks"]["seen"] in line(page, 8)
    assert TALK["marks"]["sent"] in line(page, 9)
    assert f"{TALK['marks']['failed']}:{REFUSED}" in line(page, 10)
    assert TALK["marks"]["sending"] in line(page, 11)
    expect(page.locator("#head .chan")).to_have_text("Telegram")
    expect(page.locator('[data-key="card-c229"] .chan')).to_have_text("Telegram")
    expect(page.locator('[data-key="card-c224"] .chan')).to_have_text("网页")
    house.cases["c229"]["entries"][-1]["mark"] = "sent"
    house.hint("case", "c229")
    expect(page.locator('#entries [data-seq="11"]')).to_contain_text(TALK["marks"]["sent"])
    clean(page)


def test_a_correction_stands_beside_what_it_corrects(browser: Browser, start: Start) -> None:
    house = with_telegram(start())
    page = visit(browser, house, "/desk#queue/c229")
    theirs, ours = page.locator('[data-seq="2"]'), page.locator('[data-seq="9"]')
    expect(theirs.locator(".inner")).to_have_text(TALK["changed"])
    expect(theirs.locator(".said")).to_contain_text("九万")
    expect(theirs.locator("s")).to_contain_text("八万")
    expect(ours.locator(".inner")).to_have_text(TALK["correction"])
    expect(ours.locator(".said")).to_contain_text("十点")
    expect(ours.locator("s")).to_contain_text("九点")
    assert TALK["changed_later"] in line(page, 1)
    assert TALK["corrected_later"] in line(page, 8)
    assert TALK["forwarded"] in line(page, 3)
    clean(page)


def test_files_and_places_can_be_had(browser: Browser, start: Start) -> None:
    house = with_telegram(start())
    page = visit(browser, house, "/desk#queue/c229")
    saved: list[str] = []
    page.on("download", lambda one: saved.append(one.suggested_filename))
    page.locator('[data-seq="4"] a.file').click()
    until(page, lambda: saved == ["缴费通知单.pdf"])
    assert TALK["awaited"] in line(page, 5)
    expect(page.locator('[data-seq="5"] img')).to_have_count(0)
    assert TALK["lost"] in line(page, 6)
    expect(page.locator('[data-seq="6"] .play')).to_have_count(0)
    place = page.locator('[data-seq="7"] .place')
    expect(place).to_contain_text("长风新村 3 号")
    expect(place).to_contain_text("31.230400, 121.473700")
    expect(place.locator("a")).to_have_attribute("href", "geo:31.230400,121.473700")
    place.get_by_role("button").click()
    expect(page.locator("#toast")).to_have_text(WORDS["write"]["copied"])
    house.media["w1"] = house.media["m2"]
    house.cases["c229"]["entries"][4]["media"] = media("w1", "photo")
    house.hint("case", "c229")
    expect(page.locator('[data-seq="5"] img')).to_be_visible()
    # whether somebody has heard it is said of the residents' notes only
    assert TALK["unheard"] not in line(page, 10)
    clean(page)


def test_a_kind_that_is_not_known_yet_is_a_file(browser: Browser, start: Start) -> None:
    house = with_telegram(start())
    house.add_entry("c229", media=media("d1", "hologram"))
    house.add_entry("c229", kind="poll", text="")
    page = visit(browser, house, "/desk#queue/c229")
    expect(page.locator('[data-seq="12"] a.file')).to_contain_text(TALK["document"])
    expect(page.locator('[data-seq="13"]')).to_have_count(0)
    clean(page)


def test_who_shut_the_bot_out_is_called(browser: Browser, start: Start) -> None:
    house = with_telegram(start())
    page = visit(browser, house, "/desk#queue/c229")
    expect(page.locator("#strip .bad")).to_have_count(0)
    house.cases["c229"] = crossing(blocked=True)
    house.hint("case", "c229")
    expect(page.locator("#strip .bad")).to_have_text(TALK["blocked"])
    expect(page.locator('[data-key="card-c229"] .mark.bad')).to_have_text(WORDS["list"]["blocked"])
    page.click(".next [data-next=call]")
    expect(page.locator("#side .tel")).to_have_attribute("href", "tel:13812345678")
    house.cases["c229"]["people"]["helped"].update(phone_masked="", has_phone=False)
    house.hint("case", "c229")
    expect(page.locator("#strip .bad")).to_have_text(TALK["blocked_visit"])
    clean(page)


@pytest.mark.parametrize("where", ["/desk", "/desk/board"])
def test_a_bot_that_is_down_is_one_red_line_until_it_is_up(
    browser: Browser, start: Start, where: str
) -> None:
    house = start(supervisor="board" in where)
    page = visit(browser, house, where)
    expect(page.locator("#troubles")).to_be_hidden()
    house.troubles = [TROUBLE]
    house.hint("queue")
    expect(page.locator("#troubles p")).to_have_text([TROUBLE])
    house.troubles = []
    house.hint("queue")
    expect(page.locator("#troubles")).to_be_hidden()
    clean(page)


def test_joining_by_telegram_is_a_link_to_scan_or_to_open(browser: Browser, start: Start) -> None:
    house = with_telegram(start())
    house.link = {"link": LINK, "qr": CODE, "minutes": 15}
    page = visit(browser, house)
    page.click("nav .connect")
    dialog = page.locator("dialog")
    expect(dialog.locator("h2")).to_have_text(WORDS["connect"]["open"])
    link = dialog.locator("a")
    expect(link).to_have_attribute("href", LINK)
    expect(link).to_have_attribute("rel", re.compile("noreferrer"))
    expect(dialog.locator(".qr")).to_have_attribute("aria-label", WORDS["connect"]["qr"])
    expect(dialog).to_contain_text(WORDS["connect"]["abroad"])
    expect(dialog).not_to_contain_text(WORDS["connect"]["again"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog.get_by_role("button", name=WORDS["connect"]["copy"]).click()
    expect(page.locator("#toast")).to_have_text(WORDS["write"]["copied"])
    assert page.evaluate("navigator.clipboard.readText()") == LINK
    until(page, lambda: house.posts("/telegram") == [{}])
    clean(page)


def test_no_staff_bot_no_button(browser: Browser, start: Start) -> None:
    page = visit(browser, start())
    expect(page.locator(".connect").first).to_be_hidden()
    expect(page.locator(".connect").last).to_be_hidden()
    clean(page)


@pytest.mark.parametrize("state", ["talk", "blocked", "joining"])
def test_everybody_can_read_it_at_every_width(browser: Browser, start: Start, state: str) -> None:
    house = with_telegram(start(), blocked=state == "blocked")
    house.troubles = [TROUBLE]
    house.link = {"link": LINK, "qr": CODE, "minutes": 15}
    where = "/desk" if state == "joining" else "/desk#queue/c229"
    page = visit(browser, house, where, reduced_motion="reduce")
    if state == "joining":
        page.click("nav .connect")
        page.wait_for_selector("dialog .qr")
    readable(page)
    clean(page)
