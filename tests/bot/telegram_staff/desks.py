"""An advisor with a telephone, and the staff bot as a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.channels.base import Message
from bot.channels.telegram.line import ALLOWED
from bot.channels.telegram_staff.channel import Staff
from bot.house import build_house
from bot.settings import load
from handlers.staff_chat.parcels import body
from storage.clock import utc_now
from storage.crypto import Vault
from storage.files import MediaFiles
from tests.botapi import BotApi, Person
from tests.botapi.world import Bot


@dataclass
class Desk:
    """The staff bot as a channel, and an advisor with a telephone."""

    api: BotApi
    bot: Bot
    channel: Staff
    files: MediaFiles
    li: Person

    async def send(self, address: int | None = None, media: Any = None, **more: Any) -> list[str]:
        """Send a parcel; the channel's ids of its parts."""
        made = body(more.pop("what", "text"), **more) | {"media": media}
        message = Message("p1", str(address or self.li.id), 2, made)
        parts = self.channel.parts(message)
        return [str(await self.channel.send(message, part)) for part in parts]

    def keep(self, data: bytes, kind: str, mime: str, **more: Any) -> dict[str, Any]:
        self.files.write("a" * 32, data)
        return {"id": "a" * 32, "kind": kind, "mime": mime, "seconds": None, "name": None} | more

    async def updates(self, offset: int | None = None) -> list[dict[str, Any]]:
        return await self.channel.line.get_updates(offset, 0, ALLOWED)


def staff_bot(token: str, base: str, files: MediaFiles, vault: Vault) -> Staff:
    words = build_house(load(None, {}), utc_now().date())[0].staff_words
    return Staff(token, base, words, files, vault.index)
