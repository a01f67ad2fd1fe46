"""One look at the tables for all open pages of this process (design §3: waiting).

Each page's stream waits for a wake of its topic. A commit of this process wakes at once; what
other processes commit is found here, every 250 ms, with one question for all pages together.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import select

from bot.channels.web.channel import ACCOUNT, NAME
from storage import notices
from storage.conversations import TABLE
from storage.database import Database, Db, StorageClosed, StorageError
from storage.wakes import Ear

log = structlog.get_logger(__name__)

NOTICES = "notices"
CLOSING = "closing"  # fired once, at shutdown, so that no stream sleeps through it
_AT_ONCE = 500  # ids in one statement


def device_topic(sender: str) -> str:
    """What a page waits for whose conversation is not open yet, and for its entries after."""
    return f"device:{sender}"


class Follower:
    """Knows which pages are open, and wakes those whose log has grown."""

    def __init__(self, database: Database, interval: float) -> None:
        self._database, self._interval = database, interval
        self._senders: Counter[str] = Counter()
        self._desks = 0
        self._last: dict[str, int] = {}
        self._last_notice = -1

    @property
    def pages(self) -> int:
        """Open streams of residents."""
        return self._senders.total()

    @property
    def desks(self) -> int:
        """Open streams of staff."""
        return self._desks

    @contextmanager
    def resident(self, sender: str, conversation_id: str | None) -> Iterator[Ear]:
        """Hear when something is written for a device."""
        topics = [CLOSING, device_topic(sender)]
        if conversation_id is not None:
            topics.append(f"conversation:{conversation_id}")
        self._senders[sender] += 1
        try:
            with self._database.wakes.listen(*topics) as ear:
                yield ear
        finally:
            self._senders[sender] -= 1
            if not self._senders[sender]:
                del self._senders[sender]
                self._last.pop(sender, None)

    @contextmanager
    def desk(self) -> Iterator[Ear]:
        """Hear when staff are told something."""
        self._desks += 1
        try:
            with self._database.wakes.listen(CLOSING, NOTICES) as ear:
                yield ear
        finally:
            self._desks -= 1

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(self._interval)
            if not (self._senders or self._desks):
                continue
            try:
                await self.look()
            except StorageClosed:
                return
            except (
                StorageError
            ) as error:  # the streams' own waits end too, and they look themselves
                log.warning("follow.not_looked", error=type(error).__name__)

    async def look(self) -> None:
        """Ask once, and wake those for whom something is new."""
        senders = list(self._senders)
        found, notice = await self._database.read(_positions, senders, bool(self._desks))
        topics = []
        for sender, seq in found.items():
            if sender in self._senders and self._last.get(sender) != seq:
                self._last[sender] = seq
                topics.append(device_topic(sender))
        if notice is not None and notice != self._last_notice:
            self._last_notice = notice
            topics.append(NOTICES)
        if topics:
            self._database.wakes.fire(topics)


def _positions(db: Db, senders: list[str], with_notices: bool) -> tuple[dict[str, int], int | None]:
    found: dict[str, int] = {}
    for at in range(0, len(senders), _AT_ONCE):
        rows = db.execute(
            select(TABLE.c.sender, TABLE.c.last_seq).where(
                TABLE.c.channel == NAME,
                TABLE.c.account == ACCOUNT,
                TABLE.c.sender.in_(senders[at : at + _AT_ONCE]),
            )
        )
        found.update({row.sender: row.last_seq for row in rows})
    return found, notices.last_seq(db) if with_notices else None
