"""What answers in the bench: a bare echo of each library, and the house.

python -m tests.bench.bots aiogram|telegram|house BASE TOKEN FOLDER
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any


async def aiogram(base: str, token: str, _folder: Path) -> None:
    """aiogram as its first example: a Dispatcher that polls, and one handler."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    await dispatcher.start_polling(Bot(token, session=session), handle_signals=False)


async def telegram(base: str, token: str, _folder: Path) -> None:
    """python-telegram-bot as its first example, but with its updates side by side."""
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    async def echo(update: Update, _context: Any) -> None:
        if update.message is not None:
            await update.message.reply_text(update.message.text or "")

    builder = Application.builder().token(token).base_url(f"{base}/bot")
    application = builder.concurrent_updates(True).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await asyncio.Event().wait()


async def house(base: str, token: str, folder: Path) -> None:
    """The whole house on SQLite, with its reader; only the pace that Telegram asks for is off."""
    from bot import log
    from bot.app import build, serve
    from bot.channels.telegram import pace
    from bot.channels.telegram_residents import channel
    from bot.settings import load

    vars(pace).update(CHAT_PAUSE=0.0)
    abilities = channel.Residents.abilities
    channel.Residents.abilities = replace(abilities, a_second=None)
    log.set_up()
    environ = {
        "NUANXIN_DATA": str(folder),
        "NUANXIN_KEY_FILE": str(folder / "house.key"),
        "NUANXIN_TELEGRAM_RESIDENT_TOKEN": token,
        "NUANXIN_TELEGRAM_API_BASE": base,
    }
    roles = frozenset({"telegram", "worker", "scheduler"})
    app = build(load(Path("config.yml"), environ), roles=roles)
    await app.understanding.load()
    await serve(app, roles)


def main() -> None:
    """Run one of them until it is ended."""
    import uvloop

    name, base, token, folder = sys.argv[1:]
    bot = {"aiogram": aiogram, "telegram": telegram, "house": house}[name]
    uvloop.run(bot(base, token, Path(folder)))


if __name__ == "__main__":
    main()
