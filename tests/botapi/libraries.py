"""Both libraries, pointed at the test server."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from tests.botapi.api import BotApi
from tests.botapi.world import Bot

if TYPE_CHECKING:
    import aiogram
    import telegram


@contextlib.asynccontextmanager
async def on_aiogram(api: BotApi, bot: Bot, **session: Any) -> AsyncIterator[aiogram.Bot]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import aiogram
        from aiogram.client.session.aiohttp import AiohttpSession
        from aiogram.client.telegram import TelegramAPIServer

    line = AiohttpSession(api=TelegramAPIServer.from_base(api.base), **session)
    async with aiogram.Bot(bot.token, session=line) as made:
        yield made


@contextlib.asynccontextmanager
async def on_telegram(api: BotApi, bot: Bot) -> AsyncIterator[telegram.Bot]:
    import telegram

    made = telegram.Bot(bot.token, base_url=f"{api.base}/bot", base_file_url=f"{api.base}/file/bot")
    async with made:
        yield made
    await made.shutdown()
