"""The line that stands for a case on its card."""

from __future__ import annotations

import pytest

from handlers.cards import quoted
from handlers.rules.access import without_phones
from tests.handlers.chats import Chatter
from tests.handlers.street import DIE, Resident, Street

LONG = "今天早上起来天气还可以我去买了点菜" * 5 + "。他打我,头都流血了。" + "后来我就回来了" * 20


def _line(street: Street, chen: Resident) -> str:
    return str(street.view(street.member(), chen.case.id).card.line)


def test_neither_a_greeting_nor_an_emoji_is_a_headline(street: Street, chen: Resident) -> None:
    chen.says("你好", "🙏", "我老公住院了钞票不够")
    chen.says("找人工")
    assert _line(street, chen) == "我老公住院了钞票不够"


def test_a_red_case_is_headed_by_its_danger(street: Street, chen: Resident) -> None:
    chen.says("我老公住院了钞票不够", DIE)
    assert _line(street, chen) == DIE


def test_a_long_text_is_quoted_around_the_danger() -> None:
    found = quoted(LONG, ("violence_abuse",))
    assert "他打我" in found
    assert len(found) <= 61
    assert quoted("短的", ("violence_abuse",)) == "短的"


def test_a_forwarded_headline_says_so(street: Street) -> None:
    chen = Chatter(street)
    chen.sends(text=DIE, forwarded=True)
    assert _line(street, chen) == f"[转发] {DIE}"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打我13812345678", "打我138 •••• 5678"),
        ("021-62180000 找我", "021 •••• 0000 找我"),
        ("我76岁,住302", "我76岁,住302"),
        ("138 1234 5678", "138 •••• 5678"),
    ],
)
def test_numbers_are_masked(text: str, masked: str) -> None:
    assert without_phones(text) == masked


def test_a_card_shows_no_number(street: Street, chen: Resident) -> None:
    chen.says(f"{DIE},我电话13812345678")
    assert "138 •••• 5678" in _line(street, chen)
    assert "1234" not in _line(street, chen)
