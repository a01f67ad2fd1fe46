"""One in the browser, the other on Telegram: it is the same house, and the same talk."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.botapi import media
from tests.journeys.browsers import device, until
from tests.journeys.people import DESKTOP, PASSWORD, card, reply, resident, shot
from tests.journeys.telegram.town import PATIENCE, Town

pytestmark = pytest.mark.journey
LONG_MS = PATIENCE * 1000


def test_a_resident_on_telegram_and_an_advisor_at_the_desk(browser: Browser, town: Town) -> None:
    """The card, the talk, an answer with its marks; a voice note plays, a photo shows."""
    chen, number = town.calls_a_human("陈老伯")
    li = desk(browser, town)
    found = card(li, f"#{number}")
    expect(found).to_be_visible(timeout=LONG_MS)
    found.locator("[data-act=claim]").click()
    expect(li.locator("#head .chan")).to_have_text("Telegram")
    town.li.card(number, "您在跟")
    reply(li, "陈老伯您好,我下午来。")
    heard = chen.hears(("李顾问", "我下午来"), button="看到了")
    expect(li.locator("#entries")).to_contain_text("送到了", timeout=LONG_MS)
    chen.taps("看到了", heard)
    expect(li.locator("#entries")).to_contain_text("看过了", timeout=LONG_MS)
    chen.person.speaks(media.ogg(2.0), 2, to=chen.at)
    chen.person.photo(media.jpeg(color="tan"), "我家门口", to=chen.at)
    play = li.locator("#entries .voice .play").first
    play.click(timeout=LONG_MS)
    expect(li.locator("#entries .voice")).to_contain_text("听过了", timeout=LONG_MS)
    picture = li.locator("#entries img").first
    expect(picture).to_be_visible(timeout=LONG_MS)
    until(li, lambda: bool(picture.evaluate("one => one.naturalWidth > 0")))
    shot(li, f"telegram-{town.mode}-desk")
    li.context.close()


def test_a_resident_on_the_web_and_an_advisor_on_telegram(
    browser: Browser, town: Town, tmp_path: Path
) -> None:
    """Answers, a voice note and a photo cross both ways."""
    li = town.li
    chen = resident(browser, town.house.url)
    chen.say("想进养老院")
    chen.asked("有人照顾")
    chen.page.locator("#human").click()
    chen.hears("编号是")
    number = (
        chen.page.locator("body").inner_text().partition("编号是")[2].strip().partition("。")[0]
    )
    li.taps("写回话", town.takes(li, number))
    li.hears(f"正在和 #{number}")
    said = li.says("您好,我是李顾问,您慢慢说。")
    expect(chen.log).to_contain_text("您慢慢说", timeout=LONG_MS)
    li.hears(f"#{number} · 看到了", when=lambda mark: mark.reply_to == said.id)

    chen.records()
    chen.sends()
    note = li.hears("", when=lambda one: one.media is not None and one.media.kind == "voice")
    assert note.media is not None
    assert note.media.data.startswith(b"OggS"), "as Telegram plays it"
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(media.jpeg(color="tan"))
    chen.chooses(picture)
    chen.sends()
    li.hears("", when=lambda one: one.media is not None and one.media.kind == "photo")

    li.person.speaks(media.ogg(2.0), 2, to=li.at)
    li.person.photo(media.jpeg(color="green"), "表在这里", to=li.at)
    play = chen.page.locator("#lines .advisor .voice button").first
    expect(play).to_be_visible(timeout=LONG_MS)
    photo = chen.page.locator("#lines .advisor img").first
    expect(photo).to_be_visible(timeout=LONG_MS)
    until(chen.page, lambda: bool(photo.evaluate("one => one.naturalWidth > 0")))
    shot(chen.page, f"telegram-{town.mode}-page")
    assert chen.page.errors == []  # type: ignore[attr-defined]
    li.taps("离开")
    li.hears("对话结束了")
    chen.page.context.close()


def desk(browser: Browser, town: Town) -> Page:
    """Li, who joined before, logs in at the desk."""
    with httpx.Client(base_url=town.house.url, timeout=PATIENCE) as door:
        given = {"login": "li", "password": PASSWORD}
        door.post("/desk/api/login", json=given).raise_for_status()
        token = door.cookies["nx_staff"]
    context = device(browser, DESKTOP)
    context.add_cookies([{"name": "nx_staff", "value": token, "url": town.house.url}])
    page = context.new_page()
    page.goto(f"{town.house.url}desk")
    expect(page.locator("#list")).to_be_visible()
    return page
