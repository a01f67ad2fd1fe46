"""Raw updates are stored, and only then confirmed, in both modes (design §3, 1).

Each update is read by itself: one that no library can parse is kept as "unknown" and stops
nothing. Updates of one chat are stored one after the other, chats side by side.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog

from bot.backlog import Backlog
from bot.channels.telegram import identity
from bot.channels.telegram.line import BotChannel, Raw
from dialogs.meaning import danger
from handlers.ports import House, InboxFull, Update
from handlers.receive import receive
from storage import inbox
from storage.database import Database, Db, StorageError
from storage.failpoints import failpoint

log = structlog.get_logger(__name__)

_SHORT = 2_000  # characters: the patterns take less time than a thread would
TRIES = 3  # of an update that fails by itself, not for want of a database
AT_ONCE = 16  # buttons that are answered side by side
MOST_WAITING = 1_000  # more wait to be answered: the next are not
FINISH_SECONDS = 1.0


class TakeIn:
    """Keeps what one bot brings in."""

    def __init__(
        self,
        database: Database,
        channel: BotChannel,
        house: House,
        backlog: Backlog,
        *,
        now: Callable[[], datetime],
        has_room: Callable[[], bool] = lambda: True,
        unknown: Callable[[Raw], Update | None],
    ) -> None:
        """`has_room`: False while the disk is full: only danger is taken then.

        `unknown`: Identity.unknown of the bot.
        """
        self.channel = channel
        self._database, self._house, self._backlog = database, house, backlog
        self._now, self._has_room, self._unknown = now, has_room, unknown
        self._turns: dict[int, _Turn] = {}
        self._tries: OrderedDict[int, int] = OrderedDict()
        self._answering: set[asyncio.Task[None]] = set()
        self._room_to_answer = asyncio.Semaphore(AT_ONCE)
        self._trouble: str | None = None
        self.taken = 0

    async def take(self, raws: Sequence[Raw]) -> list[Raw]:
        """Store updates; gives back those that are not stored and must come again."""
        chats: dict[int | None, list[Raw]] = {}
        for raw in raws:
            chats.setdefault(identity.chat_of(raw), []).append(raw)
        done = await asyncio.gather(*(self._chat(chat, each) for chat, each in chats.items()))
        return [raw for left in done for raw in left]

    async def stop(self) -> None:
        """Finish what is being answered, shortly."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=FINISH_SECONDS)
        for task in self._answering:
            task.cancel()

    async def _chat(self, chat: int | None, raws: Iterable[Raw]) -> list[Raw]:
        """Those that are left: after one of a chat is not stored, the later ones wait too."""
        left: list[Raw] = []
        async with self._turn(chat):
            for raw in raws:
                if left or not await self._one(raw):
                    left.append(raw)
        return left

    async def _one(self, raw: Raw) -> bool:
        number = identity.update_id(raw)
        update = self._read(raw)
        if update is None:
            self._answer(raw)
            return True
        try:
            found = await self._danger_in(update)
            if not found and not self._has_room():
                return self._refused("disk")
            await self._store(update, found)
        except (InboxFull, StorageError) as error:
            return self._refused(type(error).__name__)
        except Exception as error:
            log.error("telegram.not_stored", channel=self.channel.name, exc_info=error)
            return await self._without_words(raw, number)
        if self._trouble is not None:
            log.info("telegram.stores_again", channel=self.channel.name)
            self._trouble = None
        self._answer(raw)
        return True

    def _refused(self, why: str) -> bool:
        """Not stored, for a reason that is not the update's; one line in the log a change."""
        if self._trouble != why:
            log.warning("telegram.stores_nothing", channel=self.channel.name, error=why)
        self._trouble = why
        return False

    async def _without_words(self, raw: Raw, number: int | None) -> bool:
        """An update that fails by itself: after some tries that there was one is kept, and its
        chat goes on."""
        tries = self._tries.pop(number or 0, 0) + 1
        if tries < TRIES:
            self._tries[number or 0] = tries
            if len(self._tries) > MOST_WAITING:
                self._tries.popitem(last=False)
            return False
        bare = self._unknown(raw)
        try:
            if bare is not None:
                await self._store(bare, ())
        except (InboxFull, StorageError):
            return False
        except Exception as error:
            log.error("telegram.given_up", channel=self.channel.name, exc_info=error)
        return True

    def _read(self, raw: Raw) -> Update | None:
        """What it says; None: nothing for the house."""
        try:
            return self.channel.to_update(raw)
        except Exception as error:
            log.warning("telegram.not_read", channel=self.channel.name, exc_info=error)
            return self._unknown(raw)

    async def _danger_in(self, update: Update) -> tuple[str, ...]:
        """What danger words tell of, as far as anybody can write at once."""
        text = update.text[: self.channel.abilities.text_limit]
        if not text or not self.channel.reads_danger:
            return ()
        if len(text) <= _SHORT:
            return danger.find(text)
        return await asyncio.to_thread(danger.find, text)

    async def _store(self, update: Update, found: tuple[str, ...]) -> None:
        waiting = await self._backlog.waiting()
        try:
            new = await self._database.write(
                _receive, update, found, self._now(), self._house, waiting
            )
        except inbox.DifferentBody:
            # Telegram repeats an update with what it looks like now: we keep the first.
            new = False
        failpoint("intake.after_commit")
        self.taken += new

    # ------------------------------------------------------------ after the commit

    def _answer(self, raw: Raw) -> None:
        if len(self._answering) >= MOST_WAITING:
            return
        task = asyncio.create_task(self._answer_now(raw))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer_now(self, raw: Raw) -> None:
        async with self._room_to_answer:
            try:
                await self.channel.acknowledged(raw)
            except Exception as error:
                log.warning("telegram.not_answered", channel=self.channel.name, exc_info=error)

    # ------------------------------------------------------------ turns

    @asynccontextmanager
    async def _turn(self, chat: int | None) -> AsyncIterator[None]:
        """One at a time for a chat; forgotten when nobody waits for it."""
        if chat is None:
            yield
            return
        turn = self._turns.setdefault(chat, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                self._turns.pop(chat, None)


class _Turn:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


def _receive(db: Db, update: Update, found: tuple[str, ...], *given: Any) -> bool:
    new = receive(db, update, found, *given)
    failpoint("intake.before_commit")
    return new
