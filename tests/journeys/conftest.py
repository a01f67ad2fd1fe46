"""A browser for each file of journeys, and a desk that is only played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsers import chromium
from tests.journeys.desk_browser import Start
from tests.journeys.desk_cases import desk
from tests.journeys.fake_desk import FakeDesk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with chromium() as one:
        yield one


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
