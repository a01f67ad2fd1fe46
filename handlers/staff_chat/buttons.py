"""Values of buttons: short, opaque to the channel, and checked again when they are pressed."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

Button = dict[str, str]  # label, value
Rows = list[list[Button]]
MOST_BYTES = 64  # of a value, as Telegram takes it
A_ROW = 3  # buttons that can be hit with a thumb
_ID = re.compile(r"[0-9a-f]{32}")
_SHORT = "~"  # before an id of ours: 128 bits in 22 characters


def pack(act: str, *parts: str) -> str:
    """The value of a button that does ``act``; ids of ours are shortened.

    Raises:
        ValueError: it would not fit, or could not be read again.
    """
    value = ":".join((act, *map(_shorten, parts)))
    if len(value.encode()) > MOST_BYTES or any(":" in part for part in parts):
        raise ValueError(f"no value of a button: {act}")
    return value


def unpack(value: str) -> tuple[str, tuple[str, ...]]:
    """The act and its parts. A value that we never made gives an act that nobody knows."""
    act, *parts = value.split(":")
    try:
        return act, tuple(map(_lengthen, parts))
    except (ValueError, binascii.Error):
        return "", ()


def _shorten(part: str) -> str:
    if _ID.fullmatch(part) is None:
        return part
    return _SHORT + urlsafe_b64encode(bytes.fromhex(part)).decode().rstrip("=")


def _lengthen(part: str) -> str:
    if not part.startswith(_SHORT):
        return part
    made = urlsafe_b64decode(part.removeprefix(_SHORT) + "==")
    if len(made) != 16:
        raise ValueError(part)
    return made.hex()


def button(label: str, act: str, *parts: str) -> Button:
    """A button."""
    return {"label": label, "value": pack(act, *parts)}


def rows(buttons: Iterable[Button | None], a_row: int = A_ROW) -> Rows:
    """Buttons in rows; None is left out."""
    shown = [one for one in buttons if one is not None]
    return [shown[start : start + a_row] for start in range(0, len(shown), a_row)]
