"""The composition root: everything that is wired together is wired here.

app = build(settings)            # opens key and database, loads content
await serve(app, ROLES, told)    # until a signal; finishes what is in hand
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
import yaml
from fastapi import FastAPI

from bot import bots, figures
from bot import log as words_out
from bot.backlog import Backlog
from bot.bots import Bot, Means, Sender
from bot.channels import registry
from bot.channels.base import Pushing
from bot.channels.telegram.line import BotChannel
from bot.channels.web import application
from bot.channels.web.follow import CLOSING, Follower
from bot.channels.web.site import Site
from bot.channels.web.streams import Streams
from bot.clock import HouseClock
from bot.disk import Disk
from bot.house import NLU_DATA, PHRASES, build_house, media_limits
from bot.intake import Intake
from bot.opening import CannotOpen, open_house
from bot.passwords import Passwords
from bot.scheduler import Scheduler
from bot.server import CannotListen, Server, hear_signals, listen
from bot.settings import Settings
from bot.understanding import Understanding
from dialogs.reading_yaml import ContentError
from dialogs.wording import Phrases
from handlers.ports import House
from storage import failpoints
from storage.clock import utc_now
from storage.database import Database, StorageError
from storage.files import MediaFiles
from storage.keys import Keyring

log = structlog.get_logger(__name__)

ROLES = frozenset({"web", "telegram", "worker", "scheduler"})
STOP_SECONDS = 5.0


@dataclass(slots=True)
class App:
    """One process of the house."""

    settings: Settings
    keyring: Keyring
    upgraded: bool
    database: Database
    house: House
    phrases: Phrases
    files: MediaFiles
    understanding: Understanding
    channels: tuple[Pushing, ...] = ()
    bot_channels: tuple[BotChannel, ...] = ()
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    owner: str = field(
        default_factory=lambda: f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"
    )
    clock: HouseClock = field(init=False)
    disk: Disk = field(init=False)
    follower: Follower = field(init=False)
    passwords: Passwords = field(init=False)
    intake: Intake = field(init=False)
    scheduler: Scheduler = field(init=False)
    backlog: Backlog = field(init=False)
    decoding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    senders: tuple[Sender, ...] = field(init=False)
    bots: tuple[Bot, ...] = field(init=False)

    def __post_init__(self) -> None:
        office = self.settings.office
        every, self.clock = office.clock, HouseClock(self.database)
        now, lease, poll = self.clock.now, timedelta(seconds=every.lease), every.poll / 1000
        self.disk = Disk(self.settings.env.data, office.limits.free_disk)
        self.follower = Follower(self.database, every.stream / 1000)
        self.passwords = Passwords()
        self.intake = Intake(
            self.database,
            self.house,
            self.understanding.now,
            owner=self.owner,
            now=now,
            lease=lease,
            poll=poll,
            loaded=self.understanding.loaded,
        )
        self.scheduler = Scheduler(self.database, self.house, self.files, now=now, tick=every.tick)
        self.backlog = Backlog(self.database)
        means = Means(
            settings=self.settings,
            database=self.database,
            house=self.house,
            files=self.files,
            backlog=self.backlog,
            disk=self.disk,
            decoding=self.decoding,
            limits=media_limits(self.settings.office),
            owner=self.owner,
            now=now,
        )
        self.senders = tuple(Sender(means, channel, None) for channel in self.channels)
        self.bots = tuple(Bot(means, channel) for channel in self.bot_channels)

    def web(self, *, describe: bool = False) -> FastAPI:
        """The web application of this process."""
        staff_words = yaml.safe_load((PHRASES / "staff.zh.yml").read_text(encoding="utf-8"))
        streams = Streams(
            self.database,
            self.house,
            self.follower,
            self.closing,
            self.settings.office.clock.keep_alive,
        )
        site = Site(
            settings=self.settings,
            database=self.database,
            house=self.house,
            files=self.files,
            streams=streams,
            follower=self.follower,
            disk=self.disk,
            backlog=self.backlog,
            passwords=self.passwords,
            page_words=self.phrases,
            staff_words=staff_words,
            now=self.clock.now,
            ready=self.ready,
            closing=self.closing,
            decoding=self.decoding,
            bots=self.bot_states,
        )
        made = application.create(
            site, figures.registry(lambda: figures.of(self)), describe=describe
        )
        for bot in self.bots:
            if (route := bot.router()) is not None:
                made.include_router(route)
        return made

    async def bot_states(self) -> dict[str, dict[str, Any]]:
        """How each bot is that this house has a token for, as far as can be told now."""
        return await bots.states(self.database, registry.accounts(self.settings))

    async def ready(self) -> dict[str, bool]:
        """What a working process needs, part by part."""
        try:
            async with asyncio.timeout(2.0):
                await self.database.read(lambda db: db.connection().exec_driver_sql("SELECT 1"))
            answers = True
        except (StorageError, TimeoutError):
            answers = False
        return {
            "database": answers,
            "disk": not self.disk.is_low,
            "reader": self.understanding.now() is not None,
            "open": not self.closing.is_set(),
        }

    async def close(self) -> None:
        """End the threads. The workers must have stopped."""
        self.closing.set()
        self.database.wakes.fire([CLOSING])
        self.passwords.close()
        await self.database.close()


def build(
    settings: Settings,
    *,
    roles: frozenset[str] = ROLES,
    channels: tuple[Pushing, ...] = (),
    understanding: Understanding | None = None,
) -> App:
    """Open key and database, bring the schema up to date, load content and the bots with a token.

    `channels`: others that push. `understanding`: another reader than the linear one, for tests.

    Raises:
        CannotOpen: with one line that names the remedy.
    """
    words_out.plain()
    failpoints.load()
    bots.check(settings, roles)
    try:
        house, content = build_house(
            settings, utc_now().astimezone(settings.office.zone_info).date()
        )
    except ContentError as error:
        raise CannotOpen(str(error)) from error
    opened = open_house(settings)
    vault = opened.database.vault
    kept = MediaFiles(settings.env.data / "media", vault)
    needs = registry.Needs(
        settings.env.telegram_api_base, house.phrases, house.staff_words, kept, vault.index
    )
    return App(
        settings=settings,
        keyring=opened.keyring,
        upgraded=opened.upgraded,
        database=opened.database,
        house=house,
        phrases=content.phrases,
        files=kept,
        understanding=understanding or Understanding(NLU_DATA, settings.env.data / "cache"),
        channels=channels,
        bot_channels=registry.open_channels(settings, needs, roles),
    )


async def serve(
    app: App,
    roles: frozenset[str] = ROLES,
    *,
    told: Callable[[int | None], Coroutine[Any, Any, None]] | None = None,
    stop: asyncio.Event | None = None,
    signals: bool = True,
) -> None:
    """Do the work of `roles` until a signal or `stop`, then finish what is in hand (≤ 5 s).

    `told` is awaited when everything runs, with the port of the web server or None.

    Raises:
        CannotOpen: the port cannot be had.
    """
    stop = stop or asyncio.Event()
    server = None
    if "web" in roles:
        try:
            listener = listen(app.settings.env.host, app.settings.env.port)
        except CannotListen as error:
            await app.close()
            raise CannotOpen(f"cannot listen on {error}; choose another NUANXIN_PORT") from error
        server = Server(app.web(), listener)
    restore = hear_signals(stop) if signals else None
    await app.clock.measure()
    work = [app.clock.run(), app.understanding.load()]
    ending: list[Coroutine[Any, Any, None]] = []
    tasks = {asyncio.create_task(each) for each in work}
    long: list[asyncio.Task[None]] = []
    if server is not None:
        tasks.add(asyncio.create_task(app.follower.run()))
        long.append(asyncio.create_task(server.run_here(), name="web"))
    if "worker" in roles:
        long.append(asyncio.create_task(app.intake.run(), name="intake"))
        long += [asyncio.create_task(each) for sender in app.senders for each in sender.work()]
        ending += [app.intake.stop(), *(each.stop() for each in app.senders)]
    for bot in app.bots:
        long += [asyncio.create_task(each, name=bot.channel.name) for each in bot.work(roles)]
        ending.append(bot.stop())
    if "scheduler" in roles:
        app.scheduler.start()
        ending.append(app.scheduler.stop())
    try:
        if told is not None:
            await told(server.port if server else None)
        await _until(stop, long)
    finally:
        app.closing.set()
        app.database.wakes.fire([CLOSING])
        if server is not None:
            server.leave()
        await asyncio.gather(*ending, return_exceptions=True)
        if long:
            await asyncio.wait(long, timeout=STOP_SECONDS)
        for task in (*tasks, *long):
            task.cancel()
        await asyncio.gather(*tasks, *long, return_exceptions=True)
        await asyncio.gather(*(bot.close() for bot in app.bots), return_exceptions=True)
        await app.close()
        if restore is not None:
            restore()


async def _until(stop: asyncio.Event, long: list[asyncio.Task[None]]) -> None:
    """Until the signal; a worker that ends before it is a fault, and the house says so and ends."""
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({waiting, *long}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in done:
        if task is not waiting:
            log.error("app.ended", task=task.get_name())
            task.result()
