"""The house's real content and reader, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.house import NLU_DATA, build_house
from bot.readers import linear
from bot.settings import load
from handlers.ports import House, Reader
from storage.database import Database
from tests.handlers.street import MORNING, Street


@pytest.fixture(scope="session")
def house() -> House:
    made, _ = build_house(load(Path("config.yml"), {}), MORNING.date())
    return made


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return linear.load(NLU_DATA, tmp_path_factory.mktemp("reader"))


@pytest.fixture
def street(database: Database, house: House, reader: Reader) -> Street:
    return Street(database, house, reader)
