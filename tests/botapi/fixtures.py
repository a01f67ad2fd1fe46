"""Fixtures for any room's conftest: ``from tests.botapi.fixtures import botapi``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi.api import BotApi


@pytest.fixture
def botapi() -> Iterator[BotApi]:
    """A Bot API of this test's own, with Telegram's limits; at the end it must have been right."""
    with BotApi() as api:
        yield api
        assert not api.wrong
