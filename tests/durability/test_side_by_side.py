"""One conversation at a time is handled in order; a hundred conversations are handled at once.

Overlap is measured, not time: each handling waits until as many others have begun as can.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.intake import Intake
from dialogs.meaning.reading import Reading
from handlers.ports import Update
from handlers.receive import receive
from storage import entries, inbox
from storage.database import Database, Db
from storage.inbox import Stored
from tests.durability.life import Patterns, content

HOUSE = content().house
WAIT_SECONDS = 30.0


class Watched(Intake):
    """An intake that notes who is in its hands; handling goes on when `together` are."""

    together = 1
    most = 0
    twice = 0

    def watch(self, together: int, inside: Counter[str]) -> Watched:
        self.together, self.inside = together, inside
        self.full = asyncio.Event()
        return self

    async def read(self, stored: Stored) -> Reading:
        self.inside[stored.conversation_id] += 1
        self.twice += self.inside[stored.conversation_id] > 1
        self.most = max(self.most, self.inside.total())
        if self.inside.total() >= self.together:
            self.full.set()
        async with asyncio.timeout(WAIT_SECONDS):
            await self.full.wait()
        await asyncio.sleep(0)  # whoever may come in now, does
        reading = await super().read(stored)
        self.inside[stored.conversation_id] -= 1
        return reading


def intake(
    database: Database, owner: str, together: int, at_once: int, inside: Counter[str] | None = None
) -> Watched:
    """An intake that waits in each reading until `together` conversations are in hand.

    `inside`: what is in the hands of several intakes, counted together.
    """
    reader = Patterns()
    made = Watched(
        database,
        HOUSE,
        lambda: reader,
        owner=owner,
        now=database.clock.now,
        lease=timedelta(seconds=60),
        poll=0.02,
        at_once=at_once,
    )
    return made.watch(together, Counter() if inside is None else inside)


async def store(database: Database, sender: str, number: int) -> None:
    """One message of one sender."""
    update = Update("web", "house", sender, f"{sender}/{number}", "text", f"第{number}句")
    await database.write(receive, update, (), database.clock.now(), HOUSE)


async def handled(*intakes: Watched, total: int) -> None:
    """Let them work until everything is done."""
    tasks = [asyncio.create_task(each.run()) for each in intakes]
    async with asyncio.timeout(60):
        while sum(each.handled for each in intakes) < total:  # noqa: ASYNC110 - counters
            await asyncio.sleep(0.01)
    for each in intakes:
        await each.stop()
    await asyncio.gather(*tasks)


@pytest.mark.load
async def test_a_hundred_conversations_are_in_hand_at_once(database: Database) -> None:
    await asyncio.gather(*(store(database, f"s{number}", 0) for number in range(100)))
    watched = intake(database, "one", together=100, at_once=100)
    await handled(watched, total=100)
    assert (watched.most, watched.twice, watched.failed) == (100, 0, 0)


@pytest.mark.load
async def test_a_process_takes_no_more_than_it_may(database: Database) -> None:
    await asyncio.gather(*(store(database, f"s{number}", 0) for number in range(40)))
    watched = intake(database, "one", together=16, at_once=16)
    await handled(watched, total=40)
    assert (watched.most, watched.twice, watched.failed) == (16, 0, 0)


@pytest.mark.load
async def test_one_conversation_is_handled_one_after_the_other(
    open_database: Callable[..., Database],
) -> None:
    one, other = open_database(), open_database()
    await asyncio.gather(*(store(one, "s", number) for number in range(40)))
    inside: Counter[str] = Counter()  # of both, as two processes
    workers = [intake(each, name, 1, 16, inside) for each, name in ((one, "a"), (other, "b"))]
    await handled(*workers, total=40)
    assert [each.twice for each in workers] == [0, 0]
    assert max(each.most for each in workers) == 1
    said, arrived = await one.read(_order)
    assert len(said) == 40
    assert said == arrived


def _order(db: Db) -> tuple[list[str], list[str]]:
    """The ids as they stand in the log, and as they arrived."""
    log, box = entries.TABLE, inbox.TABLE
    said = select(log.c.client_id).where(log.c.sender == "me").order_by(log.c.seq)
    arrived = select(box.c.external_id).order_by(box.c.arrival)
    return list(db.execute(said).scalars()), list(db.execute(arrived).scalars())
