"""A server without rate limits for the server's own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi.api import BotApi
from tests.botapi.calling import Caller
from tests.botapi.limits import OFF
from tests.botapi.people import Person
from tests.botapi.world import Bot


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi(rates=OFF) as made:
        yield made
        assert not made.wrong


@pytest.fixture
def bot(api: BotApi) -> Bot:
    return api.bot("residents")


@pytest.fixture
def call(api: BotApi, bot: Bot) -> Caller:
    return Caller(api, bot)


@pytest.fixture
def granny(api: BotApi, bot: Bot) -> Person:
    made = api.person("李阿婆")
    made.opens(bot)
    return made
