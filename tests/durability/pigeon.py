"""The pushing channel of these tests: what it is given stands in a file outside of the house."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.channels.base import Abilities, FetchError, Message
from handlers.ports import House, Update
from handlers.receive import receive
from storage.crypto import Vault
from storage.database import Database, Db
from storage.failpoints import failpoint
from tests.durability.journal import Journal
from tests.durability.plan import ACCOUNT, PIGEON, sender


class Pigeon:
    """Keeps (id, address, life) of each message, synced, and then says that it has it."""

    name, account = PIGEON, ACCOUNT
    abilities = Abilities()

    def __init__(self, journal: Journal, life: int, vault: Vault) -> None:
        self._journal, self._life, self._vault = journal, life, vault

    def to_update(self, raw: Any) -> Update | None:
        """The update in (chat, id, text)."""
        chat, own_id, text = raw
        who = sender(self._vault, chat)
        return Update(PIGEON, ACCOUNT, who, own_id, "text", text, address=chat)

    def pause(self, address: str) -> float:
        """It does not tire."""
        return 0.0

    def parts(self, message: Message) -> tuple[Any, ...]:
        """A message is one thing."""
        return (None,)

    async def send(self, message: Message, part: Any) -> str | None:
        """Write it down. The loop goes on meanwhile, as it does while a real channel answers."""
        await asyncio.to_thread(
            self._journal.write,
            "pushed",
            sync=True,
            id=message.id,
            address=message.address,
            life=self._life,
        )
        return f"feather-{message.id}"

    async def coming(self, address: str) -> None:
        """Nobody looks for a pigeon that comes."""

    async def fetch(self, source: str, most: int) -> bytes:
        """It carries no files."""
        raise FetchError("no_files")


async def take_in(
    database: Database, update: Update, danger: tuple[str, ...], house: House
) -> bool:
    """Store what a pigeon brought, as the web does: it is acknowledged when this returns."""
    new = await database.write(_receive, update, danger, database.clock.now(), house)
    failpoint("intake.after_commit")
    return new


def _receive(db: Db, update: Update, danger: tuple[str, ...], now: Any, house: House) -> bool:
    new = receive(db, update, danger, now, house)
    failpoint("intake.before_commit")
    return new
