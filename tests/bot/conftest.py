"""A house per test, on SQLite and on PostgreSQL, or on SQLite alone where that is enough."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from storage.keys import Keyring
from tests.bot.running import Running, running, settings_of


@pytest.fixture
def both_settings(database_url: str, tmp_path: Path, keyring: Keyring) -> Settings:
    """Settings on both databases."""
    return settings_of(database_url, tmp_path, keyring.text())


@pytest.fixture
def settings(tmp_path: Path, keyring: Keyring, sqlite_template: Path) -> Settings:
    """Settings on SQLite."""
    path = tmp_path / "house.db"
    shutil.copy(sqlite_template, path)
    return settings_of(f"sqlite:///{path}", tmp_path, keyring.text())


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[Running]:
    """A house at work, on SQLite."""
    async with running(settings) as made:
        yield made


@pytest.fixture
async def both(both_settings: Settings) -> AsyncIterator[Running]:
    """A house at work, on both databases."""
    async with running(both_settings) as made:
        yield made
