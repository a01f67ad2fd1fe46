"""Channels that push: everything the house says goes out, safety first, each outcome is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers import delivery
from handlers.advisors import claim, correct, reply
from storage import sent
from storage.outbox import Parcel
from tests.handlers.street import CARE, DIE, Resident, Street, conversations_of


@pytest.fixture
def chen(street: Street) -> Resident:
    return Resident(street, ("telegram", "bot", "sender-chen"))


def lease(street: Street) -> list[Parcel]:
    until = street.now + timedelta(seconds=30)
    ready = street.write(
        delivery.lease, "telegram", "bot", "me", street.now, until, 10, street.house
    )
    assert [one.fault for one in ready if one.fault] == []
    return [one.parcel for one in ready]


def settle(
    street: Street, parcel: Parcel, outcome: str, error: str | None = None, **more: Any
) -> bool:
    return street.write(
        delivery.settled, parcel, "me", outcome, street.now, street.house, error=error, **more
    )


def send_all(street: Street) -> list[Parcel]:
    """Everything that waits is sent, one message after the other."""
    sent = []
    while parcels := lease(street):
        for parcel in parcels:
            assert settle(street, parcel, "sent", external_id=f"t{parcel.seq}")
            sent.append(parcel)
    return sent


def test_what_is_said_is_sent_in_order_with_its_buttons(street: Street, chen: Resident) -> None:
    chen.sends(text=CARE, address="chat 7")
    sent = []
    while parcels := lease(street):
        assert len(parcels) == 1
        assert parcels[0].address == "chat 7"
        sent.append(parcels[0].body)
        assert settle(street, parcels[0], "sent")
    assert [body["text"] for body in sent] == ["听到了。养老的事,我来帮您。", "家里有人照顾您吗?"]
    assert [choice["label"] for choice in sent[-1]["choices"]] == ["没有人", "有家人", "有保姆"]
    outcomes = [line for line in chen.log() if line["kind"] == "delivery"]
    assert len(outcomes) == 2


def test_safety_goes_before_what_waits(street: Street, chen: Resident) -> None:
    street.member()
    chen.sends(text=CARE, address="chat 7")
    chen.sends(text=DIE)
    (parcel,) = lease(street)
    assert parcel.body["tone"] == "danger"


def test_no_form_comes_behind_a_safety_sentence_that_overtook_it(
    street: Street, chen: Resident
) -> None:
    """It would be the last thing that somebody in danger reads; 接着说 asks it again."""
    street.member()
    chen.sends(text=CARE, address="chat 7")
    chen.sends(text=DIE)
    bodies = [parcel.body for parcel in send_all(street)]
    assert bodies[0]["tone"] == "danger"
    assert "听到了。养老的事,我来帮您。" in [body["text"] for body in bodies]
    assert not [body for body in bodies if body["tone"] == "question"]
    alone = next(one["value"] for one in bodies[0]["choices"] if one["label"] == "一个人")
    chen.sends(kind="choice", choice=alone)
    chen.sends(text="接着说")
    assert send_all(street)[-1].body["text"] == "家里有人照顾您吗?"


def test_a_failure_is_a_line_that_the_advisor_sees(street: Street, chen: Resident) -> None:
    li = street.member()
    chen.sends(text="找人工", address="chat 7")
    (parcel,) = lease(street)
    assert settle(street, parcel, "queued")
    (parcel,) = lease(street)
    assert settle(street, parcel, "failed", "blocked")
    assert not settle(street, parcel, "sent"), "it is settled already"
    kinds = [line.kind for line in street.view(li, chen.case.id).entries]
    assert kinds.count("delivery") == 1


def test_a_correction_answers_the_message_that_it_corrects(street: Street, chen: Resident) -> None:
    li = street.member()
    chen.sends(text="找人工", address="chat 7")
    street.act(claim.claim, li, chen.case.id)
    seq = street.act(reply.reply, li, chen.case.id, "a1", "周三来")
    send_all(street)
    street.act(correct.correct, li, chen.case.id, seq, "周四来")
    (parcel,) = send_all(street)
    assert (parcel.body["ref"], parcel.body["reply_to"]) == (seq, f"t{seq}")
    assert parcel.body["seq"] == parcel.seq
    chat = conversations_of(street, chen.who)
    message = street.write(sent.find, chat.id, f"t{parcel.seq}")
    assert message is not None
    assert (message.kind, message.seq) == ("line", parcel.seq)


def test_a_message_in_parts_is_known_by_its_first(street: Street, chen: Resident) -> None:
    chen.sends(text="找人工", address="chat 7")
    (parcel,) = lease(street)
    kept: dict[str, Any] = {"external_id": "1", "until": None}
    assert street.write(delivery.part_sent, parcel, "me", 1, street.now, **kept)
    assert not street.write(delivery.part_sent, parcel, "me", 2, street.now, **kept), "not its own"
    (again,) = lease(street)
    assert (again.id, again.parts_sent) == (parcel.id, 1)
    street.advance(seconds=1)
    assert settle(street, again, "sent", external_id="2")
    chat = conversations_of(street, chen.who)
    assert street.write(sent.of_line, chat.id, parcel.seq) == "1"


def test_a_chat_that_moved_is_found_under_both_addresses(street: Street, chen: Resident) -> None:
    chen.sends(text=CARE, address="chat 7")
    (parcel,) = lease(street)
    assert settle(street, parcel, "queued", "moved", moved_to="-1007")
    (parcel,) = lease(street)
    assert parcel.address == "-1007"
    sender = street.database.vault.index("sender", "telegram:bot:-1007")
    assert conversations_of(street, ("telegram", "bot", sender)).id == parcel.conversation_id
