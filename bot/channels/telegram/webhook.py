"""Webhooks: Telegram brings updates to our own web server; 200 only after they are stored."""

from __future__ import annotations

import hmac
import json
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.telegram.line import ALLOWED
from bot.channels.telegram.polling import Attendant
from bot.channels.telegram.take_in import TakeIn
from bot.channels.telegram.turn import Turn

PATHS = {"telegram": "/telegram/residents", "telegram_staff": "/telegram/staff"}
HEADER = "x-telegram-bot-api-secret-token"
MOST_BYTES = 1024 * 1024  # an update is some kilobytes
RETRY_SECONDS = 5
EVERY_SECONDS = 3600.0  # a webhook that somebody took away is set again


def router(path: str, secret: str, take_in: TakeIn) -> APIRouter:
    """The route of one bot.

    Answers 403 without the secret, 413 and 400 to what Telegram never sends, 503 with Retry-After
    when the update cannot be stored now (Telegram comes again), else 200.
    """
    routes = APIRouter(include_in_schema=False)
    expected = secret.encode()

    @routes.post(path)
    async def update(request: Request) -> Response:
        """One update."""
        given = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(given, expected):
            return _answer(403, "forbidden")
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return _answer(413, "too_large")
        try:
            raw: Any = json.loads(bytes(body))
        except (ValueError, RecursionError):
            return _answer(400, "bad_json")
        if not isinstance(raw, dict):
            return _answer(400, "bad_json")
        if await take_in.take([raw]):
            return _answer(503, "busy", {"Retry-After": str(RETRY_SECONDS)})
        return _answer(200, None)

    return routes


def _answer(status: int, error: str | None, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error} if error else {"ok": True}, status, headers)


class Hook(Attendant):
    """Keeps a bot's webhook where it belongs; `run` is its task, `stop` ends it at once."""

    def __init__(
        self,
        take_in: TakeIn,
        turn: Turn,
        url: str,
        secret: str,
        *,
        every: float = EVERY_SECONDS,
        **pauses: float,
    ) -> None:
        channel = take_in.channel
        super().__init__(channel.line, turn, name=channel.name, **pauses)
        self._url, self._secret, self._every = url, secret, every

    async def greet(self) -> None:
        """Say who we are, and set the menu."""
        await super().greet()
        await self.set_commands()

    async def attend(self) -> None:
        """Set the webhook, and let it be for a while."""
        await self._unless_stopped(self.line.set_webhook(self._url, self._secret, ALLOWED))
        await self._well()
        await self.rest(self._every)
