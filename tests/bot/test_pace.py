"""How fast a channel is spoken to, on a clock of the tests'."""

from __future__ import annotations

import itertools
import random

import pytest

from bot.pace import BURST, Pace, Rests


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def test_a_bucket_fills_with_time(time: Time) -> None:
    pace = Pace(2.0, clock=time)
    assert pace.room() == 2
    pace.take(2)
    assert pace.room() == 0
    assert pace.wait() == pytest.approx(1.0), "two in this second already"
    time.now = 1.0
    assert pace.room() == 2
    pace.take()
    time.now = 1.2
    pace.take()
    assert pace.wait() == pytest.approx(0.8)
    time.now = 100.0
    assert pace.room() == 2
    assert Pace(None).room() is None
    assert Pace(None).wait() == 0.0


def _spoken(pace: Pace, time: Time, seconds: float) -> list[float]:
    """When each message goes, if there is always one."""
    sent = []
    while time.now < seconds:
        for _ in range(pace.room() or 0):
            pace.take()
            sent.append(time.now)
        time.now += max(pace.wait(), 1e-6) + random.uniform(0, 0.02)  # a loop is never on time
    return sent


def test_never_more_than_the_limit_in_any_second_and_nearly_as_many(time: Time) -> None:
    sent = _spoken(Pace(30.0, clock=time), time, 20.0)
    for first in sent:
        assert sum(first <= at < first + 1.0 for at in sent) <= 30
    assert len(sent) >= 20 * 30 * 0.95


def test_an_urgent_one_finds_room_in_a_moment(time: Time) -> None:
    """No second begins with all of its messages and then holds everybody up."""
    sent = _spoken(Pace(30.0, clock=time), time, 10.0)
    gaps = [after - before for before, after in itertools.pairwise(sent)]
    assert max(gaps) < 0.25
    assert sum(at == sent[0] for at in sent) == BURST


def test_each_chat_rests_by_itself(time: Time) -> None:
    rests = Rests(clock=time)
    rests.spoken("a", 1.0)
    rests.spoken("group", 3.0)
    rests.spoken("tireless", 0.0)
    assert (rests.wait("a"), rests.wait("group"), rests.wait("b")) == (1.0, 3.0, 0.0)
    assert rests.resting() == ["a", "group"]
    time.now = 1.0
    assert rests.resting() == ["group"]
    assert rests.next() == pytest.approx(2.0)
    time.now = 3.0
    assert rests.resting() == []
    assert rests.next() is None
