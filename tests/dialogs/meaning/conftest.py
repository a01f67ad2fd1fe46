"""The training data, the evaluation data and one trained model for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.meaning import data, linear

NLU_DATA = Path(__file__).parents[3] / "nlu_data"


def _read(folder: Path) -> list[data.Example]:
    return [e for file in sorted(folder.glob("*.yml")) for e in data.parse(file.read_text("utf-8"))]


@pytest.fixture(scope="session")
def training() -> list[data.Example]:
    return _read(NLU_DATA)


@pytest.fixture(scope="session")
def evaluation() -> list[data.Example]:
    return _read(NLU_DATA / "eval")


@pytest.fixture(scope="session")
def model(training: list[data.Example]) -> linear.Model:
    return linear.train(training)
