"""A house with the residents' bot, at a Bot API of this test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings, load
from storage.keys import Keyring
from tests.botapi import BotApi
from tests.botapi.fixtures import botapi
from tests.botapi.world import Bot
from tests.ports import free_port

__all__ = ["botapi"]

SECRET = "a-secret-that-nobody-else-knows"
Made = Callable[..., Settings]


@pytest.fixture
def resident_bot(botapi: BotApi) -> Bot:
    return botapi.bot("residents")


@pytest.fixture
def settings_with(
    tmp_path: Path, keyring: Keyring, sqlite_template: Path, botapi: BotApi, resident_bot: Bot
) -> Made:
    """Settings of a house on SQLite with the residents' bot; more of the environment by name."""

    def make(mode: str = "polling", **more: str) -> Settings:
        path = tmp_path / "house.db"
        if not path.exists():
            shutil.copy(sqlite_template, path)
        config = tmp_path / "config.yml"
        config.write_text("office: {clock: {poll: 100}}\n", encoding="utf-8")
        port = str(free_port()) if mode == "webhook" else "0"
        environ = {
            "NUANXIN_DATABASE_URL": f"sqlite:///{path}",
            "NUANXIN_KEY": keyring.text(),
            "NUANXIN_DATA": str(tmp_path / "data"),
            "NUANXIN_PORT": port,
            "NUANXIN_TELEGRAM_RESIDENT_TOKEN": resident_bot.token,
            "NUANXIN_TELEGRAM_API_BASE": botapi.base,
            "NUANXIN_TELEGRAM_MODE": mode,
        }
        if mode == "webhook":
            environ["NUANXIN_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
            environ["NUANXIN_TELEGRAM_SECRET"] = SECRET
        return load(config, environ | more)

    return make
