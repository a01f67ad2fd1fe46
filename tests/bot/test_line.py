"""A channel that takes nothing from anybody: it rests, is probed, and each change is told once."""

from __future__ import annotations

import structlog

from bot.channels.base import SendError
from bot.line import Line
from bot.outcome import TRIES, Outcome, Tries


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_rests_longer_each_time_and_not_for_each_that_was_under_way() -> None:
    time = Time()
    line = Line("pigeon", clock=time)
    assert (line.up, line.state, line.wait()) == (True, None, 0.0)
    rests = []
    with structlog.testing.capture_logs() as told:
        for _ in range(7):
            for _ in range(3):
                line.down("unreachable")
            rests.append(line.wait())
            time.now += line.wait()
        assert line.state == ("down", "unreachable")
        line.down("bad_token")
        assert line.state == ("down", "bad_token")
        line.heard()
        line.heard()
    assert rests == [1, 2, 4, 8, 16, 30, 30]
    after: tuple[object, ...] = (line.up, line.state, line.wait())
    assert after == (True, ("ok", None), 0.0)
    assert [(one["event"], one["code"]) for one in told] == [
        ("delivery.down", "unreachable"), ("delivery.down", "bad_token"),
        ("delivery.up", "bad_token"),
    ]  # fmt: skip
    line.down("unreachable")
    assert line.wait() == 1, "a new trouble begins anew"


def test_what_follows_from_what_the_channel_says() -> None:
    tries, last = Tries(), TRIES
    table: list[tuple[SendError, int, Outcome]] = [
        (SendError("too_long"), 1, Outcome("failed", "too_long")),
        (SendError("wind", retryable=True), last, Outcome("failed", "wind")),
        (
            SendError("too_fast", retryable=True, retry_after=7.0), last,
            Outcome("queued", "too_fast", pause=7.0, counted=False),
        ),
        (
            SendError("unreachable", retryable=True, everywhere=True), last,
            Outcome("queued", "unreachable", counted=False),
        ),
        (SendError("blocked", gone=True), 1, Outcome("failed", "blocked", gone=True)),
        (SendError("moved", moved_to="-100"), 1, Outcome("queued", "moved", moved_to="-100")),
        (SendError("moved", moved_to="-100"), last, Outcome("failed", "moved")),
    ]  # fmt: skip
    for error, attempts, expected in table:
        assert tries.after(error, attempts) == expected, error
    assert tries.after(TimeoutError(), 1).code == "time_out"
    assert tries.after(ValueError(), last) == Outcome("failed", "fault")


def test_one_message_alone_is_tried_for_about_an_hour() -> None:
    tries = Tries()
    pauses = [tries.pause(attempt) for attempt in range(1, TRIES)]
    assert 3000 <= sum(pauses) <= 4000
    assert max(pauses) <= 300
    assert pauses[0] <= 1.2
