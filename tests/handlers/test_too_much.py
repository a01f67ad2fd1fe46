"""Floods, a full inbox, and whatever anybody may send."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.meaning.reading import Reading
from handlers import inbound
from handlers.ports import InboxFull
from storage.cases import Case
from storage.conversations import Conversation
from storage.database import Database
from storage.inbox import Inbox
from tests.handlers.street import CARE, DIE, OWNER, WHERE, Resident, Street
from tests.handlers.taking import LEASE, mine, take


def test_a_flood_is_kept_and_answered_once(street: Street, chen: Resident) -> None:
    limit = street.house.office.messages_a_minute
    for number in range(limit + 10):
        chen.posts(text=f"喂{number}")
    street.work()
    assert len(mine(chen)) == limit + 10
    assert chen.heard().count("您说的我都收着了。慢慢来,不着急。") == 1
    assert chen.heard()[-1] == "您说的我都收着了。慢慢来,不着急。"
    street.now += timedelta(minutes=1)
    assert chen.says(WHERE) != []


def test_a_human_can_be_called_in_a_flood_once(street: Street, chen: Resident) -> None:
    for _ in range(street.house.office.messages_a_minute + 1):
        chen.posts(text=WHERE)
    street.work()
    street.member()
    assert chen.says("找人工")[0] == "好的,我请人来。您不用守着。"
    assert chen.says("找人工") == []
    assert len(street.rows(Case)) == 1


def test_in_a_live_talk_a_flood_is_the_advisors(street: Street, chen: Resident) -> None:
    from handlers.advisors import claim, reply

    li = street.member()
    chen.says("找人工")
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "a1", "您说")
    before = chen.last_seq
    for _ in range(street.house.office.messages_a_minute + 5):
        chen.posts(text="喂")
    street.work()
    assert chen.heard(before) == []


def test_a_full_inbox_takes_danger_and_what_it_knows_but_nothing_else(
    street: Street, chen: Resident
) -> None:
    office = replace(street.house.office, inbox_limit=2)
    street.house = replace(street.house, office=office)
    chen.posts("a", text="喂")
    chen.posts("b", text="喂喂")
    with pytest.raises(InboxFull):
        chen.posts("c", text="喂喂喂")
    chen.posts("b", text="喂喂")
    chen.posts("d", text=DIE)
    street.work()
    assert mine(chen) == ["喂", "喂喂", DIE]
    chen.posts("c", text="喂喂喂")


def test_two_processes_handle_every_message_once(
    street: Street, open_database: Callable[..., Database]
) -> None:
    people = [street.resident(f"r{number}") for number in range(6)]
    for one in people:
        for text in (CARE, "没有人", "76"):
            one.posts(text=text)
    other = Street(open_database(), street.house, street.reader, street.now)
    workers = [
        threading.Thread(target=each.work, args=(name,))
        for name, each in (("one", street), ("two", other))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    street.work()
    for one in people:
        assert mine(one) == [CARE, "没有人", "76"]
        assert [line["seq"] for line in one.log()] == list(range(1, len(one.log()) + 1))
    assert {row.pending for row in street.rows(Conversation)} == {0}


@pytest.mark.parametrize("text", ["", "\u200b\u202e", "👍", "a" * 100_000, "{x} %s <b>", "\x00"])
def test_any_text_is_stored_as_sent_and_answered(street: Street, chen: Resident, text: str) -> None:
    assert chen.says(text) != []
    assert mine(chen) == [text]


TAPS = (
    "", "x", "cmd:", "cmd:unknown", "rate:", "rate:x:good", "rate:\x00:good", "reopen:x",
    "danger:x:y", "danger:", "a" * 500, "tel:", "00000000:1:yes",
)  # fmt: skip


@pytest.mark.parametrize("choice", TAPS)
@pytest.mark.parametrize("asked", [False, True])
def test_any_tap_is_survived(street: Street, chen: Resident, choice: str, asked: bool) -> None:
    if asked:
        chen.says(CARE)
    chen.sends(kind="choice", choice=choice)
    assert [row.state for row in street.rows(Inbox)][-1] == "done"
    assert chen.says(CARE) != []


def test_a_reading_is_optional(street: Street, chen: Resident) -> None:
    """The patterns alone must do: the reader may be down."""
    chen.posts(text=DIE)
    (stored,) = take(street)
    street.write(
        inbound.handle, stored, Reading(), street.now, street.house, OWNER, street.now + LEASE
    )
    assert chen.case.urgency == "red"
