"""One process at a time speaks for a bot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.holding import Holding
from storage import bots
from storage.clock import Clock
from storage.database import Database

NAME = bots.line_name("pigeon", "a", bots.SEND)


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_the_second_waits_until_the_first_gives_it_back(database: Database) -> None:
    one, two = Holding(database, NAME, "one", 20), Holding(database, NAME, "two", 20)
    assert not one.held
    assert await one.ask()
    assert 19 < one.left <= 20
    assert not await two.ask()
    await one.stop()
    assert not one.held
    assert await two.ask()
    assert not await one.ask(), "who has stopped asks for nothing"
    assert two.held


async def test_after_a_death_it_is_free_when_its_time_is_over(
    database: Database, clock: Clock
) -> None:
    dead, next_one = Holding(database, NAME, "dead", 3600), Holding(database, NAME, "next", 3600)
    assert await dead.ask()
    assert not await next_one.ask()
    clock.advance(timedelta(seconds=3601))
    assert await next_one.ask()
    assert not await dead.ask()
    assert not dead.held


async def test_with_the_database_out_of_reach_it_ends_by_itself(
    open_database: Callable[..., Database],
) -> None:
    database, time = open_database(max_waiting=1000), Time()
    holding = Holding(database, NAME, "one", 20, clock=time)
    assert await holding.ask()
    database._max_waiting = 0  # every write is refused: StorageBusy
    time.now += 15
    assert await holding.ask(), "its time is not over"
    assert holding.left == 5
    time.now += 5
    assert not await holding.ask()
    database._max_waiting = 1000
    assert await holding.ask()


@pytest.mark.alone  # it holds for a second of real time: a process that may not run loses it
async def test_its_task_goes_on_holding_it_and_tells_who_waits(database: Database) -> None:
    one, two = Holding(database, NAME, "one", 1.0), Holding(database, NAME, "two", 0.5)
    running = [asyncio.create_task(one.run())]
    assert await one.wait_held(15)
    running.append(asyncio.create_task(two.run()))
    await asyncio.sleep(1.2)  # longer than it lasts
    assert one.held
    assert not two.held
    assert not await two.wait_held(0.01)
    await one.stop()
    assert await two.wait_held(15)
    await two.stop()
    await asyncio.wait_for(asyncio.gather(*running), 15)
