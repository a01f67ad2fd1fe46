"""The reader of the house, loaded beside the start: until then danger is read by patterns."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.log import where
from handlers.ports import Reader

ROOT = Path(__file__).parents[1]
log = structlog.get_logger(__name__)


class Understanding:
    """Holds the present reader; `load` trains it or takes it from the cache, in a thread."""

    def __init__(self, data: Path, cache: Path) -> None:
        self._data, self._cache = data.resolve(), cache.resolve()
        self._reader: Reader | None = None
        self.failed: str | None = None
        self.loaded = asyncio.Event()

    def now(self) -> Reader | None:
        """The reader, or None while there is none."""
        return self._reader

    async def load(self) -> None:
        """Load once. After a failure the patterns alone must do, and the health page says so."""
        began = time.perf_counter()
        try:
            if not _is_fresh(self._data, self._cache):
                await _learn_apart(self._data, self._cache)
            self._reader = await _in_daemon(functools.partial(load, self._data, self._cache))
            log.info("reader.loaded", seconds=round(time.perf_counter() - began, 2))
        except Exception as error:  # noqa: BLE001 - the house goes on without it
            self.failed = type(error).__name__
            log.error("reader.not_loaded", error=where(error))
        finally:
            self.loaded.set()


def load(data: Path, cache: Path) -> Reader:
    """Train or take from the cache; imports numpy and scipy only here."""
    from bot.readers import linear

    cache.mkdir(parents=True, exist_ok=True)
    return linear.load(data, cache)


def _is_fresh(data: Path, cache: Path) -> bool:
    """Is the cache probably good? The reader itself knows for sure; a wrong guess costs memory."""
    kept = max((file.stat().st_mtime for file in cache.glob("linear-*.npz")), default=0.0)
    sources = [*data.glob("*.yml"), *(ROOT / "dialogs" / "meaning").glob("*.py")]
    return kept > max((file.stat().st_mtime for file in sources), default=0.0)


async def _learn_apart(data: Path, cache: Path) -> None:
    """Train in a process of its own: what it needs is 150 MB that the house need not keep, and
    the house answers meanwhile. When it does not work, the house trains by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.understanding", str(data), str(cache),
        cwd=ROOT, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    if code != 0:
        log.warning("reader.not_learned_apart", code=code)


async def _in_daemon(work: Callable[[], Reader]) -> Reader:
    """Run in a thread that holds up nobody's end: the house must be able to stop while it loads."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Reader] = loop.create_future()

    def tell(reader: Reader | None, error: Exception | None) -> None:
        if found.done():
            return
        if reader is not None:
            found.set_result(reader)
        elif error is not None:
            found.set_exception(error)

    def run() -> None:
        try:
            outcome = functools.partial(tell, work(), None)
        except Exception as error:  # noqa: BLE001 - told to the one who waits
            outcome = functools.partial(tell, None, error)
        with contextlib.suppress(RuntimeError):  # the house has closed meanwhile
            loop.call_soon_threadsafe(outcome)

    threading.Thread(target=run, name="reader", daemon=True).start()
    return await found


if __name__ == "__main__":
    os.nice(10)
    load(Path(sys.argv[1]), Path(sys.argv[2]))
