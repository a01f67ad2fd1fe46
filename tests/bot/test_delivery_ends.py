"""A deploy is no kill: what was taken is sent and recorded before the process ends."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from bot.house import build_house
from bot.settings import load
from handlers.ports import House
from storage.database import Database
from tests.bot.pigeons import Pigeon, make, state, write


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), date(2026, 11, 25))[0]


async def test_what_is_being_taken_at_the_end_is_sent_and_recorded(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pigeon = Pigeon()
    await write(database, "a", "1")
    delivery = make(database, house, pigeon)
    take, taken = delivery._take, asyncio.Event()

    async def slowly(*given: Any) -> Any:
        found = await take(*given)
        taken.set()
        await asyncio.sleep(0.05)
        return found

    monkeypatch.setattr(delivery, "_take", slowly)
    task = asyncio.create_task(delivery.run())
    await taken.wait()
    await delivery.stop()
    assert pigeon.order == ["1"]
    assert [row[0] for row in await database.read(state)] == ["sent"]
    await asyncio.wait_for(task, 15)
