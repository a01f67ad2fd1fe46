"""Text as Telegram counts and reads it: UTF-16 units, at most 4,096 a message, HTML escaped.

Limits count what is seen, after Telegram has read the HTML: text is split first and escaped after.
"""

from __future__ import annotations

import html
import re

TEXT_LIMIT = 4_096  # units of a message; https://core.telegram.org/bots/api#sendmessage
CAPTION_LIMIT = 1_024  # units under a photo, a voice note or a document
CHOICE_BYTES = (
    64  # bytes of a button's value; https://core.telegram.org/bots/api#inlinekeyboardbutton
)

# Where a text may be cut, the best first; each keeps what it found with the part before it.
_CUTS = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?…;；][」』”’）)]*|\.(?=\s)"),
    re.compile(r"[，,、：:]|\s"),
)
_LEAST = 0.25  # a cut before a quarter of the limit would make too many parts


def units(text: str) -> int:
    """How long Telegram says that a text is: UTF-16 code units."""
    return len(text) + sum(1 for sign in text if sign > "\uffff")


def head(text: str, limit: int) -> str:
    """The longest beginning of a text with at most `limit` units; no sign is cut in two."""
    if len(text) * 2 <= limit:
        return text
    used = 0
    for place, sign in enumerate(text):
        used += 2 if sign > "\uffff" else 1
        if used > limit:
            return text[:place]
    return text


def split(text: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """The parts of a text, each of at most `limit` units and with something to see in it.

    Cut after paragraphs, lines, sentences, clauses, and only then between any two signs. Nothing
    but the white space at a cut is lost. () for a text with nothing to see.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        first = head(rest, limit)
        if len(first) < len(rest):
            first = first[: _cut(first, rest)]
        rest = rest[len(first) :].lstrip()
        if first.strip():
            parts.append(first.rstrip())
    return tuple(parts)


def _cut(first: str, rest: str) -> int:
    """Where to end a part that is as long as it may be; `rest` begins with it."""
    least = len(first) * _LEAST
    for pattern in _CUTS:
        ends = [found.end() for found in pattern.finditer(first) if found.end() >= least]
        if ends:
            return ends[-1]
    for place in range(len(first), max(0, len(first) - _LONGEST_SIGN), -1):
        if not _JOINS.match(rest[place]) and rest[place - 1] != "\u200d":
            return place
    return len(first)


# What belongs to the sign before it: a joiner, a variant, a tone of skin, an accent.
_JOINS = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u0300-\u036f]")
_LONGEST_SIGN = 12


def escape(text: str) -> str:
    """A text for parse_mode HTML; surrogates and NUL, which Telegram refuses, are replaced."""
    return html.escape(_SENDABLE.sub("\ufffd", text), quote=False)


def clean(text: str) -> str:
    """A text that is sent without a parse mode: what cannot be sent at all is replaced."""
    return _SENDABLE.sub("\ufffd", text)


_SENDABLE = re.compile("[\x00\ud800-\udfff]")
