"""SIGKILL at every named point, several times each, and nothing is lost or twice (design §3)."""

from __future__ import annotations

import pytest

from storage.failpoints import POINTS
from tests.durability.town import Town, figures

pytestmark = [pytest.mark.kill, pytest.mark.slow]

TIMES = (8, 3, 1)  # at which passing
# One look finds everything that is due, so a life that begins with due rows passes this once.
FEWER = {"tick.claimed": (1, 1, 1)}
IN_DANGER = tuple(f"danger-web-9.{number}" for number in range(10))  # their cases become due


def test_there_are_points_in_every_part_of_the_way() -> None:
    assert {point.partition(".")[0] for point in POINTS} == {
        "intake", "handle", "deliver", "tick", "media",
    }  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_a_point_loses_nothing(town: Town, point: str) -> None:
    if point.startswith("tick."):
        town.lives(only=IN_DANGER)
    for passing in FEWER.get(point, TIMES):
        town.dies(point=f"{point}:{passing}", step=61.0)
    seen = town.check()
    print(point, figures(town, seen))
    assert town.kills == 3
