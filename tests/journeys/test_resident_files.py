"""What an advisor sends, wherever they write: voice, photo, document, correction."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import open_page, until
from tests.journeys.desk_cases import png, wav
from tests.journeys.fake_house import FakeHouse, page_words
from tests.journeys.resident_states import AXE, SMALL, VIEWS

pytestmark = pytest.mark.journey
WORDS = page_words()
FORM = "助餐申请表(2026年版).pdf"


def file(media_id: str, kind: str, **more: Any) -> dict[str, Any]:
    mime = {"voice": "audio/wav", "photo": "image/png"}.get(kind, "application/pdf")
    made = {"id": media_id, "kind": kind, "mime": mime, "seconds": None, "name": None}
    return {**made, "state": "kept", **more}


def everything(house: FakeHouse) -> None:
    """One of each, in a live talk."""
    house.me("我想问问助餐")
    house.join()
    house.media |= {
        "v": ("audio/wav", wav(1.0)),
        "p": ("image/png", png()),
        "d": ("application/octet-stream", b"%PDF-1.4"),
    }
    house.advisor("", media=file("v", "voice", seconds=1.0))
    house.advisor("这是食堂的样子", media=file("p", "photo"))
    house.advisor("", media=file("d", "document", name=FORM))
    house.advisor("", media=file("gone", "voice", state="lost"))
    first = house.advisor("明天上午九点到食堂找我。")
    corrected(house, first["seq"], "明天上午十点到食堂找我。", "明天上午九点到食堂找我。")


def corrected(house: FakeHouse, ref: int, text: str, original: str | None) -> None:
    house.advisor(text, kind="edited", ref=ref, original=original)


def test_voice_photo_and_document_of_an_advisor(browser: Browser, house: FakeHouse) -> None:
    everything(house)
    page = open_page(browser, house.url)
    bubbles = page.locator("#lines .advisor")
    play = bubbles.nth(0).locator(".voice button")
    play.click()
    expect(play).to_have_attribute("aria-label", WORDS["pause"])
    photo = bubbles.nth(1).locator("img")
    expect(photo).to_have_attribute("alt", WORDS["photo_from"].format(name="李顾问"))
    saved: list[str] = []
    page.on("download", lambda one: saved.append(one.suggested_filename))
    link = bubbles.nth(2).locator("a.doc")
    expect(link).to_contain_text(FORM)
    link.click()
    until(page, lambda: saved == [FORM])
    expect(bubbles.nth(3)).to_contain_text(WORDS["lost_media"])
    assert page.errors == []  # type: ignore[attr-defined]


def test_a_correction_is_new_words_beside_the_old_and_counts_as_seen(
    browser: Browser, house: FakeHouse
) -> None:
    house.join()
    first = house.advisor("九点到食堂找我。")
    page = open_page(browser, house.url)
    until(page, lambda: house.seen[-1:] == [first["seq"]])
    corrected(house, first["seq"], "十点到食堂找我。", None)
    bubbles = page.locator("#lines .advisor")
    expect(bubbles).to_have_count(2)
    expect(bubbles.nth(0)).to_contain_text("九点到食堂找我。")
    expect(bubbles.nth(0)).to_contain_text(WORDS["corrected_below"])
    expect(bubbles.nth(1).locator(".tag")).to_have_text(WORDS["correction"])
    expect(bubbles.nth(1)).to_contain_text("十点到食堂找我。")
    expect(bubbles.nth(1).locator("s")).to_have_text("九点到食堂找我。")
    until(page, lambda: house.seen[-1] == first["seq"] + 1)
    corrected(house, first["seq"], "十点半到食堂找我。", "十点到食堂找我。")
    expect(bubbles.nth(2).locator("s")).to_have_text("十点到食堂找我。")
    assert page.errors == []  # type: ignore[attr-defined]


def test_what_is_still_on_its_way_appears_by_itself(browser: Browser, house: FakeHouse) -> None:
    house.join()
    house.advisor("", media=file("p", "photo", state="awaited"))
    page = open_page(browser, house.url)
    bubble = page.locator("#lines .advisor")
    expect(bubble).to_contain_text(WORDS["media_coming"])
    house.media["p"] = ("image/png", png())
    expect(bubble.locator("img")).to_be_visible()
    assert page.errors == []  # type: ignore[attr-defined]


def test_kinds_that_the_page_does_not_know_break_nothing(
    browser: Browser, house: FakeHouse
) -> None:
    house.me("您好")
    house.media["d"] = ("application/octet-stream", b"?")
    house.add(kind="poll", text="?", **{"from": "robot"})
    house.add(kind="delivery", ref=1)
    house.add(text="新的人", **{"from": "robot"}, media=file("d", "hologram"))
    house.advisor("不知道改了什么", kind="edited", ref=99)
    house.ask("平时有人照顾您吗?", "有", "没有")
    page = open_page(browser, house.url)
    expect(page.locator("#lines .m.bot")).to_contain_text("新的人")
    expect(page.locator("#lines a.doc")).to_contain_text(WORDS["document"])
    expect(page.locator("#lines .advisor")).to_contain_text("不知道改了什么")
    expect(page.locator("#lines .was")).to_have_count(0)
    expect(page.locator("#choices button")).to_have_count(2)
    assert page.errors == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("view", VIEWS)
def test_everybody_can_read_and_reach_it(browser: Browser, house: FakeHouse, view: str) -> None:
    everything(house)
    page = open_page(browser, house.url, reduced_motion="reduce", **VIEWS[view])
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    sizes = page.evaluate(SMALL)
    assert sizes["targets"] >= 5
    assert sizes["wrong"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
