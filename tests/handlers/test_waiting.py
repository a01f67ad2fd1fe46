"""What waits: order, repeats, leases."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from handlers import inbound, waiting
from handlers.ports import Update
from handlers.receive import receive
from storage.inbox import DifferentBody
from tests.handlers.street import CARE, DIE, OWNER, Resident, Street, conversations_of
from tests.handlers.taking import LEASE, handle, mine, take


def test_messages_that_came_together_are_handled_in_their_order(
    street: Street, chen: Resident
) -> None:
    words = [CARE, "没有人", "76", "可以", "13812345678"]
    for text in words:
        chen.posts(text=text)
    street.work()
    assert mine(chen) == words
    assert chen.question["text"] == "您住在哪里?"


def test_a_repeated_id_is_one_message(street: Street, chen: Resident) -> None:
    chen.posts("once", text=CARE)
    chen.posts("once", text=CARE)
    street.work()
    chen.posts("once", text=CARE)
    assert street.work() == 0
    assert mine(chen) == [CARE]
    assert conversations_of(street, chen.who).pending == 0


def test_the_same_id_with_other_words_overwrites_nothing(street: Street, chen: Resident) -> None:
    chen.posts("once", text=CARE)
    with pytest.raises(DifferentBody):
        chen.posts("once", text="别的话")
    street.work()
    assert mine(chen) == [CARE]


def test_two_repeats_at_the_same_moment_are_one_message(street: Street, chen: Resident) -> None:
    start = threading.Barrier(8)
    answers: list[bool] = []

    def post() -> None:
        start.wait()
        update = Update(*chen.who, "once", "text", CARE)
        answers.append(street.write(receive, update, (), street.now, street.house))

    threads = [threading.Thread(target=post) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [False] * 7 + [True]
    assert conversations_of(street, chen.who).pending == 1
    assert street.work() == 1


def test_handling_twice_does_nothing_the_second_time(street: Street, chen: Resident) -> None:
    chen.posts(text=CARE)
    (stored,) = take(street)
    handle(street, stored)
    lines = chen.log()
    street.write(_lend, stored.conversation_id, OWNER)
    handle(street, stored)
    assert chen.log() == lines


def _lend(db: Any, conversation_id: str, owner: str) -> None:
    from storage import conversations

    conversations.lock(db, conversation_id).lease_owner = owner


def test_a_leased_conversation_is_nobody_elses(street: Street, chen: Resident) -> None:
    chen.posts(text=CARE)
    (stored,) = take(street)
    assert take(street, "another") == []
    street.now += LEASE + timedelta(seconds=1)
    (again,) = take(street, "another")
    assert (again.id, again.attempts) == (stored.id, 2)
    with pytest.raises(inbound.LeaseLost):
        handle(street, stored)
    assert chen.log() == []
    handle(street, again, "another")
    assert mine(chen) == [CARE]


def test_one_conversation_waits_for_none_of_the_others(street: Street) -> None:
    for number in range(20):
        street.resident(f"r{number}").posts(text="喂")
    assert len(take(street)) == 16
    assert len(take(street)) == 4


def test_danger_is_taken_first(street: Street) -> None:
    for number in range(5):
        street.resident(f"r{number}").posts(text="喂")
    last = street.resident("last")
    last.posts(text=DIE)
    first = street.write(
        waiting.take_waiting, OWNER, street.now, street.now + LEASE, 1, street.house
    )
    assert [stored.body["text"] for stored in first] == [DIE]


def test_who_waits_longest_comes_first_however_much_others_write(street: Street) -> None:
    early, late = street.resident("early"), street.resident("late")
    early.posts(text="一")
    street.now += timedelta(seconds=1)
    late.posts(text="二")
    street.now += timedelta(seconds=1)
    early.posts(text="三")
    (first,) = street.write(
        waiting.take_waiting, OWNER, street.now, street.now + LEASE, 1, street.house
    )
    assert first.body["text"] == "一"
