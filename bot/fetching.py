"""Fetches the files that a bot's channel holds for us, and keeps them (design §3, §8).

Each is a row with a lease: a file is on the disk before its row says "kept", and a kill in between
means that it is fetched once more. What cannot be had now is tried again for a while; what cannot
be had at all is asked for again. When nothing can be had from the channel, no file is to blame:
the whole channel rests and one is tried now and then.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot import media
from bot.channels.base import FetchError, Pushing
from handlers import fetched
from handlers.fetched import Facts
from handlers.ports import House
from storage import fetches
from storage.database import Database, Db, StorageClosed, StorageError
from storage.failpoints import failpoint
from storage.fetches import Wanted
from storage.files import MediaFiles

log = structlog.get_logger(__name__)

AT_ONCE = 3  # files, each in memory whole
FETCH_SECONDS = 60.0  # 20 MB over a slow line
TRIES = 10  # with the pauses below: about a quarter of an hour
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
FIRST_REST, LONGEST_REST = 1.0, 30.0
FINISH_SECONDS = 5.0
RECORD_TRIES = 5
TIME_OUT, FAULT = "time_out", "fault"
_OURS = (TIME_OUT, FAULT)  # say nothing about whether the channel gives


class Fetching:
    """The fetcher of one channel; `run` is its task, `stop` ends it gently."""

    def __init__(
        self,
        database: Database,
        channel: Pushing,
        files: MediaFiles,
        house: House,
        *,
        owner: str,
        now: Callable[[], datetime],
        limits: media.Limits,
        decoding: asyncio.Semaphore | None = None,
        has_room: Callable[[], bool] = lambda: True,
        poll: float = 1.0,
        lease: timedelta = timedelta(minutes=3),
        fetch_seconds: float = FETCH_SECONDS,
        tries: int = TRIES,
        first_pause: float = FIRST_PAUSE,
        first_rest: float = FIRST_REST,
    ) -> None:
        """`decoding`: one photo is decoded at a time by all who share it. `has_room`: False while
        the disk is low; nothing is fetched then, and nothing counted. `lease` must be longer
        than `fetch_seconds` with the decoding and the recording after it."""
        if lease.total_seconds() < 2 * fetch_seconds:
            raise ValueError("a lease must be twice as long as a fetch may take")
        self._database, self._channel, self._files = database, channel, files
        self._house, self._owner, self._now, self._limits = house, owner, now, limits
        self._decoding = decoding or asyncio.Semaphore(1)
        self._has_room = has_room
        self._poll, self._lease, self._seconds = poll, lease, fetch_seconds
        self._tries, self._first_pause, self._first_rest = tries, first_pause, first_rest
        self._rest = 0.0  # seconds that the channel rests; 0 while it gives
        self._resting_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.kept = self.lost = 0

    async def run(self) -> None:
        """Fetch, until stopped."""
        with self._database.wakes.listen("fetches") as ear:
            while not self._stopping:
                room = self._room()
                taken: list[Wanted] = []
                if room > 0:
                    try:
                        taken = await self._take(room)
                    except StorageClosed:
                        return
                    except StorageError as error:
                        log.warning("fetch.not_taken", error=type(error).__name__)
                for wanted in taken:
                    self._begin(wanted)
                await ear.wait(self._poll)

    async def stop(self) -> None:
        """Take no more; finish what is being fetched, shortly. The rest is leased again later."""
        self._stopping = True
        self._database.wakes.fire(["fetches"])
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
        for task in self._tasks:
            task.cancel()

    def _room(self) -> int:
        """How many files may be taken now; while the channel is down one, when its rest is over."""
        if not self._has_room():
            return 0
        if not self._rest:
            return AT_ONCE - len(self._tasks)
        rested = asyncio.get_running_loop().time() >= self._resting_until
        return 1 if rested and not self._tasks else 0

    async def _take(self, room: int) -> list[Wanted]:
        now = self._now()
        channel = self._channel
        return await self._database.write(
            fetches.lease, channel.name, channel.account, self._owner, now, now + self._lease, room
        )

    def _begin(self, wanted: Wanted) -> None:
        task = asyncio.create_task(self._fetch(wanted), name=f"fetch-{wanted.media_id}")
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._database.wakes.fire(["fetches"])  # there is room for the next
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("fetch.task", exc_info=error)

    async def _fetch(self, wanted: Wanted) -> None:
        if wanted.attempts > self._tries:  # it ended our process each time
            await self._lose(wanted, FAULT)
            return
        try:
            ready = await self._ready(wanted)
            await asyncio.to_thread(self._files.write, wanted.media_id, ready.data)
        except FetchError as error:
            await self._not_had(wanted, error)
            return
        except media.Unfit as unfit:
            await self._lose(wanted, unfit.code)
            return
        except OSError as error:  # our disk; the file is not to blame
            log.error("fetch.not_written", media=wanted.media_id, exc_info=error)
            await self._again(wanted, LONGEST_REST, counted=False)
            return
        except Exception as error:
            log.error("fetch.fault", media=wanted.media_id, exc_info=error)
            await self._not_had(wanted, FetchError(FAULT, retryable=True))
            return
        failpoint("media.after_file")
        facts = Facts(ready.mime, len(ready.data), ready.seconds, ready.kind)
        if await self._record(wanted, fetched.kept, facts, self._now()):
            self.kept += 1
        failpoint("media.after_commit")

    async def _ready(self, wanted: Wanted) -> media.Ready:
        """The file as it is kept. Raises FetchError or Unfit."""
        most = self._limits.of(wanted.kind)
        try:
            async with asyncio.timeout(self._seconds):
                data = await self._channel.fetch(wanted.source, most)
        except TimeoutError:
            raise FetchError(TIME_OUT, retryable=True) from None
        self._up()
        async with self._decoding:
            return await asyncio.to_thread(media.prepare, data, wanted.kind, self._limits)

    async def _not_had(self, wanted: Wanted, error: FetchError) -> None:
        if error.everywhere:
            self._down(error.code)
            await self._again(wanted, self._rest, counted=False)
            return
        if error.code not in _OURS:
            self._up()
        if error.retryable and wanted.attempts < self._tries:
            pause: float = min(LONGEST_PAUSE, self._first_pause * 2 ** (wanted.attempts - 1))
            pause *= random.uniform(0.8, 1.2)  # noqa: S311 - no secret
            await self._again(wanted, pause, counted=True)
        else:
            await self._lose(wanted, error.code)

    def _down(self, code: str) -> None:
        now = asyncio.get_running_loop().time()
        if not self._rest:
            log.error("fetch.down", channel=self._channel.name, error=code)
        elif now < self._resting_until:
            return  # one of those that were in hand when it went down
        self._rest = min(LONGEST_REST, self._rest * 2) or self._first_rest
        self._resting_until = now + self._rest

    def _up(self) -> None:
        if self._rest:
            self._rest = 0.0
            log.info("fetch.up_again", channel=self._channel.name)

    async def _again(self, wanted: Wanted, seconds: float, *, counted: bool) -> None:
        await self._record(wanted, _later, self._now() + timedelta(seconds=seconds), counted)

    async def _lose(self, wanted: Wanted, code: str) -> None:
        log.warning("fetch.lost", media=wanted.media_id, code=code)
        if await self._record(wanted, fetched.failed, code, self._now(), self._house):
            self.lost += 1

    async def _record(self, wanted: Wanted, fn: Callable[..., bool], *given: object) -> bool:
        """Write down what became of it. What cannot be recorded is fetched again, after the
        lease."""
        for again in range(RECORD_TRIES):
            try:
                return await self._database.write(fn, wanted, self._owner, *given)
            except StorageClosed:
                return False
            except StorageError as error:
                log.warning("fetch.not_recorded", error=type(error).__name__)
                await asyncio.sleep(0.2 * 2**again)
        return False


def _later(db: Db, wanted: Wanted, owner: str, not_before: datetime, counted: bool) -> bool:
    return fetches.settle(db, wanted.media_id, owner, not_before=not_before, counted=counted)
