"""Messages that wait in the outbox for many chats, as a broadcast or an hour's talk leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.talk import open_talk
from storage import conversations
from storage.database import Database, Db
from tests.botapi import Bot, Person
from tests.durability.life import content
from tests.durability.telegram.seen import RESIDENTS

_AT_ONCE = 200  # chats of one transaction


def write(database: Database, bot: Bot, people: Sequence[Person], texts: Sequence[str]) -> None:
    """The house writes these texts to everybody, one after the other."""
    for first in range(0, len(people), _AT_ONCE):
        addresses = [person.id for person in people[first : first + _AT_ONCE]]
        database.write_blocking(_write, bot.id, addresses, texts)


def _write(db: Db, account: int, addresses: Sequence[int], texts: Sequence[str]) -> None:
    now, house, vault = datetime.now(UTC), content().house, db.info["vault"]
    for address in addresses:
        sender = vault.index("sender", f"{RESIDENTS}:{account}:{address}")
        found = conversations.open_for(db, RESIDENTS, str(account), sender, str(address), now)
        talk = open_talk(db, found, now, house)
        for text in texts:
            talk.tell(text)
