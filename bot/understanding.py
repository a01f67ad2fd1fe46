"""The reader of the house, loaded beside the start: until then danger is read by patterns."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import threading
import time
from pathlib import Path

import structlog

from bot.log import where
from handlers.ports import Reader

log = structlog.get_logger(__name__)


class Understanding:
    """Holds the present reader; `load` trains it or takes it from the cache, in a thread."""

    def __init__(self, data: Path, cache: Path) -> None:
        self._data, self._cache = data, cache
        self._reader: Reader | None = None
        self.failed: str | None = None
        self.loaded = asyncio.Event()

    def now(self) -> Reader | None:
        """The reader, or None while there is none."""
        return self._reader

    async def load(self) -> None:
        """Load once. After a failure the patterns alone must do, and the health page says so."""
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[Reader] = loop.create_future()

        def work() -> None:
            try:
                reader = load(self._data, self._cache)
            except BaseException as error:  # noqa: BLE001 - told to the one who waits
                outcome = functools.partial(_tell, found, None, error)
            else:
                outcome = functools.partial(_tell, found, reader, None)
            with contextlib.suppress(RuntimeError):  # the house has closed meanwhile
                loop.call_soon_threadsafe(outcome)

        # A daemon: the house must be able to end while it learns.
        threading.Thread(target=work, name="reader", daemon=True).start()
        try:
            self._reader = await found
            log.info("reader.loaded", seconds=round(time.perf_counter() - began, 2))
        except Exception as error:  # noqa: BLE001 - the house goes on without it
            self.failed = type(error).__name__
            log.error("reader.not_loaded", error=where(error))
        finally:
            self.loaded.set()


def _tell(
    found: asyncio.Future[Reader], reader: Reader | None, error: BaseException | None
) -> None:
    if found.done():
        return
    if reader is not None:
        found.set_result(reader)
    elif error is not None:
        found.set_exception(error)


def load(data: Path, cache: Path) -> Reader:
    """Train or take from the cache; imports numpy and scipy only here."""
    from bot.readers import linear

    cache.mkdir(parents=True, exist_ok=True)
    return linear.load(data, cache)
