"""The line to the staff bot: python-telegram-bot's own requests, with bounded times and the house's
errors.

Only its Bot, its types and its HTTPXRequest are used: polling, pace, clock and web server are the
house's own. Nothing is asked of Telegram when it is made: the house starts while Telegram is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Sequence
from contextvars import ContextVar
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, File, User
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.base import FetchError, SendError
from bot.channels.telegram.errors import fetch_error, send_error
from bot.channels.telegram.line import Me, Raw, judged

QUICK_SECONDS = 2.0  # what is best effort, and getMe
CALL_SECONDS = 7.0  # shorter than a delivery waits (bot/delivery.py), so that we can say why
FILE_SECONDS = 30.0
FETCH_SECONDS = 60.0
MARGIN_SECONDS = 10.0  # over what Telegram holds a long poll back
_CONNECTIONS = 64
_ANSWER: ContextVar[Any] = ContextVar("answer", default=None)


class Refusal(TelegramError):
    """What Telegram answered, whole: the library's own errors keep neither status nor figures.

    `status` None: it was no answer of Telegram's.
    """

    def __init__(self, status: int | None, answer: Any = None) -> None:
        told = answer if isinstance(answer, dict) else {}
        super().__init__(f"refused ({status})")
        self.status, self.description = status, str(told.get("description") or "")
        parameters = told.get("parameters")
        parameters = parameters if isinstance(parameters, dict) else {}
        self.retry_after, self.migrate_to = (
            parameters.get("retry_after"),
            parameters.get("migrate_to_chat_id"),
        )

    def as_send_error(self) -> SendError | None:
        """What it means for a message; None: as good as done."""
        return send_error(self.status, self.description, self.retry_after, self.migrate_to)


class Requests(HTTPXRequest):
    """The library's requests; a refusal keeps all that Telegram said."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One request. Raises Refusal for an answer that is none of success."""
        status, payload = await super().do_request(*args, **kwargs)
        if not 200 <= status < 300:
            raise Refusal(status, _json(payload))
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. Raises Refusal for one that Telegram does not give; it is not logged, as the
        library would, because it may quote people."""
        found = _json(payload)
        if not isinstance(found, dict) or found.get("ok") is not True or "result" not in found:
            raise Refusal(None)
        return found


class RawBot(Bot):
    """The library's bot, and one call more."""

    async def raw_updates(
        self, offset: int | None, seconds: int, allowed: Sequence[str]
    ) -> list[Any]:
        """getUpdates, the updates unread: one that cannot be parsed must not stop the others."""
        data = {"offset": offset, "timeout": seconds, "allowed_updates": list(allowed)}
        found = await self._post("getUpdates", data, read_timeout=seconds + MARGIN_SECONDS)
        return found if isinstance(found, list) else []

    async def _do_post(self, *args: Any, **kwargs: Any) -> Any:
        """Every call goes through here; what was answered is known even if it cannot be read."""
        found = await super()._do_post(*args, **kwargs)
        _ANSWER.set(found)
        return found


class Line:
    """One bot at Telegram; made without a connection, which the first call opens."""

    def __init__(self, token: str, base: str, commands: Sequence[tuple[str, str]]) -> None:
        """`base`: where the Bot API is. `commands`: the menu, names with their words."""
        self._polling = Requests(connection_pool_size=1, connect_timeout=CALL_SECONDS)
        self._calling = Requests(
            connection_pool_size=_CONNECTIONS,
            pool_timeout=CALL_SECONDS,
            connect_timeout=CALL_SECONDS,
            read_timeout=FILE_SECONDS,  # call() ends what takes longer than it may
            write_timeout=CALL_SECONDS,
            media_write_timeout=FILE_SECONDS,
        )
        base = base.rstrip("/")
        self.bot = RawBot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._calling,
            get_updates_request=self._polling,
        )
        self._commands = [BotCommand(name, words) for name, words in commands]

    async def call(self, calling: Awaitable[Any], seconds: float = CALL_SECONDS) -> Any:
        """What Telegram answers, as the library reads it, or plain where it cannot; None where
        it refused what is as good as done.

        Raises:
            SendError: it did not do it.
        """
        _ANSWER.set(None)
        try:
            async with asyncio.timeout(seconds):
                return await calling
        except Refusal as refusal:
            meant = refusal.as_send_error()
            if meant is None:
                return None
            raise meant from refusal
        except (TelegramError, TimeoutError) as error:
            raise _no_answer() from error
        except (KeyError, TypeError, ValueError, AttributeError):
            if _ANSWER.get() is None:
                raise  # nothing was asked of Telegram: the fault is ours
            return _ANSWER.get()

    async def judged_call(self, calling: Awaitable[Any], seconds: float = CALL_SECONDS) -> Any:
        """The same for a message: trouble over this very call is told from Telegram's absence."""
        try:
            return await self.call(calling, seconds)
        except SendError as error:
            raise await judged(error, self) from error

    # ------------------------------------------------------------ BotLine

    async def me(self) -> Me:
        """getMe."""
        found = await self.call(self.bot.get_me(), QUICK_SECONDS * 2)
        if not isinstance(found, User):
            raise _no_answer()
        return Me(found.id, found.username)

    async def get_updates(
        self, offset: int | None, seconds: int, allowed: Sequence[str]
    ) -> list[Raw]:
        """getUpdates."""
        asked = self.bot.raw_updates(offset, seconds, allowed)
        found = await self.call(asked, seconds + MARGIN_SECONDS)
        return [raw for raw in found or () if isinstance(raw, dict)]

    async def set_webhook(self, url: str, secret: str, allowed: Sequence[str]) -> None:
        """setWebhook."""
        await self.call(
            self.bot.set_webhook(url, secret_token=secret, allowed_updates=list(allowed))
        )

    async def delete_webhook(self) -> None:
        """deleteWebhook."""
        await self.call(self.bot.delete_webhook())

    async def set_commands(self) -> None:
        """setMyCommands, in private chats only: a group has no use for them."""
        await self.call(
            self.bot.set_my_commands(self._commands, scope=BotCommandScopeAllPrivateChats())
        )

    async def close(self) -> None:
        """Give back the connections."""
        for requests in (self._polling, self._calling):
            with contextlib.suppress(Exception):
                await requests.shutdown()

    # ------------------------------------------------------------ files

    async def fetch(self, source: str, most: int) -> bytes:
        """A file by its id, at most `most` bytes. Raises FetchError."""
        try:
            found = await self.judged_call(self.bot.get_file(source))
        except SendError as error:
            raise fetch_error(error) from error
        if not isinstance(found, File) or not found.file_path:
            raise FetchError("lost")
        if (found.file_size or 0) > most:
            raise FetchError("too_big")
        loading = found.download_as_bytearray(read_timeout=FETCH_SECONDS)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                data = await loading
        except Refusal as refusal:
            # The address is good for an hour; the next try asks for a new one.
            raise FetchError(f"refused_{refusal.status}", retryable=True) from None
        except (TelegramError, TimeoutError) as error:
            raise fetch_error(await judged(_no_answer(), self)) from error
        if len(data) > most:
            raise FetchError("too_big")
        return bytes(data)


def _no_answer() -> SendError:
    error = send_error(None)
    if error is None:
        raise AssertionError("no answer is never as good as done")
    return error


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return None
