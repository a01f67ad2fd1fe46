"""Text in Telegram's units: nothing is lost, nothing is too long, no sign is cut in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.channels.telegram.text import TEXT_LIMIT, clean, escape, head, split, units


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, ()),
        (" \n ", 10, ()),
        ("您好。", 10, ("您好。",)),
        ("第一句。第二句。第三句。", 9, ("第一句。第二句。", "第三句。")),
        ("他说「好。」然后走了", 8, ("他说「好。」", "然后走了")),
        ("前一段\n\n后一段", 7, ("前一段", "后一段")),
        ("一句话没有标点一直写", 4, ("一句话没", "有标点一", "直写")),
        ("One. Two three. Four", 16, ("One. Two three.", "Four")),
        ("价格是3.50元。好的", 10, ("价格是3.50元。", "好的")),
        ("😀😀😀", 4, ("😀😀", "😀")),
        ("😀😀😀", 3, ("😀", "😀", "😀")),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert split(text, limit) == parts


def test_a_message_of_the_limit_is_one_and_one_more_sign_makes_two() -> None:
    assert len(split("好" * TEXT_LIMIT)) == 1
    assert len(split("好" * (TEXT_LIMIT + 1))) == 2
    assert len(split("😀" * (TEXT_LIMIT // 2))) == 1
    assert len(split("😀" * (TEXT_LIMIT // 2) + "好")) == 2


@given(some.text(max_size=300), some.integers(min_value=2, max_value=40))
def test_nothing_but_white_space_is_lost_and_no_part_is_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert without_spaces("".join(parts)) == without_spaces(text)
    assert all(part.strip() and units(part) <= limit for part in parts)


@given(some.text(alphabet=some.characters(min_codepoint=0x2000, max_codepoint=0x1FFFF)))
def test_units_are_what_utf_16_needs(text: str) -> None:
    safe = clean(text)
    assert units(safe) == len(safe.encode("utf-16-le")) // 2
    assert units(head(safe, 7)) <= 7


def test_a_sign_made_of_several_stays_whole() -> None:
    family = "👨\u200d👩\u200d👧"
    parts = split("好" * 7 + family + "家", 12)
    assert "".join(parts) == "好" * 7 + family + "家"
    assert not any(part.startswith("\u200d") for part in parts)


def test_html_is_escaped_and_what_telegram_refuses_is_replaced() -> None:
    assert escape("<b>1 & 2</b>") == "&lt;b&gt;1 &amp; 2&lt;/b&gt;"
    assert escape('"引号"') == '"引号"'
    assert escape("a\x00b\ud800c") == "a\ufffdb\ufffdc"
