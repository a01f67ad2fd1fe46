"""Who asked for silence: the desk says so, and an answer goes only after a second look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsers import until
from tests.journeys.desk_browser import Start, visit
from tests.journeys.fake_desk import words

pytestmark = pytest.mark.journey
WORDS = words()


def test_an_answer_into_a_silence_is_asked_about(browser: Browser, start: Start) -> None:
    house = start()
    house.cases["c231"]["held"] = True
    house.refuse["/reply"] = (409, {"error": "asked_quiet"})
    page = visit(browser, house, "/desk#queue/c231")
    expect(page.get_by_text(WORDS["talk"]["held"])).to_be_visible()
    page.fill("#write", "您好")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text(WORDS["dialog"]["quiet_lead"])
    del house.refuse["/reply"]
    dialog.get_by_role("button", name=WORDS["dialog"]["quiet_go"]).click()
    until(page, lambda: len(house.posts("/reply")) == 2)
    first, second = house.posts("/reply")
    assert "confirmed" not in first
    assert (second["confirmed"], second["id"], second["text"]) == (True, first["id"], "您好")
    expect(page.locator("dialog")).to_have_count(0)
