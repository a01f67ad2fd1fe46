"""The test server as tests hold it: started in a thread of its own, used from anywhere."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import socket
import threading
from collections.abc import Coroutine, Iterator
from types import TracebackType
from typing import Any, Literal, Self

from aiohttp import web

from tests.botapi import check
from tests.botapi.faults import Fault, Faults, How
from tests.botapi.groups import Group
from tests.botapi.journal import Journal
from tests.botapi.limits import Limits, Rates
from tests.botapi.people import Person
from tests.botapi.server import Server
from tests.botapi.world import Bot, Talk, User, World

_STOP_SECONDS = 30.0


class BotApi:
    """A Bot API on loopback. ``with BotApi() as api:`` or ``start`` and ``stop``."""

    def __init__(
        self,
        *,
        port: int = 0,
        validate: bool = True,
        rates: Rates = Rates(),  # noqa: B008 - it is frozen
        retry_unit: float = 0.05,
        query_seconds: float = 30.0,
    ) -> None:
        """
        Args:
            port: 0: any that is free.
            validate: hold every call and every answer against both libraries' models (aiogram
                takes four seconds to import; a call costs 0.3 ms more).
            rates: what a bot may send; ``OFF`` for no limit.
            retry_unit: a webhook's pauses are 2, 4, 8 … of it; Telegram's own is 1 s.
            query_seconds: how long a press can be answered.
        """
        self.world = World(query_seconds=query_seconds)
        self.server = Server(self.world, validate=validate, rates=rates, retry_unit=retry_unit)
        self.port = port
        self._validate = validate
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="bot api", daemon=True)
        self._up = threading.Event()
        self._numbers = itertools.count(1)
        self._holder: socket.socket | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None
        self._listener: socket.socket | None = None

    # ------------------------------------------------------------ its life

    def start(self) -> Self:
        if self._validate:
            check.methods()
            self.world.check_update = check.update
        self._holder = _bound(self.port)
        self.port = self._holder.getsockname()[1]
        self._thread.start()
        self._up.wait()
        self._do(self._open())
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._do(self._close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_STOP_SECONDS)
        self._loop.close()
        if self._holder is not None:
            self._holder.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def base(self) -> str:
        """What NUANXIN_TELEGRAM_API_BASE takes."""
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._up.set)
        self._loop.run_forever()

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(_STOP_SECONDS)

    async def _open(self) -> None:
        if self._runner is None:
            self._runner = web.AppRunner(
                self.server.application, access_log=None, handler_cancellation=True
            )
            await self._runner.setup()
        self._listener = _bound(self.port)
        self._site = web.SockSite(self._runner, self._listener, backlog=1024)
        await self._site.start()

    async def _close(self) -> None:
        await self._leave("refused")
        await self.server.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def _abort(self) -> None:
        """Every connection that is open ends at once."""
        server = self._runner.server if self._runner is not None else None
        for each in server.connections if server is not None else ():
            if each.transport is not None:
                each.transport.abort()

    # ------------------------------------------------------------ bots and people

    def bot(self, name: str = "nuanxin", *, reads_all: bool = False) -> Bot:
        """A new bot, as BotFather makes them; ``reads_all``: its privacy mode is off."""
        with self.world.lock:
            count = next(self._numbers)
            number = 7_100_000_000 + count
            user = User(number, name, username=f"{name}_bot", is_bot=True)
            made = Bot(user, f"{number}:AA{secrets.token_urlsafe(33)[:33]}", reads_all)
            made.message_ids = itertools.count(1000 * count)
            made.update_ids = itertools.count(810_000_000 + 1_000_000 * (count % 100))
        self._do(self._connect(made))
        with self.world.lock:
            self.world.bots[made.token] = made
        return made

    async def _connect(self, bot: Bot) -> None:
        self.server.connect(bot)
        line = self.server.lines[bot.id]
        bot.wake = lambda: self._soon(line.wake)

    def _soon(self, what: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the server was stopped meanwhile
            self._loop.call_soon_threadsafe(what)

    def person(
        self,
        name: str,
        language: str | None = "zh-hans",
        *,
        last_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """A new person with a Telegram account."""
        with self.world.lock:
            number = 6_000_000_000 + next(self._numbers)  # longer than 32 bits, as new ones are
            user = User(number, name, last_name, username, language)
            self.world.people[number] = user
        return Person(self.world, user)

    def group(
        self,
        title: str,
        members: list[Person],
        *,
        kind: Literal["supergroup", "group"] = "supergroup",
    ) -> Group:
        """A new group of these people; ``add`` brings a bot in."""
        with self.world.lock:
            number = next(self._numbers)
            talk_id = (
                -(1_002_000_000_000 + number) if kind == "supergroup" else -(4_000_000 + number)
            )
            talk = Talk(talk_id, kind, title, members={each.id: each.user for each in members})
            self.world.groups[talk_id] = talk
        return Group(self.world, talk)

    # ------------------------------------------------------------ bad luck

    @property
    def journal(self) -> Journal:
        return self.server.journal

    @property
    def faults(self) -> Faults:
        return self.server.faults

    def fault(
        self,
        method: str | tuple[str, ...] | None = "sendMessage",
        how: How = "error",
        *,
        times: int = 1,
        bot: Any = None,
        chat: Any = None,
        status: int = 500,
        description: str = "",
        retry_after: int | None = None,
        seconds: float = 0.0,
    ) -> Fault:
        """What happens to the next calls (see Fault); "webhook" and "download" are methods too."""
        return self.faults.add(
            Fault(
                method,
                how,
                times,
                getattr(bot, "id", bot),
                getattr(chat, "id", chat),
                status,
                description,
                retry_after,
                seconds,
            )
        )

    def goes_down(self, how: Literal["refused", "reset"] = "refused") -> None:
        """Telegram cannot be reached: connections are refused, or accepted and reset."""
        self.server.down = how
        self._do(self._leave(how))

    async def _leave(self, how: str) -> None:
        if how == "refused" and self._site is not None and self._listener is not None:
            # asyncio loses a connection that it accepts while its server is closed: first no more
            self._loop.remove_reader(self._listener)
            await asyncio.sleep(0.01)
            await self._site.stop()
            self._site = None
        self._abort()

    def comes_back(self) -> None:
        self.server.down = None
        if self._site is None:
            self._do(self._open())

    @contextlib.contextmanager
    def unreachable(self, how: Literal["refused", "reset"] = "refused") -> Iterator[None]:
        self.goes_down(how)
        try:
            yield
        finally:
            self.comes_back()

    # ------------------------------------------------------------ how much was sent

    def limits(self, bot: Bot) -> Limits:
        """This bot's limits: ``.rates`` may be changed, ``.refused`` and ``.impatient`` read."""
        return self.server.limits[bot.id]

    @property
    def violations(self) -> int:
        """Calls that were refused because too much was sent, over all bots."""
        return sum(each.refused for each in self.server.limits.values())

    @property
    def wrong(self) -> list[str]:
        """What the server itself did wrong: must be empty at the end of a test."""
        return self.server.wrong


def _bound(port: int) -> socket.socket:
    """Bound, not listening. Two of them share a port: one keeps it while nobody listens."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    return made
