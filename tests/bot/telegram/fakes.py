"""A line and a bot's channel without Telegram: what is given to them is all that they know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from bot.channels.base import Message, SendError
from bot.channels.telegram import pace
from bot.channels.telegram.identity import Identity, chat_of
from bot.channels.telegram.line import Me, Raw
from handlers.ports import Update

ACCOUNT = "42"
Script = list[list[Raw] | SendError | Exception]


def text(number: int, words: str, chat: int = 6001) -> Raw:
    """An update with words."""
    where = {"id": chat, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "chat": where, "text": words}}


class FakeLine:
    """Answers getUpdates from a script, then holds each poll back until it is cancelled."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or []
        self.offsets: list[int | None] = []
        self.calls: list[str] = []
        self.hooks: list[tuple[str, str]] = []
        self.refusals: list[SendError] = []
        self.waits = asyncio.Event()

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.refusals:
            raise self.refusals.pop(0)

    async def me(self) -> Me:
        self._called("me")
        return Me(int(ACCOUNT), "nuanxin_bot")

    async def get_updates(
        self, offset: int | None, seconds: int, allowed: Sequence[str]
    ) -> list[Raw]:
        self.offsets.append(offset)
        if not self.script:
            self.waits.set()
            await asyncio.Event().wait()
        found = self.script.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    async def set_webhook(self, url: str, secret: str, allowed: Sequence[str]) -> None:
        self._called("set_webhook")
        self.hooks.append((url, secret))

    async def delete_webhook(self) -> None:
        self._called("delete_webhook")

    async def set_commands(self) -> None:
        self._called("set_commands")

    async def close(self) -> None:
        self.calls.append("close")


class FakeBot:
    """A bot of Telegram whose updates hold words and nothing else."""

    name = "telegram"
    account = ACCOUNT
    abilities = pace.ABILITIES

    def __init__(
        self, index: Callable[[str, str], str], line: FakeLine, *, reads_danger: bool = True
    ) -> None:
        self.identity = Identity(index, self.name, self.account)
        self.line, self.reads_danger = line, reads_danger
        self.acknowledgements: list[Raw] = []
        self.trouble: Exception | None = None

    def to_update(self, raw: Any) -> Update | None:
        chat = chat_of(raw)
        if chat is None:
            return None
        words = raw["message"]["text"]
        if words == "poison":
            raise ValueError(words)
        return Update(
            self.name, self.account, self.identity.sender(chat),
            str(raw["message"]["message_id"]), "text", words, address=str(chat),
        )  # fmt: skip

    async def acknowledged(self, raw: Raw) -> None:
        self.acknowledgements.append(raw)
        if self.trouble is not None:
            raise self.trouble

    def pause(self, address: str) -> float:
        return 0.0

    def parts(self, message: Message) -> tuple[Any, ...]:
        return (message.body,)

    async def send(self, message: Message, part: Any) -> str | None:
        return "1"

    async def coming(self, address: str) -> None:
        return None

    async def fetch(self, source: str, most: int) -> bytes:
        return b""
