"""The line to a bot: what polling and webhooks need of a library, whichever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from bot.channels.base import Pushing, SendError
from bot.channels.telegram.errors import is_unreachable, one_call

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
PROBE_SECONDS = 2.0
Raw = dict[str, Any]  # an update as Telegram wrote it, not yet read by a library


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is, as Telegram says."""

    id: int
    username: str | None


class BotLine(Protocol):
    """One bot's calls that are not messages. Each raises SendError, with ``everywhere`` set and a
    code of bot/channels/telegram/errors.py where nothing can be had at all."""

    async def me(self) -> Me:
        """getMe, in a few seconds at most."""

    async def get_updates(
        self, offset: int | None, seconds: int, allowed: Sequence[str]
    ) -> list[Raw]:
        """getUpdates, each update unread; Telegram holds the answer back up to `seconds`."""

    async def set_webhook(self, url: str, secret: str, allowed: Sequence[str]) -> None:
        """setWebhook; keeps what waits."""

    async def delete_webhook(self) -> None:
        """deleteWebhook; keeps what waits."""

    async def set_commands(self) -> None:
        """The menu of commands, in the house's words; may do nothing."""

    async def close(self) -> None:
        """Give back connections; never raises."""


class BotChannel(Pushing, Protocol):
    """A pushing channel that is a bot of Telegram."""

    @property
    def line(self) -> BotLine:
        """Its line."""

    @property
    def reads_danger(self) -> bool:
        """Whether danger is read in what is written here: yes for residents, never for staff."""

    async def acknowledged(self, raw: Raw) -> None:
        """After the commit (or for an update that holds nothing for the house, ``to_update`` gave
        None): answer a pressed button and the like. Best effort; never raises."""


@runtime_checkable
class Marking(Protocol):
    """A bot that shows under a question what was pressed, where the pace leaves room for it."""

    may_edit: Callable[[], bool]


async def judged(error: SendError, line: BotLine) -> SendError:
    """Is Telegram away, or did it fail over this very call? Asked with getMe: a message that
    makes Telegram fail each time must not hold up the others, and no message must pay for an
    outage."""
    if not is_unreachable(error):
        return error
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await line.me()
    except (SendError, TimeoutError):
        return error
    return one_call(error)
