"""Speaking and photos on the resident's page."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import open_page, until
from tests.journeys.fake_house import FakeHouse, page_words

pytestmark = pytest.mark.journey
WORDS = page_words()


def test_a_voice_note_is_tapped_on_and_off(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    page.get_by_role("button", name=WORDS["talk"]).click()
    expect(page.get_by_text(WORDS["recording"])).to_be_visible()
    expect(page.locator("#panel time")).to_have_text(re.compile(r"^0:0[1-9]$"))
    page.get_by_role("button", name=WORDS["talk_stop"]).click()
    expect(page.get_by_text(WORDS["recording_ask"])).to_be_visible()
    page.locator("#panel").get_by_role("button", name=WORDS["send"]).click()
    until(page, lambda: len(house.media) == 1)
    kind, body = house.media["m0"]
    assert kind.startswith("audio/")
    assert len(body) > 100
    assert house.posts[0]["kind"] == "voice"
    expect(page.locator("#lines .voice button")).to_have_attribute("aria-label", re.compile("2"))


def test_no_microphone_is_said_kindly(browser: Browser, house: FakeHouse) -> None:
    page = open_page(browser, house.url)
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    page.get_by_role("button", name=WORDS["talk"]).click()
    expect(page.locator("#hint")).to_have_text(WORDS["mic_none"])


def test_a_photo_is_looked_at_and_sent_without_its_place(
    browser: Browser, house: FakeHouse
) -> None:
    picture = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # GPSInfo: a place the house must not learn
    Image.new("RGB", (3000, 1200), "#8f3210").save(picture, "JPEG", exif=exif)
    assert b"Exif" in picture.getvalue()
    page = open_page(browser, house.url)
    page.set_input_files(
        "#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    expect(page.get_by_text(WORDS["photo_ask"])).to_be_visible()
    page.locator("#panel").get_by_role("button", name=WORDS["send"]).click()
    until(page, lambda: len(house.media) == 1)
    kind, body = house.media["m0"]
    assert kind == "image/jpeg"
    assert b"Exif" not in body
    assert max(Image.open(io.BytesIO(body)).size) == 2000
    image = page.locator("#lines .photo img")
    expect(image).to_have_attribute("alt", WORDS["photo_own"])
    image.click()
    expect(page.locator("#viewer")).to_be_visible()
    assert page.errors == []  # type: ignore[attr-defined]
