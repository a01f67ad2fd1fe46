"""A thousand claims at once: one winner, and the others are told who has it (design §6)."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from handlers.advisors import claim
from handlers.ports import Refused
from storage.cases import CaseEvent
from tests.handlers.street import CARE, Street


@pytest.mark.load
async def test_a_thousand_claims_at_once(street: Street) -> None:
    chen = street.resident()
    viewers = [street.member(f"顾问{number}") for number in range(10)]
    case = chen.files(CARE, ("没有人", "76", "可以", "13812345678", "康定路3号"))

    async def attempt(number: int) -> str:
        viewer = viewers[number % len(viewers)]
        try:
            await street.database.write(claim.claim, viewer, case.id, street.now, street.house)
        except Refused as refused:
            return f"{refused.code} {refused.params['by']}"
        return f"mine {viewer.name}"

    found = Counter(await asyncio.gather(*(attempt(number) for number in range(1_000))))
    winner = street.write(_assignee_name, case.id)
    # the winner's own other ninety-nine find it theirs; nobody else got it
    assert found == {f"mine {winner}": 100, f"taken {winner}": 900}
    assert len(street.rows(CaseEvent, case_id=case.id, kind="claimed")) == 1


@pytest.mark.load
async def test_a_thousand_people_at_once(street: Street) -> None:
    """Each from a desk of their own: one winner, 999 told who."""
    from dataclasses import replace

    chen = street.resident()
    li = street.member()
    case = chen.files(CARE, ("没有人", "76", "可以", "13812345678", "康定路3号"))

    async def attempt(number: int) -> str:
        viewer = li if number == 500 else replace(li, id=f"other-{number}", name=f"顾问{number}")
        try:
            await street.database.write(claim.claim, viewer, case.id, street.now, street.house)
        except Refused as refused:
            return refused.code
        return "won"

    found = Counter(await asyncio.gather(*(attempt(number) for number in range(1_000))))
    assert found == {"won": 1, "taken": 999}


def _assignee_name(db: object, case_id: str) -> str:
    from storage import cases, staff

    case = cases.get(db, case_id)  # type: ignore[arg-type]
    assert case is not None
    assert case.assignee_id is not None
    person = staff.get(db, case.assignee_id)  # type: ignore[arg-type]
    assert person is not None
    return person.name
