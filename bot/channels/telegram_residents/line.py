"""The line to the residents' bot: aiogram's own requests, with bounded times and the house's
errors."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from aiogram import Bot, exceptions, methods
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.types import BotCommand
from aiohttp import ClientError, ClientResponseError

from bot.channels.base import FetchError, SendError
from bot.channels.telegram.errors import UNREACHABLE, fetch_error, send_error
from bot.channels.telegram.line import Me, Raw, judged

QUICK_SECONDS = 2.0  # what is best effort, and getMe
CALL_SECONDS = 7.0  # shorter than a delivery waits (bot/delivery.py), so that we can say why
FILE_SECONDS = 30.0
FETCH_SECONDS = 60.0
MARGIN_SECONDS = 10.0  # over what Telegram holds a long poll back
_CHUNK = 64 * 1024

# Statuses of aiogram's exceptions; the first that fits decides.
_STATUS: tuple[tuple[type[Exception], int | None], ...] = (
    (exceptions.TelegramEntityTooLarge, 413),
    (exceptions.TelegramNetworkError, None),
    (exceptions.ClientDecodeError, None),
    (exceptions.TelegramRetryAfter, 429),
    (exceptions.TelegramServerError, 500),
    (exceptions.TelegramUnauthorizedError, 401),
    (exceptions.TelegramForbiddenError, 403),
    (exceptions.TelegramNotFound, 404),
    (exceptions.TelegramConflictError, 409),
    (exceptions.TelegramAPIError, 400),
)


class RawUpdates(TelegramMethod[list[Any]]):
    """getUpdates, the updates unread: one that aiogram cannot parse must not stop the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = 100
    timeout: int = 0
    allowed_updates: list[str] | None = None


class Line:
    """One bot at Telegram; made without a connection, which the first call opens."""

    def __init__(self, token: str, base: str, commands: Sequence[tuple[str, str]]) -> None:
        """`base`: where the Bot API is. `commands`: the menu, names with their words."""
        api = TelegramAPIServer.from_base(base)
        self.bot = Bot(
            token,
            AiohttpSession(api=api, timeout=CALL_SECONDS),
            DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True),
        )
        self._commands = [BotCommand(command=name, description=words) for name, words in commands]

    async def call(self, method: TelegramMethod[Any], seconds: float = CALL_SECONDS) -> Any:
        """What Telegram answers; None where it refused what is as good as done.

        Raises:
            SendError: it did not do it.
        """
        try:
            # aiogram hands the seconds on to aiohttp, which takes fractions too
            return await self.bot(method, request_timeout=seconds)  # type: ignore[arg-type]
        except exceptions.ClientDecodeError as error:
            if isinstance(error.data, dict) and error.data.get("ok") is True:
                return error.data.get("result")  # done, only in words that aiogram does not know
            raise _refusal(error) or error from error
        except (exceptions.TelegramAPIError, OSError, ValueError) as error:
            refusal = _refusal(error)
            if refusal is None:
                return None
            raise refusal from error

    async def judged_call(self, method: TelegramMethod[Any], seconds: float = CALL_SECONDS) -> Any:
        """The same for a message: trouble over this very call is told from Telegram's absence."""
        try:
            return await self.call(method, seconds)
        except SendError as error:
            raise await judged(error, self) from error

    # ------------------------------------------------------------ BotLine

    async def me(self) -> Me:
        """getMe."""
        found = await self.call(methods.GetMe(), QUICK_SECONDS * 2)
        return Me(found.id, found.username)

    async def get_updates(
        self, offset: int | None, seconds: int, allowed: Sequence[str]
    ) -> list[Raw]:
        """getUpdates."""
        method = RawUpdates(offset=offset, timeout=seconds, allowed_updates=list(allowed))
        found = await self.call(method, seconds + MARGIN_SECONDS)
        return [raw for raw in found or () if isinstance(raw, dict)]

    async def set_webhook(self, url: str, secret: str, allowed: Sequence[str]) -> None:
        """setWebhook."""
        await self.call(
            methods.SetWebhook(url=url, secret_token=secret, allowed_updates=list(allowed))
        )

    async def delete_webhook(self) -> None:
        """deleteWebhook."""
        await self.call(methods.DeleteWebhook())

    async def set_commands(self) -> None:
        """setMyCommands."""
        await self.call(methods.SetMyCommands(commands=self._commands))

    async def close(self) -> None:
        """Give back the connections."""
        with contextlib.suppress(Exception):
            await self.bot.session.close()

    # ------------------------------------------------------------ files

    async def fetch(self, source: str, most: int) -> bytes:
        """A file by its id, at most `most` bytes. Raises FetchError."""
        try:
            found = await self.judged_call(methods.GetFile(file_id=source))
        except SendError as error:
            raise fetch_error(error) from error
        path = getattr(found, "file_path", None)
        if not path:
            raise FetchError("lost")
        if (found.file_size or 0) > most:
            raise FetchError("too_big")
        url = self.bot.session.api.file_url(self.bot.token, path)
        data = bytearray()
        stream = self.bot.session.stream_content(url, timeout=int(FETCH_SECONDS), chunk_size=_CHUNK)
        try:
            async for chunk in stream:
                data += chunk
                if len(data) > most:
                    raise FetchError("too_big")
        except ClientResponseError as error:
            # The address is good for an hour; the next try asks for a new one.
            raise FetchError(f"refused_{error.status}", retryable=True) from None
        except (ClientError, OSError, TimeoutError) as error:
            raise fetch_error(await judged(_unreachable(), self)) from error
        finally:
            await stream.aclose()
        return bytes(data)


def _unreachable() -> SendError:
    return SendError(UNREACHABLE, retryable=True, everywhere=True)


def _refusal(error: Exception) -> SendError | None:
    """What an exception of a call means; None: as good as done. Never with the bot's token, which
    stands in addresses."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
    return send_error(
        status,
        getattr(error, "message", ""),
        getattr(error, "retry_after", None),
        getattr(error, "migrate_to_chat_id", None),
    )
