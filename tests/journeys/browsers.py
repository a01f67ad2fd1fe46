"""A real Chromium for the journeys: the system's where there is one, otherwise playwright's own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
)  # fmt: skip
PHONE = {"width": 360, "height": 640}
KEYBOARD = {"width": 360, "height": 330}
PATIENCE = 30.0  # seconds; the machine may be busy, what is waited for comes at once
LARGE = "try { localStorage.setItem('nx.large', '1'); } catch (e) {}"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; closed at the end."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGS))
        yield browser
        browser.close()


def device(browser: Browser, size: dict[str, int] | None = None, **more: Any) -> BrowserContext:
    """A fresh device; what its consoles say is kept in `device.said`, for a journey that fails."""
    made = browser.new_context(viewport=size or PHONE, locale="zh-CN", **more)  # type: ignore[arg-type]
    made.set_default_timeout(PATIENCE * 1000)
    said: list[str] = []
    made.on("console", lambda line: said.append(f"{line.type}: {line.text}"))
    made.on("weberror", lambda broken: said.append(f"broken: {broken.error}"))
    made.on("requestfailed", lambda one: said.append(f"{one.failure}: {one.method} {one.url}"))
    made.said = said  # type: ignore[attr-defined]
    return made


def open_page(
    browser: Browser, url: str, *, size: dict[str, int] | None = None, large: bool = False,
    wait: bool = True, **more: Any,
) -> Page:  # fmt: skip
    """A fresh device's page. What the console calls an error is kept in `page.errors`."""
    context = device(browser, size, **more)
    if large:
        context.add_init_script(LARGE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.errors = errors  # type: ignore[attr-defined]
    page.goto(url)
    if wait:
        page.wait_for_selector("html.ready", state="attached")
        page.wait_for_selector("#log:not([aria-busy])", state="attached")
        settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until the page has drawn what it knows: its scroll events and observers have run."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>"
        " setTimeout(done, 100))))"
    )


def scrolled(box: Locator, top: int) -> None:
    """A hand scrolls to there, and the page has noticed it."""
    box.evaluate(
        """(box, top) => new Promise(done => {
          if (box.scrollTop === top) { done(); return; }
          box.addEventListener('scroll', () => requestAnimationFrame(done), {once: true});
          box.scrollTop = top;
        })""",
        top,
    )


def until(page: Page, check: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Let the page live until `check()` is true; AssertionError when it never is.

    Instead of `wait_for_function`, which evaluates a string in the page: our
    Content-Security-Policy forbids that as soon as it is not true at the first look.
    """
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        page.wait_for_timeout(50)


def rung(page: Page, least: int = 1) -> None:
    """Wait until the page has rung so many times."""
    until(page, lambda: bool(page.evaluate("least => window.__rings >= least", least)))
