"""The whole way of a request with the house's real reader."""

from __future__ import annotations

import pytest

from handlers.advisors import claim, reply
from handlers.ports import Reader
from tests.handlers.street import CARE, DIE, FALL, RELAY, Street


@pytest.fixture
def real(street: Street, reader: Reader) -> Street:
    street.reader = reader
    return street


def test_the_sentence_of_the_issue_becomes_a_case_and_is_answered(real: Street) -> None:
    chen, li = real.resident(), real.member()
    case = chen.files(CARE)
    assert case.needs == ["long_term_care"]
    real.act(claim.claim, li, case.id)
    real.act(reply.reply, li, case.id, "a1", "您好,我是李顾问。")
    assert chen.log()[-1]["from"] == "advisor"


def test_a_volunteer_is_heard_as_a_relay(real: Street) -> None:
    zhang = real.resident("zhang")
    said = zhang.says(RELAY)
    assert said[-1] == "本人知道您来问,也愿意吗?"


@pytest.mark.parametrize("words", [DIE, FALL])
def test_danger_is_heard_in_the_very_first_message(real: Street, words: str) -> None:
    chen = real.resident()
    chen.says(words)
    assert chen.case.urgency == "red"
