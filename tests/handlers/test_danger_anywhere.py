"""Both sentences of the issue, in every state a chat can be in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.advisors import claim, close, reply
from tests.handlers.street import ANSWERS, CARE, DIE, FALL, RELAY, Resident, Street

KIND = {DIE: "suicide_selfharm", FALL: "medical_emergency"}
LEADS = {DIE: "tel:962525", FALL: "tel:120"}
Prepare = Callable[[Street, Resident], None]


def nothing(street: Street, chen: Resident) -> None:
    """A first message."""


def menu(street: Street, chen: Resident) -> None:
    chen.says("嗯嗯嗯")
    assert chen.question["text"] == "您遇到什么难处了?"


def summary(street: Street, chen: Resident) -> None:
    chen.says(CARE, *ANSWERS)
    assert chen.log()[-1]["tone"] == "summary"


def correcting(street: Street, chen: Resident) -> None:
    summary(street, chen)
    chen.taps("改一下")


def answered(count: int) -> Prepare:
    def prepare(street: Street, chen: Resident) -> None:
        chen.says(CARE, *ANSWERS[:count])

    return prepare


def relay(street: Street, chen: Resident) -> None:
    chen.says(RELAY, "还没说")


def number(street: Street, chen: Resident) -> None:
    chen.says("找人工")


def filed(street: Street, chen: Resident) -> None:
    chen.files(CARE, ANSWERS)


def talked(street: Street, chen: Resident, minutes: float) -> None:
    li = street.member("周顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    chen.sees()
    street.advance(minutes=minutes)


def long_ago(street: Street, chen: Resident) -> None:
    talked(street, chen, 10)


def ended(street: Street, chen: Resident) -> None:
    li = street.member("周顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(close.close, li, case.id, "done")


def flood(street: Street, chen: Resident) -> None:
    for _ in range(street.house.office.messages_a_minute + 3):
        chen.posts(text="喂")
    street.work()


STATES: dict[str, Prepare] = {
    "nothing": nothing,
    "menu": menu,
    **{f"after {n} answers": answered(n) for n in range(len(ANSWERS))},
    "summary": summary,
    "correcting": correcting,
    "relay": relay,
    "the number for a human": number,
    "filed": filed,
    "a live talk, ten minutes old": long_ago,
    "closed": ended,
    "flood": flood,
}


@pytest.mark.parametrize("words", [DIE, FALL])
@pytest.mark.parametrize("state", STATES)
def test_in_every_state(street: Street, chen: Resident, state: str, words: str) -> None:
    li = street.member()
    STATES[state](street, chen)
    before = chen.last_seq
    chen.says(words)
    case = chen.case
    assert case.urgency == "red"
    assert KIND[words] in case.dangers
    assert case.closed_at is None
    first = next(line for line in chen.log() if line["seq"] > before and line["from"] == "bot")
    assert first["tone"] == "danger"
    assert first["choices"][0]["value"] == LEADS[words]
    assert chen.question["seq"] == first["seq"], "nothing else is asked before it is answered"
    rings = [one for one in street.told(li) if one["kind"] == "ring" and one["case_id"] == case.id]
    assert rings
    assert rings[-1]["sound"] == "red"
    assert rings[-1]["text"] == f"红色:#{case.number}"


def test_the_states_are_many() -> None:
    assert len(STATES) >= 15
