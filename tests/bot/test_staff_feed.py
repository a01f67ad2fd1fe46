"""The feed of staff's chats: in turn, woken at once, and never ended by what fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from bot import staff_feed
from bot.house import build_house
from bot.settings import load
from bot.staff_feed import AT_ONCE, StaffFeed
from handlers.ports import House
from storage.clock import utc_now
from storage.database import Database, Db, StorageUnavailable, wake


class Turn:
    """Whether it is this process's turn."""

    def __init__(self, held: bool = True) -> None:
        self.held = held

    async def wait_held(self, timeout: float) -> bool:  # noqa: ASYNC109 - as Holding has it
        if not self.held:
            await asyncio.sleep(timeout)
        return self.held


class Teller:
    """Stands for the use case: `answers` are what it does the next times."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.calls: list[tuple[str, int]] = []

    def __call__(self, db: Db, account: str, now: datetime, house: House, limit: int) -> int:
        self.calls.append((account, limit))
        answer = self.answers.pop(0) if self.answers else 0
        if isinstance(answer, Exception):
            raise answer
        return int(answer)

    async def until(self, calls: int) -> None:
        async with asyncio.timeout(10):
            while True:
                if len(self.calls) >= calls:
                    return
                await asyncio.sleep(0.005)


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), utc_now().date())[0]


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch) -> Teller:
    made = Teller()
    monkeypatch.setattr(staff_feed, "feed", made)
    return made


@asynccontextmanager
async def feeding(
    database: Database, house: House, turn: Turn, poll: float = 0.01
) -> AsyncIterator[None]:
    made = StaffFeed(database, house, "42", turn, now=utc_now, poll=poll)
    task = asyncio.create_task(made.run())
    try:
        yield
    finally:
        await made.stop()
        await asyncio.wait_for(task, 10)


async def test_a_full_page_is_followed_by_the_next_at_once(
    database: Database, house: House, teller: Teller
) -> None:
    teller.answers = [AT_ONCE, AT_ONCE, 3]
    async with feeding(database, house, Turn(), poll=60.0):
        await teller.until(3)
        await asyncio.sleep(0.05)
        assert teller.calls == [("42", AT_ONCE)] * 3


async def test_a_notice_wakes_it(database: Database, house: House, teller: Teller) -> None:
    async with feeding(database, house, Turn(), poll=60.0):
        await teller.until(1)
        await database.write(wake, "notices")
        await teller.until(2)


async def test_without_its_turn_it_tells_nothing(
    database: Database, house: House, teller: Teller
) -> None:
    turn = Turn(held=False)
    async with feeding(database, house, turn):
        await asyncio.sleep(0.05)
        assert teller.calls == []
        turn.held = True
        await teller.until(1)


async def test_what_fails_is_tried_again(database: Database, house: House, teller: Teller) -> None:
    teller.answers = [KeyError("fault"), StorageUnavailable("away"), 2]
    async with feeding(database, house, Turn()):
        await teller.until(4)


async def test_it_ends_with_the_database(database: Database, house: House, teller: Teller) -> None:
    async with feeding(database, house, Turn()):
        await teller.until(1)
        await database.close()
