"""A person sets the urgency: with a reason, of an open case, and lower only who holds it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.advisors import attend, claim, close
from handlers.ports import Refused, Viewer
from storage.cases import Case, CaseEvent
from tests.handlers.street import ANSWERS, CARE, Resident, Street


def pushed(street: Street, viewer: Viewer) -> list[dict[str, Any]]:
    return [one for one in street.told(viewer) if one["kind"] == "push"]


def test_lowered_and_raised_urgency_moves_the_clock(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    first: Case = chen.case
    assert first.promised_at == first.created_at + timedelta(minutes=30)
    street.act(attend.change_urgency, wang, case.id, "yellow", "家人在")
    assert chen.case.promised_at > first.promised_at
    street.advance(minutes=40)
    assert pushed(street, wang) == []
    street.act(attend.change_urgency, wang, case.id, "red", "家人走了")
    assert "ring" in [one["kind"] for one in street.told(wang)]
    street.advance(seconds=1)
    assert len(pushed(street, wang)) == 1, "by red's clock it has waited too long already"


def test_a_change_of_urgency_needs_a_reason_and_keeps_it_out_of_the_events(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    with pytest.raises(Refused, match="reason_missing"):
        street.act(attend.change_urgency, wang, case.id, "green", " ")
    with pytest.raises(Refused, match="bad_request"):
        street.act(attend.change_urgency, wang, case.id, "blue", "因为")
    street.act(attend.change_urgency, wang, case.id, "green", "家人在")
    view = street.view(wang, case.id)
    assert "家人在" in [entry.text for entry in view.entries if entry.from_ == "note"]
    (event,) = street.rows(CaseEvent, kind="lowered")
    assert "家人在" not in str(event.data)


def test_others_may_raise_and_only_who_holds_it_lowers(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    with pytest.raises(Refused, match="not_claimed"):
        street.act(attend.change_urgency, li, case.id, "green", "家人在")
    street.act(claim.claim, li, case.id)
    street.act(attend.change_urgency, li, case.id, "green", "家人在")
    street.act(attend.change_urgency, zhao, case.id, "orange", "家人走了")
    assert chen.case.urgency == "orange"
    with pytest.raises(Refused, match="not_yours"):
        street.act(attend.change_urgency, zhao, case.id, "green", "家人在")
    assert chen.case.urgency == "orange"
    assert "lower" not in street.view(zhao, case.id).allowed
    assert {"urgency", "lower"} <= set(street.view(li, case.id).allowed)


def test_the_urgency_of_a_closed_case_is_settled(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    street.act(close.close, wang, case.id, "done")
    before = chen.case.urgency
    with pytest.raises(Refused, match="closed"):
        street.act(attend.change_urgency, wang, case.id, "red", "家人走了")
    assert (chen.case.urgency, chen.case.promised_at) == (before, case.promised_at)
    assert "ring" not in [one["kind"] for one in street.told(wang)]
