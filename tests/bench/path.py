"""Messages a second through the whole durable path, in one process, and where the time goes."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.intake import Intake
from bot.readers.linear import Reader
from dialogs.meaning import danger
from handlers import inbound, waiting
from handlers.ports import House, Update
from handlers.receive import receive
from storage.clock import utc_now
from storage.database import Database

SAID = (
    "我一个人住,身体不好,想进养老院,自己跑不动",
    "没有人",
    "七十六",
    "可以",
    "13812345678",
    "康定路100弄3号202",
)
WRITERS = 64  # clients that send at once; each waits until its message is stored


@dataclass(slots=True)
class Spent:
    """Seconds of work by part, summed over threads."""

    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def timed(self, name: str, fn: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time counted."""

        def run(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return fn(*args, **kwargs)
            finally:
                self.parts[name] += time.perf_counter() - begun

        return run


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    messages: int
    seconds: float
    commits: int
    parts: dict[str, float]

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


async def through(database: Database, house: House, reader: Reader, conversations: int) -> Result:
    """Store and handle every message of `conversations` people; durable at each step."""
    spent = Spent()
    with _timed(spent):
        take = spent.timed("store (receive)", receive)
        look = spent.timed("danger patterns", danger.find)
        counting = _Counting(reader, spent)
        intake = Intake(
            database,
            house,
            lambda: counting,
            owner="bench",
            now=utc_now,
            lease=timedelta(seconds=30),
        )
        total = conversations * len(SAID)
        before = database.stats.commits
        begun = time.perf_counter()
        worker = asyncio.create_task(intake.run())
        people = iter(range(conversations))

        async def client() -> None:
            for person in people:
                for number, text in enumerate(SAID):
                    update = Update("web", "house", f"s{person}", f"m{number}", "text", text)
                    await database.write(take, update, look(text), utc_now(), house, 0)

        await asyncio.gather(*(client() for _ in range(WRITERS)))
        while intake.handled < total:  # noqa: ASYNC110 - the worker has no event for "all"
            await asyncio.sleep(0.005)
        seconds = time.perf_counter() - begun
        await intake.stop()
        await worker
    return Result(total, seconds, database.stats.commits - before, dict(spent.parts))


class _Counting:
    def __init__(self, reader: Reader, spent: Spent) -> None:
        self.at_once = reader.at_once
        self.read = spent.timed("reading (linear)", reader.read)


@contextmanager
def _timed(spent: Spent) -> Iterator[None]:
    """Count the time of the two transactions of the worker while the run lasts."""
    kept = inbound.handle, waiting.take_waiting
    inbound.handle = spent.timed("handling", inbound.handle)
    waiting.take_waiting = spent.timed("taking", waiting.take_waiting)
    try:
        yield
    finally:
        inbound.handle, waiting.take_waiting = kept


def bare_commits(folder: Path, seconds: float = 2.0) -> float:
    """Durable transactions of three inserts a second with bare sqlite3: this disk's own measure."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)")
    until, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        db.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            db.execute("INSERT INTO t (body) VALUES (?)", (b"x" * 200,))
        db.execute("COMMIT")
        done += 1
    db.close()
    return done / seconds
