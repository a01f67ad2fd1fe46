"""SIGKILL at random moments under load, many on one database; on PostgreSQL two processes too."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from tests.durability.town import Town, figures

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.load]

KILLS = 30  # a town
LATEST = 0.35  # seconds under load
# KILL_SEED=1234 makes other choices; a failure names the seed of its town.
FIRST = int(os.environ.get("KILL_SEED", "1"))
# Often killed, any update may be parked at the third attempt, which breaks off its dialog. So
# every second town has more attempts, and there each dialog must come to exactly one case.
TOWNS = [(FIRST, 3), (FIRST + 1, 1000), (FIRST + 2, 3), (FIRST + 3, 1000)]


def moment(town: Town) -> dict[str, Any]:
    """When the next life is killed: mostly under load, now and then while it starts."""
    if town.chance.random() < 0.15:
        return {"kill_after": town.chance.uniform(0.0, 0.2), "from_fork": True}
    return {"kill_after": town.chance.uniform(0.0, LATEST)}


@pytest.mark.parametrize(("seed", "attempts"), TOWNS)
def test_kills_at_any_moment_lose_nothing(town: Town, seed: int, attempts: int) -> None:
    town.begin(seed, attempts)
    # a busy machine does less between two kills: it is killed more often, until enough was written
    while town.kills < KILLS or (
        town.kills < 10 * KILLS and len(town.journal.read("accepted")) <= 5 * KILLS
    ):
        if town.chance.random() < 0.1:
            town.lives(chats=3, step=45.0)
        town.dies(**moment(town), step=45.0)
    seen = town.check()
    print(figures(town, seen))
    if attempts > KILLS:
        assert not [
            row for talk in seen.talks.values() for row in talk.inbox if row.state == "parked"
        ]
    assert sum(len(talk.accepted) for talk in seen.talks.values()) > 5 * KILLS


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
@pytest.mark.parametrize("seed", [FIRST + 10, FIRST + 11])
def test_two_processes_die_at_any_moment(town: Town, seed: int) -> None:
    town.begin(seed, attempts=1000)
    while town.kills < KILLS:
        first = town.plan(chats=None, **moment(town), step=45.0)
        town.live(first, replace(first, worker=1, **moment(town)))
    seen = town.check()
    print(figures(town, seen))
    assert {chat.rpartition("-")[2][0] for chat in seen.talks} == {"0", "1"}
