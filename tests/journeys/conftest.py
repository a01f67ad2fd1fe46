"""A browser for each file of journeys, a desk that is only played, and what a failed one leaves."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.journeys.browsers import PATIENCE, chromium
from tests.journeys.desk_browser import Start
from tests.journeys.desk_cases import desk
from tests.journeys.fake_desk import FakeDesk
from tests.journeys.fake_house import FakeHouse, Running
from tests.journeys.people import SCREENS

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with chromium() as one:
        yield one


@pytest.fixture(autouse=True)
def put_away(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page outlives its journey: it would go on asking, perhaps a later house on its port."""
    yield
    if "browser" in request.fixturenames:
        for context in request.getfixturevalue("browser").contexts:
            context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed journey shows every open page: its picture, its address, what its console said."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.failed and isinstance(browser, Browser):
        name = re.sub(r"[^\w.-]+", "-", f"failed-{item.path.stem}-{item.name}")
        for number, context in enumerate(browser.contexts, 1):
            words = _last_look(context, f"{name}-{number}")
            report.sections.append((f"device {number}", "\n".join(words)))
    return report


def _last_look(context: Any, name: str) -> list[str]:
    """Pictures of the pages of a device; their addresses, and what was said there."""
    words = []
    for number, page in enumerate(context.pages, 1):
        file = SCREENS / f"{name}-{number}.png"
        try:
            SCREENS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=file, timeout=5_000)
            words.append(f"{page.url} → {file}")
        except Error as error:
            words.append(f"{page.url}: no picture, {error.message}")
    return words + getattr(context, "said", [])


@pytest.fixture
def house() -> Iterator[FakeHouse]:
    """A house that is only played, for the resident's page."""
    running = Running()
    yield running.start()
    running.stop()


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts played desks; they are stopped after the test."""
    running: list[FakeDesk] = []

    def begin(supervisor: bool = False) -> FakeDesk:
        house = desk(supervisor)
        house.start()
        running.append(house)
        return house

    yield begin
    for house in running:
        house.stop()
