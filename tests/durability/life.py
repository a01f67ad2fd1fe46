"""One life of the house: the real App, its workers and its clock, and clients that write to it."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from bot import log
from bot.app import App, serve
from bot.house import build_house
from bot.settings import Settings, load
from bot.understanding import Understanding
from dialogs.meaning import danger
from dialogs.meaning.reading import Reading
from dialogs.wording import Phrases
from handlers import inbound, remind, waiting
from handlers.ports import House
from handlers.talk import Talk
from storage import conversations, failpoints, outbox
from storage.clock import Clock, utc_now
from storage.database import Database, Db
from storage.files import MediaFiles
from storage.inbox import Stored
from tests.durability import faults
from tests.durability.clients import Clients
from tests.durability.journal import Journal
from tests.durability.pigeon import Pigeon
from tests.durability.plan import BITTER, KEYS, PIGEON, POISON, Plan

ROOT = Path(__file__).parents[2]
_IDLE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Content:
    """What all lives share: settings, flows and phrases."""

    settings: Settings
    house: House
    phrases: Phrases


@functools.cache
def content() -> Content:
    """Loaded once, by the nest, before the first fork."""
    settings = load(ROOT / "config.yml", {})
    house, loaded = build_house(settings, utc_now().date())
    return Content(settings, house, loaded.phrases)


def prepare() -> None:
    """Import and warm up what every life needs, so that a fork begins at once."""
    Image.init()
    danger.find("我爸摔了一跤叫不应了")
    assert content().house.flows


def _swallow(talk: Talk, stored: Stored, reading: Reading) -> None:
    """Handling, which raises at the bitter words."""
    if BITTER in str(stored.body.get("text", "")):
        raise RuntimeError("bitter")
    _TAKE(talk, stored, reading)


_TAKE = inbound.take


class Patterns:
    """A cheap reader: danger by the house's patterns, one need by one word; dies of poison."""

    def read(self, text: str) -> Reading:
        """The reading of one message."""
        if POISON in text:
            os.kill(os.getpid(), signal.SIGKILL)
        found = danger.find(text)
        if "低保" in text:
            return Reading(found, ("low_income_aid",), "request_help", "self", 1.0)
        return Reading(found)


class Understood(Understanding):
    """The cheap reader, there from the start."""

    def __init__(self) -> None:
        super().__init__(ROOT, ROOT)
        self.loaded.set()

    def now(self) -> Patterns:
        """The reader."""
        return Patterns()

    async def load(self) -> None:
        """It is there already."""
        self.loaded.set()


def build(plan: Plan, journal: Journal, database: Database) -> App:
    """The house as bot/app.py puts it together, with the tests' reader and channel."""
    shared = content()
    folder = Path(plan.folder)
    settings, office = shared.settings, shared.settings.office
    clock = office.clock.model_copy(update={"tick": 0.05, "poll": 50, "stream": 20})
    settings = settings.model_copy(
        update={
            "office": office.model_copy(update={"clock": clock}),
            "env": settings.env.model_copy(update={"data": folder}),
        }
    )
    rules = replace(shared.house.office, messages_a_minute=10_000, attempts=plan.attempts)
    return App(
        settings=settings,
        keyring=KEYS,
        upgraded=False,
        database=database,
        house=replace(shared.house, office=rules),
        phrases=shared.phrases,
        files=MediaFiles(folder / "media", database.vault),
        understanding=Understood(),
        channels=(Pigeon(journal, plan.life, database.vault),),
    )


def open_database(plan: Plan) -> Database:
    """The town's database, with the clock of this life."""
    clock = Clock()
    clock.advance(timedelta(seconds=plan.ahead))
    return Database(plan.url, KEYS.vault(), clock=clock)


def live(plan: Plan, begun: Callable[[], object]) -> int:
    """Live by a plan; the exit code. Runs in the forked process; tells when its clients begin."""
    log.set_up(json=True)
    journal = Journal(Path(plan.folder))
    if plan.point:
        failpoints.arm(plan.point, functools.partial(_die, journal, plan))
    else:
        failpoints.disarm()
    faults.switch_on(plan.fault)
    inbound.take = _swallow
    waiting.RETRY_PAUSE = timedelta(milliseconds=20)
    asyncio.run(_live(plan, journal, begun))
    return 0


def _die(journal: Journal, plan: Plan) -> None:
    journal.write("died", point=plan.point, life=plan.life)
    os.kill(os.getpid(), signal.SIGKILL)


async def _live(plan: Plan, journal: Journal, begun: Callable[[], object]) -> None:
    database = open_database(plan)
    app = build(plan, journal, database)
    if plan.worker == 0:
        journal.write("recorded", life=plan.life, ids=await database.read(_sent))
    clients = Clients(app, plan, journal)
    stop = asyncio.Event()
    serving = asyncio.create_task(
        serve(app, frozenset({"worker", "scheduler"}), stop=stop, signals=False)
    )
    if plan.chats is None:
        clients.open_web()  # it takes a while; the kill is to fall into the work
    begun()
    writing = asyncio.create_task(_work(app, clients))
    await asyncio.wait({serving, writing}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    if serving.done():
        writing.cancel()  # the house ended by itself: why, is told below
    else:
        await writing
    await serving


async def _work(app: App, clients: Clients) -> None:
    await clients.run()
    while not await app.database.read(_idle, app.clock.now()):  # noqa: ASYNC110 - the tables know
        await asyncio.sleep(_IDLE_SECONDS)


def _idle(db: Db, now: datetime) -> bool:
    return (
        conversations.pending_total(db) == 0
        and outbox.waiting(db, PIGEON) == 0
        and not remind.due_ids(db, now, 1)
    )


def _sent(db: Db) -> list[str]:
    return list(
        db.execute(select(outbox.TABLE.c.id).where(outbox.TABLE.c.state == "sent")).scalars()
    )
