"""Somebody shut the bot out: nothing is written to them, people call, and back means back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers import blocked, delivery
from handlers.advisors import attend, claim, close, reply
from handlers.desk.lists import due_tasks
from handlers.ports import Viewer
from handlers.talk import Talk, open_talk
from storage import cases, outbox
from storage.database import Db
from tests.handlers.street import ANSWERS, CARE, DIE, Resident, Street, conversations_of


@pytest.fixture
def chen(street: Street) -> Resident:
    resident = Resident(street, ("telegram", "bot", "sender-chen"))
    resident.posts(kind="start", address="chat 7")
    return resident


def in_talk(street: Street, chen: Resident, do: Callable[..., None], *args: Any) -> None:
    def work(db: Db) -> None:
        talk = open_talk(db, conversations_of_chen, street.now, street.house)
        do(talk, *args)

    conversations_of_chen = conversations_of(street, chen.who).id
    street.write(work)


def refuse(street: Street) -> None:
    """The channel says of the first message that waits: blocked."""
    until = street.now + timedelta(seconds=30)
    ready = street.write(
        delivery.lease, "telegram", "bot", "me", street.now, until, 1, street.house
    )
    assert street.write(
        delivery.settled, ready[0].parcel, "me", "failed", street.now, street.house,
        error="blocked", gone=True,
    )  # fmt: skip


def flush(street: Street) -> None:
    """Everything that waits is sent."""
    until = street.now + timedelta(seconds=30)
    while ready := street.write(
        delivery.lease, "telegram", "bot", "me", street.now, until, 9, street.house
    ):
        for one in ready:
            street.write(delivery.settled, one.parcel, "me", "sent", street.now, street.house)


def kinds(street: Street, case_id: str) -> list[str]:
    return [event.kind for event in street.write(cases.events, case_id)]


def test_an_answer_that_does_not_get_through_is_a_call(
    street: Street, chen: Resident, li: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    flush(street)
    street.act(claim.claim, li, case.id)
    flush(street)
    street.act(reply.reply, li, case.id, "a1", "您好")
    second = street.act(reply.reply, li, case.id, "a2", "在吗")
    before = len(street.told(li))
    refuse(street)
    chat = conversations_of(street, chen.who)
    assert chat.blocked_at == street.now
    assert street.write(outbox.waiting, "telegram") == 0
    (task,) = street.write(due_tasks, li, street.house)
    assert (task.kind, task.case_id) == ("call", case.id)
    (row,) = street.rows(cases.Case, id=case.id)
    assert kinds(street, case.id).count("blocked") == 1
    lines = street.view(li, case.id).entries
    assert [line.mark for line in lines if line.from_ == "advisor"][-2:] == ["failed", "failed"]
    outcomes = [line for line in chen.log() if line["kind"] == "delivery"]
    assert [line["ref"] for line in outcomes][-1] == second
    assert [one["kind"] for one in street.told(li)[before:]] == ["task"]
    assert row.closed_at is None


def test_said_again_it_changes_nothing_until_a_new_answer_is_lost(
    street: Street, chen: Resident, li: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    flush(street)
    chen.posts(kind="left")
    street.work()
    first = conversations_of(street, chen.who).blocked_at
    street.advance(minutes=1)
    in_talk(street, chen, blocked.shut_out, "blocked")
    assert conversations_of(street, chen.who).blocked_at == first
    assert kinds(street, case.id).count("blocked") == 1
    (task,) = street.write(due_tasks, li, street.house)
    street.act(attend.task_done, li, task.id, True)
    assert street.write(due_tasks, li, street.house) == []
    in_talk(street, chen, _say)
    refuse(street)
    assert street.write(due_tasks, li, street.house) == [], "the bot's own words are no work"
    street.act(reply.reply, li, case.id, "a1", "您好")
    refuse(street)
    assert [one.kind for one in street.write(due_tasks, li, street.house)] == ["call"]


def _say(talk: Talk) -> None:
    talk.tell("好")


def test_back_is_back(street: Street, chen: Resident, li: Viewer) -> None:
    case = chen.files(CARE, ANSWERS)
    chen.sends(kind="left")
    chen.sends(kind="back")
    assert conversations_of(street, chen.who).blocked_at is None
    assert [kind for kind in kinds(street, case.id) if "blocked" in kind] == [
        "blocked", "unblocked",
    ]  # fmt: skip
    in_talk(street, chen, blocked.let_in)
    assert kinds(street, case.id).count("unblocked") == 1, "it was open already"
    chen.sends(kind="left")
    chen.sends(text="您好")
    assert conversations_of(street, chen.who).blocked_at is None, "who writes can be reached"
    assert {event.kind for event in street.write(cases.events, case.id)} >= {"unblocked"}


def test_a_closed_case_is_left_in_peace(street: Street, chen: Resident, li: Viewer) -> None:
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(close.close, li, case.id, "done")
    chen.sends(kind="left")
    assert "blocked" not in kinds(street, case.id)
    assert street.write(due_tasks, li, street.house) == []


def test_in_danger_too_people_are_told_to_call(street: Street, chen: Resident, li: Viewer) -> None:
    chen.sends(text=DIE)
    refuse(street)
    case = chen.case
    assert (case.urgency, case.closed_at) == ("red", None)
    assert kinds(street, case.id).count("blocked") == 1
    assert [one.kind for one in street.write(due_tasks, li, street.house)] == ["visit"]
