"""Channels that push: everything the house says goes out, safety first, each outcome is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import delivery
from storage.outbox import Parcel
from tests.handlers.street import CARE, DIE, Resident, Street, conversations_of


@pytest.fixture
def chen(street: Street) -> Resident:
    return Resident(street, ("telegram", "bot", "sender-chen"))


def lease(street: Street) -> list[Parcel]:
    until = street.now + timedelta(seconds=30)
    return street.write(delivery.lease, "telegram", "me", street.now, until, 10)


def settle(street: Street, parcel: Parcel, outcome: str, error: str | None = None) -> bool:
    return street.write(
        delivery.settled, parcel, "me", outcome, street.now, street.house, error=error
    )


def test_what_is_said_is_sent_in_order_with_its_buttons(street: Street, chen: Resident) -> None:
    chen.sends(text=CARE, address="chat 7")
    sent = []
    while parcels := lease(street):
        assert len(parcels) == 1
        sent.append(parcels[0].body)
        assert settle(street, parcels[0], "sent")
    assert [body["text"] for body in sent] == ["听到了。养老的事,我来帮您。", "家里有人照顾您吗?"]
    assert [choice["label"] for choice in sent[-1]["choices"]] == ["没有人", "有家人", "有保姆"]
    chat = conversations_of(street, chen.who)
    assert street.write(delivery.address, chat.id) == "chat 7"
    outcomes = [line for line in chen.log() if line["kind"] == "delivery"]
    assert len(outcomes) == 2


def test_safety_goes_before_what_waits(street: Street, chen: Resident) -> None:
    street.member()
    chen.sends(text=CARE, address="chat 7")
    chen.sends(text=DIE)
    (parcel,) = lease(street)
    assert parcel.body["tone"] == "danger"


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
