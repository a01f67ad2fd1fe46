"""A town for each way in which updates come; its journeys' chats are kept as CI output."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.botapi import BotApi
from tests.journeys.live_house import SHORT
from tests.journeys.telegram.town import Town

MODES = [  # each mode's house serves all its journeys, so they stay in one worker
    pytest.param(mode, id=mode, marks=pytest.mark.xdist_group(f"telegram-{mode}"))
    for mode in ("polling", "webhook")
]
HASTY = SHORT | {"clock": SHORT["clock"] | {"lease": 4}}  # who is killed is soon missed


@pytest.fixture(scope="session")
def api() -> Iterator[BotApi]:
    """Telegram, as this town's bots know it."""
    with BotApi(retry_unit=0.02) as made:
        yield made
        assert not made.wrong


@pytest.fixture(scope="session", params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """How updates come."""
    return str(request.param)


@pytest.fixture(scope="session")
def whole_town(api: BotApi, mode: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A house for all journeys in which nothing is killed and no time runs out."""
    town = Town.build(api, tmp_path_factory.mktemp(f"town-{mode}"), mode, quick=True)
    yield town
    assert town.house.stop() == 0


@pytest.fixture
def town(whole_town: Town, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The town on a new morning."""
    yield from a_day(whole_town, request)


def a_day(town: Town, request: pytest.FixtureRequest) -> Iterator[Town]:
    """One journey; what was read is kept, and what the house logged is shown when it failed."""
    town.morning()
    before = len(town.house.lines)
    yield town
    town.transcript(request.node.originalname.removeprefix("test_"))
    print("".join(town.house.lines[before:]))


@pytest.fixture(scope="module")
def whole_hasty_town(
    api: BotApi, mode: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A house in which minutes are seconds, and which may be killed."""
    folder = tmp_path_factory.mktemp(f"hasty-{mode}")
    town = Town.build(api, folder, mode, quick=True, **HASTY)
    yield town
    assert town.house.stop() == 0


@pytest.fixture
def hasty_town(whole_hasty_town: Town, request: pytest.FixtureRequest) -> Iterator[Town]:
    """The hasty town on a new morning."""
    yield from a_day(whole_hasty_town, request)
