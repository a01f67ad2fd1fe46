"""Keyboards under messages: what Telegram takes, and what it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.errors import bad

MOST_DATA = 64  # bytes
MOST_BUTTONS = 100
_SCHEMES = frozenset(("http", "https", "ton", "tg", "tonsite"))
_ACTS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


@dataclass(frozen=True)
class Keyboards:
    """``inline`` stands under the message, ``other`` below the whole chat."""

    inline: list[list[dict[str, Any]]] | None = None
    other: dict[str, Any] | None = None


def keyboards(raw: Any) -> Keyboards:
    """
    Raises:
        ApiError: Telegram does not take it.
    """
    if not raw:
        return Keyboards()
    if "inline_keyboard" not in raw:
        return Keyboards(other=raw)
    rows = [[_button(each) for each in row] for row in raw["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return Keyboards(inline=rows or None)


def inline_only(raw: Any) -> list[list[dict[str, Any]]] | None:
    """The keyboard of an edit."""
    found = keyboards(raw)
    if found.other is not None:
        raise bad("inline keyboard expected")
    return found.inline


def _button(raw: dict[str, Any]) -> dict[str, Any]:
    button = {name: value for name, value in raw.items() if value is not None}
    if not str(button.get("text") or "").strip():
        raise bad("can't parse inline keyboard button: button text must be non-empty")
    acts = [each for each in _ACTS if each in button]
    if not acts or button[acts[0]] == "":
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(acts) > 1:
        raise bad("can't parse inline keyboard button: exactly one of the optional fields")
    data = button.get("callback_data")
    if data is not None and len(str(data).encode()) > MOST_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(str(button["url"]))
    return button


def _check_url(url: str) -> None:
    parts = urlsplit(url if ":" in url else f"http://{url}")
    if parts.scheme.lower() not in _SCHEMES:
        why = "Unsupported URL protocol"
    elif parts.scheme in ("http", "https") and "." not in (parts.hostname or ""):
        why = "Wrong HTTP URL" if parts.hostname else "URL host is empty"
    else:
        return
    raise bad(f"inline keyboard button URL '{url}' is invalid: {why}")
