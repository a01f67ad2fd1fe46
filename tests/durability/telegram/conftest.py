"""A nest that has imported both libraries once, and a town for each test, in both modes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import OFF, BotApi
from tests.durability.telegram.town import Town
from tests.durability.town import Nest


@pytest.fixture(scope="session")
def bot_nest() -> Iterator[Nest]:
    """The process that forks lives with bots; aiogram takes seconds, so it is started once."""
    made = Nest("tests.durability.telegram.life")
    yield made
    made.close()


@pytest.fixture
def quick_api() -> Iterator[BotApi]:
    """A Bot API that takes everything at once."""
    with BotApi(rates=OFF) as api:
        yield api
        assert not api.wrong


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> str:
    """polling, then webhook."""
    found: str = request.param
    return found


@pytest.fixture
def bot_town(
    bot_nest: Nest, database_url: str, tmp_path: Path, quick_api: BotApi, mode: str
) -> Town:
    """An empty house with two bots on SQLite, then on PostgreSQL."""
    folder = tmp_path / "town"
    folder.mkdir()
    return Town.found(bot_nest, database_url, folder, quick_api, mode)
