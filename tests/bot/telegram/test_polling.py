"""Polling: the offset moves over what is stored and no further; trouble is told and waited out."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.base import SendError
from bot.channels.telegram.errors import send_error
from bot.channels.telegram.polling import POLL_SECONDS, Poller
from bot.channels.telegram.take_in import TakeIn
from bot.channels.telegram.webhook import Hook
from tests.bot.telegram.fakes import FakeBot, FakeLine, Script, text

AWAY, TOKEN, OTHER = send_error(None), send_error(401, "Unauthorized"), send_error(409, "Conflict")
FIRST, LONGEST = 0.01, 0.04


class FakeTurn:
    """The turn, and what was told about the line."""

    def __init__(self, mine: bool = True) -> None:
        self.is_mine = mine
        self.told: list[tuple[str | None, str | None]] = []
        self.asked = 0

    async def mine(self) -> bool:
        self.asked += 1
        return self.is_mine

    async def tell(self, error: str | None, username: str | None = None) -> None:
        self.told.append((error, username))

    @property
    def errors(self) -> list[str | None]:
        """The states one after the other."""
        found: list[str | None] = []
        for error, _ in self.told:
            if not found or found[-1] != error:
                found.append(error)
        return found


class FakeTakeIn:
    """Stores in a list, or refuses."""

    def __init__(self, channel: FakeBot, order: list[str]) -> None:
        self.channel, self.order = channel, order
        self.stored: list[int] = []
        self.refuses: list[set[int]] = []

    async def take(self, raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
        refused = self.refuses.pop(0) if self.refuses else set[int]()
        self.stored += [raw["update_id"] for raw in raws if raw["update_id"] not in refused]
        self.order.append("stored")
        return [raw for raw in raws if raw["update_id"] in refused]


class House:
    """A poller with all that it works with."""

    def __init__(self, script: Script, mine: bool = True, *, tick: int = POLL_SECONDS) -> None:
        """`tick`: seconds that pass from one look at the clock to the next."""
        self.order: list[str] = []
        self.line, self.turn = FakeLine(script), FakeTurn(mine)
        bot = FakeBot(lambda kind, words: words, self.line)
        self.take_in = FakeTakeIn(bot, self.order)
        taking: Any = self.take_in
        turn: Any = self.turn
        clock = functools.partial(next, itertools.count(0.0, tick))
        self.poller = Poller(taking, turn, first_pause=FIRST, longest_pause=LONGEST, clock=clock)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[House]:
        """Until the script is done; then it stops at once."""
        task = asyncio.create_task(self.poller.run())
        try:
            async with asyncio.timeout(10):
                await self.line.waits.wait()
            yield self
        finally:
            async with asyncio.timeout(1):
                await self.poller.stop()
            await task


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not seen():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


async def test_it_greets_then_fetches_and_moves_the_offset_over_what_is_stored() -> None:
    async with House([[text(5, "a"), text(6, "b")], [], [text(9, "c")]]).at_work() as house:
        assert house.line.calls == ["me", "delete_webhook", "set_commands"]
        assert house.line.offsets == [None, 7, 7, 10]
        assert house.take_in.stored == [5, 6, 9]
        assert house.turn.told == [(None, "nuanxin_bot")]


async def test_what_is_not_stored_comes_again() -> None:
    house = House([[text(5, "a"), text(6, "b"), text(7, "c")], [text(6, "b"), text(7, "c")]])
    house.take_in.refuses = [{6}]
    house.poller.rest = no_rest  # type: ignore[method-assign]
    async with house.at_work():
        assert house.line.offsets == [None, 6, 8]
        assert house.take_in.stored == [5, 7, 6, 7]


async def no_rest(seconds: float) -> None:
    """No time for this."""


async def test_updates_without_a_number_do_not_stop_it() -> None:
    async with House([[{"message": 1}], [text(3, "a")]]).at_work() as house:
        assert house.line.offsets == [None, None, 4]


@pytest.mark.parametrize("error", [AWAY, TOKEN, OTHER], ids=["away", "token", "other"])
async def test_trouble_is_told_once_and_ends(error: SendError) -> None:
    async with House([error, error, error, [text(1, "a")], []]).at_work() as house:
        assert house.turn.errors == [None, error.code, None]
        assert house.take_in.stored == [1]
        # It says anew who it is and ends a webhook that somebody may have set meanwhile.
        assert house.line.calls.count("delete_webhook") == 4


async def test_another_poller_that_comes_and_goes_is_told_once() -> None:
    assert OTHER is not None
    script: Script = [OTHER, [text(1, "a")], OTHER, [text(2, "b")], OTHER, [text(3, "c")], []]
    async with House(script, tick=1).at_work() as house:
        assert house.turn.errors == [None, "second_poller"]
        assert house.take_in.stored == [1, 2, 3]


async def test_the_pause_grows_and_starts_anew_when_it_works() -> None:
    assert AWAY is not None
    house = House([*[AWAY] * 6, [text(1, "a")], AWAY, []])
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    house.poller.rest = rest  # type: ignore[method-assign]
    async with house.at_work():
        assert rests == [0.01, 0.02, 0.04, 0.04, 0.04, 0.04, 0.01]


async def test_trouble_at_the_greeting_is_trouble_too() -> None:
    house = House([[text(1, "a")]])
    assert TOKEN is not None
    house.line.refusals = [TOKEN, TOKEN]
    async with house.at_work():
        assert house.turn.errors == ["bad_token", None]
        assert house.take_in.stored == [1]


async def test_a_bot_without_a_menu_works() -> None:
    house = House([[text(1, "a")]])
    slow = send_error(429, "Too Many Requests", 600)
    assert slow is not None

    async def refused() -> None:
        raise slow

    house.line.set_commands = refused  # type: ignore[method-assign]
    async with house.at_work():
        assert house.take_in.stored == [1]


async def test_a_fault_of_ours_is_waited_out() -> None:
    async with House([RuntimeError("a bug"), [text(1, "a")]]).at_work() as house:
        assert house.turn.errors == [None, "fault", None]


async def test_it_fetches_nothing_while_another_process_does() -> None:
    house = House([[text(1, "a")]], mine=False)
    task = asyncio.create_task(house.poller.run())
    await until(lambda: house.turn.asked > 2)
    assert house.line.calls == []
    house.turn.is_mine = True
    await until(lambda: house.take_in.stored == [1])
    await house.poller.stop()
    await task


async def test_what_is_being_stored_when_it_stops_is_stored() -> None:
    house = House([[text(1, "a")]])
    going, go = asyncio.Event(), asyncio.Event()

    async def slow(raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
        going.set()
        await go.wait()
        house.take_in.stored.append(raws[0]["update_id"])
        return []

    house.take_in.take = slow  # type: ignore[method-assign]
    task = asyncio.create_task(house.poller.run())
    await going.wait()
    stopping = asyncio.create_task(house.poller.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    go.set()
    await asyncio.gather(task, stopping)
    assert house.take_in.stored == [1]


async def test_a_webhook_is_set_told_and_set_again_after_trouble() -> None:
    house = House([])
    assert AWAY is not None
    house.line.refusals = [AWAY]
    taking: Any = house.take_in
    turn: Any = house.turn
    hook = Hook(
        taking, turn, "https://house.example/telegram/residents", "s" * 16, first_pause=FIRST
    )
    task = asyncio.create_task(hook.run())
    await until(lambda: bool(house.line.hooks))
    await until(lambda: house.turn.errors == ["unreachable", None])
    assert house.line.hooks == [("https://house.example/telegram/residents", "s" * 16)]
    assert "delete_webhook" not in house.line.calls
    async with asyncio.timeout(1):
        await hook.stop()
    await task


def test_the_real_take_in_is_what_the_poller_takes() -> None:
    assert Poller.__init__.__annotations__["take_in"] == TakeIn.__name__
