"""The staff bot at a Bot API of this test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.crypto import Vault
from storage.files import MediaFiles
from tests.bot.telegram_staff.desks import Desk, staff_bot
from tests.botapi import OFF, BotApi
from tests.botapi.fixtures import botapi

__all__ = ["botapi"]


@pytest.fixture
async def desk(botapi: BotApi, vault: Vault, tmp_path: Path) -> AsyncIterator[Desk]:
    made = botapi.bot("staff")
    botapi.limits(made).rates = OFF
    files = MediaFiles(tmp_path / "media", vault)
    channel = staff_bot(made.token, botapi.base, files, vault)
    li = botapi.person("李")
    li.opens(made)
    yield Desk(botapi, made, channel, files, li)
    await channel.line.close()
