"""What people do in the browser, in their own words: the resident, the advisor, the supervisor."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.browsers import device, open_page

SCREENS = Path(os.environ.get("NUANXIN_SCREENS", "build/screens"))
DESKTOP = {"width": 1440, "height": 900}
PASSWORD = "一句只有我才知道的长话"


def shot(page: Page, name: str) -> None:
    """Keep a picture, as CI output."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


@dataclass
class Phone:
    """A resident with a telephone in the hand."""

    page: Page
    answered: str = ""  # the question that stood there when they last said something

    def say(self, text: str) -> None:
        """Type and press 发送."""
        self.answered = self.question
        self.page.locator("#field").fill(text)
        self.page.locator("#send").click()

    def tap(self, label: str) -> None:
        """Press one of the choices of the present question."""
        self.answered = self.question
        self.page.locator("#choices button", has_text=label).first.click()

    def records(self) -> None:
        """Tap, speak until the clock runs, and tap again."""
        self.page.locator("#talk").click()
        expect(self.page.locator("#panel time")).to_have_text(re.compile(r"^0:0[1-9]$"))
        self.page.locator("#talk").click()

    def chooses(self, picture: Path) -> None:
        """Choose a photo, and look at it."""
        self.page.locator("#file").set_input_files(picture)
        expect(self.page.locator("#panel canvas")).to_be_visible()

    def sends(self) -> None:
        """Send what was recorded or chosen."""
        self.page.locator("#panel button", has_text="发").first.click()

    @property
    def question(self) -> str:
        """The present question's words."""
        return self.page.locator("#ask-words").inner_text()

    def asked(self, words: str) -> None:
        """Wait for the present question."""
        expect(self.page.locator("#ask-words")).to_contain_text(words)

    @property
    def log(self) -> Locator:
        """Everything that was said."""
        return self.page.locator("#log")

    def hears(self, words: str) -> None:
        """Wait until something was said."""
        expect(self.page.locator("body")).to_contain_text(words)


def resident(browser: Browser, url: str) -> Phone:
    """Somebody opens the page on a phone."""
    return Phone(open_page(browser, url))


def staff_page(browser: Browser, link: str, login: str, called: str = "李顾问") -> Page:
    """A staff member uses a one-time link and comes to the desk."""
    page = device(browser, DESKTOP).new_page()
    page.goto(link)
    page.locator("#called").fill(called)
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("#enter [type=submit]").click()
    page.wait_for_url("**/desk*")
    expect(page.locator("#list")).to_be_visible()
    return page


def card(page: Page, words: str) -> Locator:
    """A card of the list."""
    return page.locator("#list .card", has_text=words).first


def reply(page: Page, text: str) -> None:
    """Write to the resident and send with the keyboard, once the case is one's own."""
    expect(page.locator("#head .whose.mine")).to_be_visible()
    page.locator("#write").fill(text)
    page.locator("#write").press("Control+Enter")


def close_case(page: Page, resolution: str) -> None:
    """Close the case that is open, in the dialog."""
    page.locator("#head [data-act=close]").click()
    page.locator("dialog label", has_text=resolution).click()
    page.locator("dialog [type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
