"""One-time links as whoever hands them out reads them: to the desk, and to the staff's bot."""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels.registry import accounts
from bot.cli.common import both
from bot.settings import Settings
from handlers.ports import STAFF_CHANNEL
from storage import bots
from storage.database import Db


def username(db: Db, settings: Settings) -> str | None:
    """How the staff's bot is called; None without one, or before Telegram has said so."""
    account = accounts(settings).get(STAFF_CHANNEL)
    return bots.username(db, STAFF_CHANNEL, account) if account is not None else None


def lines(settings: Settings, page: str, token: str, bot: str | None) -> Iterator[str]:
    """The ways in with a link: `bot` is the staff bot's name where it is known."""
    yield f"{page}/desk/join/{token}"
    if bot is not None:
        yield f"https://t.me/{bot}?start={token}"
    elif STAFF_CHANNEL in accounts(settings):
        yield both("link_start", token=token)
