"""The house's real content and reader, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.house import NLU_DATA, build_house
from bot.readers import linear
from bot.settings import load
from handlers.ports import House, Reader, Viewer
from storage.database import Database
from tests.handlers.street import MORNING, READINGS, Resident, Scripted, Street


@pytest.fixture(scope="session")
def house() -> House:
    made, _ = build_house(load(Path("config.yml"), {}), MORNING.date())
    return made


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return linear.load(NLU_DATA, tmp_path_factory.mktemp("reader"))


@pytest.fixture
def street(database: Database, house: House) -> Street:
    """A street whose reader knows its sentences; `reader` is the real one, slow to begin."""
    if database.is_sqlite:  # what survives a power cut is proved elsewhere; here it only costs time
        event.listen(database.write_engine, "connect", _no_sync)
    return Street(database, house, Scripted(READINGS))


@pytest.fixture
def chen(street: Street) -> Resident:
    """Somebody who writes."""
    return street.resident()


@pytest.fixture
def li(street: Street) -> Viewer:
    """An advisor."""
    return street.member()


@pytest.fixture
def wang(street: Street) -> Viewer:
    """A supervisor."""
    return street.member("王主管", "supervisor")


def _no_sync(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")
