"""A nest for the whole run, and a town for each test, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.town import Nest, Town


@pytest.fixture(scope="session")
def nest() -> Iterator[Nest]:
    """The process that forks lives; started once."""
    made = Nest()
    yield made
    made.close()


@pytest.fixture
def town(nest: Nest, database_url: str, tmp_path: Path) -> Town:
    """An empty house on SQLite, then on PostgreSQL."""
    folder = tmp_path / "town"
    folder.mkdir()
    return Town(nest, database_url, folder)
