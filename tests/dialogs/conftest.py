"""Content in both languages, loaded once, and a folder of flows that tests may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.content import HERE, Content, load_content


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="session")
def english() -> Content:
    return load_content("en")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house's content."""
    shutil.copytree(HERE / "flows", tmp_path / "flows")
    shutil.copytree(HERE / "phrases", tmp_path / "phrases")
    shutil.copy(HERE / "slots.yml", tmp_path)
    return tmp_path


@pytest.fixture
def write_flow(house: Path) -> Callable[[list[dict[str, Any]], dict[str, Any]], Path]:
    """Adds a flow `test` with these steps and head lines; returns the folder of flows."""

    def write(steps: list[dict[str, Any]], head: dict[str, Any]) -> Path:
        raw = {"flow": "test", "title": "试试", **head, "steps": steps}
        text = yaml.safe_dump(raw, allow_unicode=True, sort_keys=False)
        (house / "flows" / "test.yml").write_text(text, encoding="utf-8")
        return house / "flows"

    return write
