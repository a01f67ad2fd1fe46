"""How much may be sent, by a clock that the test moves."""

from __future__ import annotations

import pytest

from tests.botapi.limits import OFF, Limits, Rates


class Hand:
    """A clock."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_a_private_chat_takes_three_at_once_and_then_one_a_second(hand: Hand) -> None:
    limits = Limits(Rates(), hand)
    assert [limits.take(5, group=False) for _ in range(4)] == [0, 0, 0, 1]
    assert limits.take(6, group=False) == 0
    hand.now += 1
    assert limits.take(5, group=False) == 0
    assert limits.take(5, group=False) == 1
    assert (limits.refused, limits.impatient) == (2, 0)


def test_one_message_a_second_is_never_refused(hand: Hand) -> None:
    limits = Limits(Rates(), hand)
    for _ in range(100):
        assert limits.take(5, group=False) == 0
        hand.now += 1.0


def test_who_comes_back_too_early_is_counted_and_waits_on(hand: Hand) -> None:
    limits = Limits(Rates(), hand)
    for _ in range(4):
        limits.take(5, group=False)
    hand.now += 0.5
    assert limits.take(5, group=False) == 1
    assert limits.impatient == 1
    hand.now += 0.5
    assert limits.take(5, group=False) == 0


def test_a_group_takes_twenty_a_minute(hand: Hand) -> None:
    limits = Limits(Rates(), hand)
    for _ in range(20):
        assert limits.take(-5, group=True) == 0
    assert limits.take(-5, group=True) == 3
    hand.now += 3
    assert limits.take(-5, group=True) == 0


def test_a_bot_sends_thirty_a_second(hand: Hand) -> None:
    limits = Limits(Rates(slack=0.0), hand)
    took = [limits.take(chat, group=False) for chat in range(40)]
    assert took == [0] * 30 + [1] * 10
    hand.now += 1
    assert [limits.take(chat, group=False) for chat in range(100, 130)] == [0] * 30


def test_too_much_overall_holds_no_chat_back(hand: Hand) -> None:
    limits = Limits(Rates(slack=0.0), hand)
    for chat in range(31):
        limits.take(chat, group=False)
    hand.now += 0.1
    assert limits.take(30, group=False) == 0
    assert (limits.refused, limits.impatient) == (1, 0)


def test_thirty_a_second_sent_evenly_are_never_refused(hand: Hand) -> None:
    limits = Limits(Rates(slack=0.0), hand)
    for number in range(900):
        assert limits.take(number, group=False) == 0
        hand.now += 1 / 30 + 1e-9


def test_an_album_counts_as_many(hand: Hand) -> None:
    limits = Limits(Rates(), hand)
    assert limits.take(5, group=False, count=3) == 0
    assert limits.take(5, group=False, count=3) == 3


def test_edits_do_not_count_in_a_private_chat(hand: Hand) -> None:
    limits = Limits(Rates(), hand)
    assert [limits.take(5, group=False, edit=True) for _ in range(20)] == [0] * 20
    assert [limits.take(-5, group=True, edit=True) for _ in range(13)] == [0] * 13


def test_without_limits_everything_goes(hand: Hand) -> None:
    limits = Limits(OFF, hand)
    assert not any(limits.take(5, group=True, count=10) for _ in range(1000))
