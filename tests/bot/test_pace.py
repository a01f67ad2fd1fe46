"""How fast a channel is spoken to."""

from __future__ import annotations

import pytest

from bot.pace import ChatPauses, Pace


def test_a_bucket_fills_with_time() -> None:
    time = [0.0]
    pace = Pace(2.0, clock=lambda: time[0])
    assert pace.room() == 2
    pace.take(2)
    assert pace.room() == 0
    assert pace.wait() == pytest.approx(0.5)
    time[0] = 0.5
    assert pace.room() == 1
    time[0] = 100.0
    assert pace.room() == 2
    assert Pace(None).room() is None
    pauses = ChatPauses(1.0, clock=lambda: time[0])
    pauses.spoken("a")
    assert (pauses.wait("a"), pauses.wait("b")) == (1.0, 0.0)
