"""Other people's words among ours: they cannot look like a line of somebody else.

Whoever writes to the house may put line breaks and signs that turn a line around into a message;
unmarked, "好的⏎李顾问 10:32 …" would read as if a colleague had said it.
"""

from __future__ import annotations

import re

GOES_ON = "│ "  # begins every further line of what one person said

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# what turns the direction of a line (UAX #9): it could put the end of a line before its beginning
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def quoted(text: str) -> str:
    """What somebody said, with each further line marked as going on."""
    lines = _BREAKS.split(_TURNS.sub("", text).strip())
    return "\n".join([lines[0], *(GOES_ON + line if line.strip() else "│" for line in lines[1:])])


def one_line(text: str) -> str:
    """A name, or first words, on one line."""
    return " ".join(_BREAKS.sub(" ", _TURNS.sub("", text)).split())
