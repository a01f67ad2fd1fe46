"""A parcel for a chat of staff → what is sent on Telegram. Pure, and without the library.

The bodies are made by handlers/staff_chat; nothing is decided here but how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.telegram import text
from bot.channels.telegram.files import File, file_of
from bot.channels.telegram.part import Part as BasePart
from bot.channels.telegram.part import Rows


@dataclass(frozen=True, slots=True)
class Part(BasePart):
    """`edit`: the message that it replaces. `leave`: nothing is sent, the bot leaves the chat."""

    edit: int | None = None
    leave: bool = False


def parts(body: Mapping[str, Any]) -> tuple[Part, ...]:
    """What is sent for a body, in order; () for nothing.

    A reply hangs on the first, the buttons under the last. A message that is edited stays one: of
    words that are too many for it the first are shown.
    """
    if body.get("what") == "nothing":
        return ()
    title, said = (tame(str(body.get(name) or "")).strip() for name in ("title", "text"))
    edit = _number(body.get("edit"))
    file = file_of(body.get("media")) if edit is None else None
    made = _edited(title, said, edit) if edit is not None else _sent(title, said, file)
    if made:
        made = [replace(part, silent=bool(body.get("silent"))) for part in made]
        made[0] = replace(made[0], reply_to=_number(body.get("reply_to")))
        made[-1] = replace(made[-1], rows=_rows(body.get("rows") or ()))
    if body.get("ends"):
        made.append(Part(leave=True))
    return tuple(made)


# What Telegram would make a command, an address or a person of; https://… stays whole. The two
# commands of groups are ours to say, and do nothing elsewhere.
_TAPPABLE = re.compile(r"(?<![A-Za-z0-9_])(?<!:/)/(?=[A-Za-z0-9_])(?!(?:here|bye)\b)|@(?=\S)")
_JOINER = "\u2060"  # WORD JOINER: no width, no break, and no letter of a command


def tame(text: str) -> str:
    """Words in which nothing can be tapped: a resident's "/duty" must not act at a touch."""
    return _TAPPABLE.sub(lambda found: found[0] + _JOINER, text)


def _edited(title: str, said: str, edit: int) -> list[Part]:
    pieces = _pieces(title, said)
    return [Part(pieces[0], edit=edit)] if pieces else []


def _sent(title: str, said: str, file: File | None) -> list[Part]:
    if file is None:
        return [Part(piece) for piece in _pieces(title, said)]
    under = _pieces(title, said, text.CAPTION_LIMIT)
    if len(under) <= 1:
        return [Part(under[0] if under else "", file=file)]
    return [Part(file=file), *(Part(piece) for piece in _pieces(title, said))]


def _pieces(title: str, said: str, limit: int = text.TEXT_LIMIT) -> list[str]:
    """HTML of at most `limit` units each, as Telegram counts them; the title is bold."""
    whole = "\n".join(part for part in (title, said) if part)
    pieces = text.split(whole, limit)
    made = [text.escape(piece) for piece in pieces]
    if title and pieces and pieces[0].startswith(title):
        rest = text.escape(pieces[0][len(title) :])
        made[0] = f"<b>{text.escape(title)}</b>{rest}"
    return made


def _rows(rows: Sequence[Sequence[Mapping[str, str]]]) -> Rows:
    """Buttons; one whose value is too long would lose the whole message, and is left out."""
    fit = [
        tuple(
            (text.clean(button["label"]), button["value"])
            for button in row
            if len(button["value"].encode()) <= text.CHOICE_BYTES
        )
        for row in rows
    ]
    return tuple(row for row in fit if row)


def _number(given: Any) -> int | None:
    return int(given) if given is not None and str(given).isdecimal() else None
