"""SIGKILL while people write to the bot: 0 lost, order kept, at most one twice a chat a kill.

The suite goes through both modes and both databases once in each test. KILLS=200 makes more of the
random ones, in every pair, and KILL_SEED=1234 others; a failure names its town.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.durability.telegram.crowd import Crowd
from tests.durability.telegram.team import Team
from tests.durability.telegram.town import Town, figures

pytestmark = [pytest.mark.kill, pytest.mark.slow]

POINTS = (
    "intake.before_commit", "intake.after_commit",
    "handle.claimed", "handle.before_commit", "handle.after_commit",
    "deliver.claimed", "deliver.before_send", "deliver.after_send", "deliver.after_commit",
)  # fmt: skip
PASSING = 4  # at which passing of its point a life ends
KILLS = int(os.environ.get("KILLS", "8"))
WHOLE = "KILLS" in os.environ
SEED = int(os.environ.get("KILL_SEED", "1"))
LATEST = 0.5  # seconds under load


def people(town: Town) -> tuple[Crowd, Team]:
    """Residents who write and staff who answer, from now on."""
    team = Team.joins(town.url, town.api, town.bots[1])
    crowd = Crowd(town.api, town.bots[0], SEED)
    crowd.begin()
    team.begin()
    town.dies(kill_after=1.5)  # the staff have joined and see the first cards
    return crowd, team


def pairs(*few: tuple[str, str]) -> pytest.MarkDecorator:
    """Modes and databases: these, or with KILLS all."""
    every = [(mode, kind) for mode in ("polling", "webhook") for kind in ("sqlite", "postgres")]
    marks = {"sqlite": (), "postgres": (pytest.mark.postgres,)}
    return pytest.mark.parametrize(
        ("mode", "database_kind"),
        [pytest.param(*each, marks=marks[each[1]]) for each in (every if WHOLE else few)],
        indirect=True,
    )


@pairs(("polling", "sqlite"), ("webhook", "postgres"))
def test_a_kill_at_each_point_of_the_way_loses_nothing(bot_town: Town) -> None:
    crowd, team = people(bot_town)
    for point in POINTS:
        bot_town.dies(point=f"{point}:{PASSING}")
    seen = bot_town.check(crowd, team)
    print("at the points,", figures(bot_town, seen))
    assert bot_town.kills == len(POINTS) + 1
    assert sum(len(chat.twice) for chat in seen.chats.values()) >= 1  # deliver.after_send


@pytest.mark.load
@pairs(("webhook", "sqlite"), ("polling", "postgres"))
def test_kills_at_any_moment_lose_nothing(bot_town: Town) -> None:
    chance = random.Random(f"moments {SEED}")
    crowd, team = people(bot_town)
    # a busy machine does less between two kills: it is killed more often, until enough was written
    while bot_town.kills < KILLS or (
        bot_town.kills < 10 * KILLS and sum(len(chat.said) for chat in crowd.chats) <= 10 * KILLS
    ):
        if chance.random() < 0.15:
            bot_town.dies(kill_after=chance.uniform(0.0, 0.2), from_fork=True)
        else:
            bot_town.dies(kill_after=chance.uniform(0.0, LATEST))
    seen = bot_town.check(crowd, team)
    print("at any moment,", figures(bot_town, seen))
    assert sum(len(chat.said) for chat in seen.chats.values()) > 10 * KILLS
