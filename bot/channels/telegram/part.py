"""One thing to send on Telegram, and its parameters in either library's types.

Both libraries name the fields of their types, and the parameters of their calls, as Telegram does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.telegram.files import File

Rows = tuple[tuple[tuple[str, str], ...], ...]  # rows of (label, value)

_TIMED = ("voice", "audio")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to send: HTML, buttons under it, perhaps a file whose caption the HTML is."""

    html: str = ""
    rows: Rows = ()
    file: File | None = None
    reply_to: int | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Types:
    """A library's own types that stand in a message."""

    button: Callable[..., Any]
    keyboard: Callable[..., Any]
    reply: Callable[..., Any]
    file: Callable[[bytes, str], Any]

    def buttons(self, rows: Rows) -> Any:
        """What stands under a message; None without rows."""
        if not rows:
            return None
        made = [
            [self.button(text=label, callback_data=value) for label, value in row] for row in rows
        ]
        return self.keyboard(inline_keyboard=made)

    def around(self, part: Part) -> dict[str, Any]:
        """The parameters that go with every kind of message."""
        around: dict[str, Any] = {}
        if part.rows:
            around["reply_markup"] = self.buttons(part.rows)
        if part.reply_to is not None:
            around["reply_parameters"] = self.reply(
                message_id=part.reply_to, allow_sending_without_reply=True
            )
        if part.silent:
            around["disable_notification"] = True
        return around

    def carrying(self, part: Part, file: File, data: bytes) -> dict[str, Any]:
        """The parameters of a call that sends a file; its name is the file's way."""
        carrying = {file.way: self.file(data, file.name), **self.around(part)}
        if part.html:
            carrying["caption"] = part.html
        if file.way in _TIMED:
            carrying["duration"] = file.seconds
        return carrying
