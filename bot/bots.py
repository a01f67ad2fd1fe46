"""The bots of this process: their way in, their way out, their files, and how they are."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter

from bot import media
from bot.backlog import Backlog
from bot.channels.base import Pushing
from bot.channels.registry import accounts
from bot.channels.telegram import webhook
from bot.channels.telegram.identity import Identity
from bot.channels.telegram.line import BotChannel, Marking
from bot.channels.telegram.polling import Attendant, Poller
from bot.channels.telegram.take_in import TakeIn
from bot.channels.telegram.turn import Turn
from bot.delivery import Delivery
from bot.disk import Disk
from bot.fetching import Fetching
from bot.figures import Figures
from bot.holding import Holding
from bot.opening import CannotOpen
from bot.settings import Settings
from bot.staff_feed import StaffFeed
from handlers.ports import STAFF_CHANNEL, House
from storage import bots as table
from storage.database import Database, StorageError
from storage.files import MediaFiles

SEND_SECONDS = 10.0
STATES_SECONDS = 2.0
HELD_AFTER = 5.0  # seconds that a bot is held beyond what a send may take
Work = Coroutine[Any, Any, None]


@dataclass(frozen=True, slots=True)
class Means:
    """What every bot works with; made once by bot/app.py."""

    settings: Settings
    database: Database
    house: House
    files: MediaFiles
    backlog: Backlog
    disk: Disk
    decoding: asyncio.Semaphore
    limits: media.Limits
    owner: str
    now: Callable[[], datetime]


class Sender:
    """What goes out on one channel that pushes; a bot's turn to send is held."""

    def __init__(self, means: Means, channel: Pushing, holding: Holding | None) -> None:
        every = means.settings.office.clock
        self.holding = holding
        self.delivery = Delivery(
            means.database,
            channel,
            means.house,
            owner=means.owner,
            now=means.now,
            poll=every.poll / 1000,
            lease=timedelta(seconds=every.lease),
            send_seconds=send_seconds(means.settings),
            holding=holding,
        )

    def work(self) -> list[Work]:
        """Its tasks."""
        held = [self.holding.run()] if self.holding is not None else []
        return [*held, self.delivery.run()]

    async def stop(self) -> None:
        """Finish what is being sent, and let another process begin."""
        await self.delivery.stop()
        if self.holding is not None:
            await self.holding.stop()


