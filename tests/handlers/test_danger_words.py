"""What is said after a danger: calm or not, no call for a human, silence, the right number."""

from __future__ import annotations

import pytest

from tests.handlers.street import DIE, FALL, Resident, Street

CALM = "没事就好。想说随时说。"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


@pytest.mark.parametrize("words", ["没事了,谢谢", "我现在没事了", "不好意思,我说气话的"])
def test_calm_is_the_whole_of_the_words(chen: Resident, words: str) -> None:
    chen.says(DIE)
    assert chen.says(words) == [CALM]


@pytest.mark.parametrize(
    "words", ["没事了,帮我报警", "没事了吗?", "没事了吗", "他说没事了可是还躺着不动"]
)
def test_calm_words_among_others_are_not_calm(chen: Resident, words: str) -> None:
    chen.says(FALL)
    assert CALM not in chen.says(words)
