"""HTML as Telegram reads it: what is shown, and what is refused in which words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.botapi.errors import ApiError
from tests.botapi.markup import automatic, cut, read, units


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("", "", []),
        ("您好", "您好", []),
        ("<b>您好</b>", "您好", [bold(0, 2)]),
        ("😀<strong>好</strong>", "😀好", [bold(2, 1)]),  # an emoji is two units
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d", []),
        ("&ge;&#128512;&#x1F600;&quot;", '&ge;😀😀"', []),
        ("a & b", "a & b", []),
        ("a > b", "a > b", []),
        ("<B>x</B>", "x", [bold(0, 1)]),
        ("<b>x</>", "x", [bold(0, 1)]),
        ("<b></b>x", "x", []),
        ("  <b> x </b>  ", "x", [bold(0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [bold(0, 2), {"type": "italic", "offset": 1, "length": 1}]),
        ('<span class="tg-spoiler">s</span>', "s", [{"type": "spoiler", "offset": 0, "length": 1}]),
        (
            "<blockquote expandable>q</blockquote>",
            "q",
            [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
        ),
        (
            '<a href="http://a.cn/?a=1&amp;b=2">到</a>',
            "到",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "http://a.cn/?a=1&b=2"}],
        ),
    ],
)
def test_html_is_shown(html: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert read(html, "HTML", None) == (text, entities)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("a <b c", 'Unclosed start tag "b" at byte offset 2'),
        ("您好<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("a <3>", 'Unsupported start tag "3" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<i>a</i   ", "Unclosed end tag at byte offset 4"),
        ("<i>a</b>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</b>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)  # fmt: skip
def test_wrong_html_is_refused(html: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        read(html, "HTML", None)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


def test_only_html_is_read() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        read("*x*", "MarkdownV2", None)


def test_given_entities_must_lie_in_the_text() -> None:
    assert read(" x ", None, [bold(1, 1)]) == ("x", [bold(0, 1)])
    with pytest.raises(ApiError, match="after the end"):
        read("x", None, [bold(0, 2)])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", "/start")]),
        ("请按 /menu@a_bot", [("bot_command", "/menu@a_bot")]),
        ("1/2 a/b", []),
        ("😀 http://a.cn/x", [("url", "http://a.cn/x")]),
    ],
)
def test_commands_and_addresses_are_found(text: str, found: list[tuple[str, str]]) -> None:
    assert [(each["type"], cut(text, each)) for each in automatic(text)] == found


def test_length_is_counted_in_utf16_units() -> None:
    assert (units("您好"), units("😀")) == (2, 2)