class Bot:
    """One bot of Telegram: what comes in, what goes out, and the files that it holds for us."""

    def __init__(self, means: Means, channel: BotChannel) -> None:
        self.channel, self._means = channel, means
        self.take_in = TakeIn(
            means.database,
            channel,
            means.house,
            means.backlog,
            now=means.now,
            has_room=lambda: not means.disk.is_full,
            unknown=Identity(means.database.vault.index, channel.name, channel.account).unknown,
        )
        self._polls = self._holding(table.POLL)
        turn = Turn(means.database, self._polls, now=means.now)
        self.attendant: Attendant
        secret = means.settings.env.telegram_secret
        if means.settings.env.telegram_mode == "webhook" and secret is not None:
            url = means.settings.public_url + webhook.PATHS[channel.name]
            self.attendant = webhook.Hook(self.take_in, turn, url, secret.get_secret_value())
        else:
            self.attendant = Poller(self.take_in, turn)
        sends = self._holding(table.SEND)
        self.sender = Sender(means, channel, sends)
        if isinstance(channel, Marking):
            channel.may_edit = self.sender.delivery.spare
        self.feed: StaffFeed | None = None
        if channel.name == STAFF_CHANNEL:
            poll = means.settings.office.clock.poll / 1000
            self.feed = StaffFeed(
                means.database, means.house, channel.account, sends, now=means.now, poll=poll
            )
        self.fetching = Fetching(
            means.database,
            channel,
            means.files,
            means.house,
            owner=means.owner,
            now=means.now,
            limits=means.limits,
            decoding=means.decoding,
            has_room=lambda: not means.disk.is_low,
            poll=means.settings.office.clock.poll / 1000,
        )

    def _holding(self, line: str) -> Holding:
        means, channel = self._means, self.channel
        name = table.line_name(channel.name, channel.account, line)
        seconds = send_seconds(means.settings) + HELD_AFTER
        return Holding(means.database, name, means.owner, seconds)

    def router(self) -> APIRouter | None:
        """The route that Telegram calls; None where the house asks by itself."""
        env = self._means.settings.env
        if env.telegram_mode != "webhook" or env.telegram_secret is None:
            return None
        path, secret = webhook.PATHS[self.channel.name], env.telegram_secret.get_secret_value()
        return webhook.router(path, secret, self.take_in)

    def work(self, roles: Iterable[str]) -> list[Work]:
        """Its tasks in a process with these roles."""
        found: list[Work] = []
        if "telegram" in roles:
            found += [self._polls.run(), self.attendant.run()]
        if "worker" in roles:
            found += [*self.sender.work(), self.fetching.run()]
            found += [self.feed.run()] if self.feed is not None else []
        return found

    def figures(self) -> Figures:
        """For /metrics."""
        name = self.channel.name
        return {
            f"{name}_taken_in": ("Updates stored since the start", self.take_in.taken),
            f"{name}_fetches": ("1 when updates can be had", self.attendant.error is None),
            f"{name}_sends": ("1 when messages can be sent", self.sender.delivery.up),
            f"{name}_waiting": ("Messages that wait to be sent", self.sender.delivery.waiting),
            f"{name}_files_kept": ("Files fetched since the start", self.fetching.kept),
        }

    async def stop(self) -> None:
        """Finish what is in hand; the turns are given back last."""
        feed = [self.feed.stop()] if self.feed is not None else []
        await asyncio.gather(
            self._stop_taking_in(), self.fetching.stop(), self.sender.stop(), *feed
        )

    async def _stop_taking_in(self) -> None:
        await self.attendant.stop()
        await self._polls.stop()

    async def close(self) -> None:
        """When its tasks have ended: answer what is left to answer, and hang up."""
        await self.take_in.stop()
        await self.channel.line.close()


async def states(database: Database, of: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """How bots are, as whichever process speaks for them has told: by channel and line.

    `of`: which bot of each channel. {} for none, and while the database does not answer.
    """
    if not of:
        return {}
    try:
        async with asyncio.timeout(STATES_SECONDS):
            rows = await database.read(table.states)
    except (StorageError, TimeoutError):
        return {}
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if of.get(row.channel) == row.account:
            found.setdefault(row.channel, {})[row.line] = {
                "state": row.state,
                "error": row.error,
                "since": row.since.isoformat() if row.since else None,
            }
    return found


def send_seconds(settings: Settings) -> float:
    """How long one send may take: a message's lease is twice as long at least."""
    return min(SEND_SECONDS, settings.office.clock.lease / 2)


def check(settings: Settings, roles: Iterable[str] = ()) -> None:
    """Whether the bots' settings go together, and a process with these roles has work.

    Raises:
        CannotOpen: with the remedy.
    """
    given, env = accounts(settings), settings.env
    if not given and set(roles) == {"telegram"}:
        raise CannotOpen(
            "--roles telegram has nothing to do; set NUANXIN_TELEGRAM_RESIDENT_TOKEN or"
            " NUANXIN_TELEGRAM_STAFF_TOKEN"
        )
    if len(set(given.values())) < len(given):
        raise CannotOpen(
            "NUANXIN_TELEGRAM_RESIDENT_TOKEN and NUANXIN_TELEGRAM_STAFF_TOKEN are of one bot;"
            " make a second bot with BotFather for the staff"
        )
    if not given or env.telegram_mode != "webhook":
        return
    if env.telegram_secret is None:
        raise CannotOpen(
            "NUANXIN_TELEGRAM_MODE=webhook needs NUANXIN_TELEGRAM_SECRET, so that nobody but"
            " Telegram can bring updates; set 16 or more letters and figures, or use polling"
        )
    url = urlsplit(env.public_url or "")
    if url.scheme != "https" and not _is_here(url.hostname):
        raise CannotOpen(
            "NUANXIN_TELEGRAM_MODE=webhook needs NUANXIN_PUBLIC_URL with https, where Telegram"
            " reaches this house; set it, or use polling"
        )


def _is_here(host: str | None) -> bool:
    """This very machine: a Bot API server of one's own, and tests."""
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
