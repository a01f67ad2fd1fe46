"""One life of the house with both bots: the real App, as bot/app.py serves it, forked by a nest."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop
from pydantic import SecretStr

from bot import bots, line, log
from bot.app import ROLES, App, serve
from bot.channels import registry
from bot.channels.telegram import pace, polling, take_in
from bot.channels.telegram_residents import channel as residents
from bot.channels.telegram_staff import channel as staff
from bot.settings import Settings
from handlers import remind, waiting
from storage import conversations, failpoints, outbox
from storage.clock import Clock
from storage.database import Database, Db
from storage.files import MediaFiles
from tests.durability import life as usual
from tests.durability.journal import Journal
from tests.durability.plan import KEYS
from tests.durability.telegram.plan import SECRET, Plan

__all__ = ["Plan", "live", "prepare"]

# A life that takes longer hangs; a whole broadcast takes minutes.
LIMIT_SECONDS = 90.0 + int(os.environ.get("BROADCAST", "0")) / 20
_LOOK_SECONDS = 0.02
# One message a moment is no flood; a message that was often in hand when the process was killed
# is not parked.
ATTEMPTS, A_MINUTE = 1_000, 1_000_000


def prepare() -> None:
    """Import and warm up what every life needs, so that a fork begins at once."""
    usual.prepare()
    uvloop.new_event_loop().close()


def settings_of(plan: Plan) -> Settings:
    """The office's settings with a quick beat, and this machine's."""
    given = usual.content().settings
    clock = given.office.clock.model_copy(update={"tick": 0.1, "poll": 50, "stream": 20})
    resident, team = plan.tokens
    machine = {
        "data": Path(plan.folder),
        "port": plan.port,
        "public_url": f"http://127.0.0.1:{plan.port}",
        "telegram_api_base": plan.base,
        "telegram_mode": plan.mode,
        "telegram_secret": SecretStr(SECRET),
        "telegram_resident_token": SecretStr(resident) if resident else None,
        "telegram_staff_token": SecretStr(team) if team else None,
    }
    return given.model_copy(
        update={
            "office": given.office.model_copy(update={"clock": clock}),
            "env": given.env.model_copy(update=machine),
        }
    )


def build(plan: Plan) -> App:
    """The house as bot/app.py puts it together, with the tests' reader and a clock of its own."""
    shared, settings = usual.content(), settings_of(plan)
    clock = Clock()
    clock.advance(timedelta(seconds=plan.ahead))
    database = Database(plan.url, KEYS.vault(), clock=clock)
    # Twenty lives are twenty minutes of its clock: 「要不要接着说?」 would come into a script that
    # nobody reads, and its next words, 先不要, would be a no to that and let the dialog go.
    office = replace(
        shared.house.office,
        attempts=ATTEMPTS,
        messages_a_minute=A_MINUTE,
        reminder=timedelta(days=1),
    )
    house = replace(shared.house, office=office)
    files = MediaFiles(settings.env.data / "media", database.vault)
    needs = registry.Needs(plan.base, house.phrases, house.staff_words, files, database.vault.index)
    return App(
        settings=settings,
        keyring=KEYS,
        upgraded=False,
        database=database,
        house=house,
        phrases=shared.phrases,
        files=files,
        understanding=usual.Understood(),
        bot_channels=registry.open_channels(settings, needs, ROLES),
    )


def live(plan: Plan, begun: Callable[[], object]) -> int:
    """Live by a plan; the exit code. Runs in the forked process; tells when it serves."""
    log.set_up(json=True)
    if plan.point:
        failpoints.arm(plan.point, functools.partial(_die, plan))
    else:
        failpoints.disarm()
    waiting.RETRY_PAUSE = timedelta(milliseconds=20)
    _hurry(plan)
    if plan.fault == "confirm_first":
        take_in.TakeIn.take = _confirm_first  # type: ignore[method-assign]
    uvloop.run(_live(plan, begun))
    return 0


def _die(plan: Plan) -> None:
    Journal(Path(plan.folder)).write("died", point=plan.point, life=plan.life)
    os.kill(os.getpid(), signal.SIGKILL)


def _hurry(plan: Plan) -> None:
    """Shorten the rests that are only waited for."""
    if plan.rest is not None:
        vars(pace).update(CHAT_PAUSE=plan.rest, GROUP_PAUSE=plan.rest)
        for kind in (residents.Residents, staff.Staff):
            kind.abilities = replace(kind.abilities, a_second=None)
    if plan.shorter != 1.0:
        line.FIRST_REST /= plan.shorter
        line.LONGEST_REST /= plan.shorter
        first, longest = polling.FIRST_PAUSE / plan.shorter, polling.LONGEST_PAUSE / plan.shorter
        quick = functools.partial(
            polling.Poller, seconds=2, first_pause=first, longest_pause=longest
        )
        vars(bots)["Poller"] = quick


async def _confirm_first(self: Any, raws: Any) -> list[Any]:
    """The fault that the checks must see: what is fetched counts as stored, and is stored later."""

    async def later() -> None:
        await asyncio.sleep(0.1)
        await _TAKE(self, raws)

    _KEPT.add(asyncio.create_task(later()))
    return []


_TAKE = take_in.TakeIn.take
_KEPT: set[asyncio.Task[Any]] = set()


async def _live(plan: Plan, begun: Callable[[], object]) -> None:
    app = build(plan)
    stop = asyncio.Event()

    async def told(_port: int | None) -> None:
        begun()

    roles = ROLES if plan.port else ROLES - {"web"}
    ending = asyncio.create_task(_enough(app, plan, stop))
    try:
        await serve(app, roles, told=told, stop=stop, signals=False)
    finally:
        ending.cancel()


async def _enough(app: App, plan: Plan, stop: asyncio.Event) -> None:
    """Stop when the people have had enough and nothing is left to do."""
    end = Path(plan.last_word)
    while not (  # noqa: ASYNC110 - the tables know
        await asyncio.to_thread(end.exists) and await app.database.read(_idle, app.clock.now())
    ):
        await asyncio.sleep(_LOOK_SECONDS)
    stop.set()


def _idle(db: Db, now: datetime) -> bool:
    return (
        conversations.pending_total(db) == 0
        and not remind.due_ids(db, now, 1)
        and all(outbox.waiting(db, name) == 0 for name in registry.CHANNELS)
    )
