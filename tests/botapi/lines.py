"""The two ways from Telegram to a bot: long polling, and a webhook that Telegram calls."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.botapi.errors import SECOND_POLLER, WEBHOOK_ACTIVE, ApiError, bad, conflict
from tests.botapi.faults import Faults
from tests.botapi.journal import Journal
from tests.botapi.serving import Asked
from tests.botapi.world import Bot, Hook, World

MOST_POLL = 50  # seconds
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LONGEST_PAUSE = 60

Execute = Callable[[Bot, str, dict[str, Any]], Awaitable[Any]]


class Line:
    """One bot's line. All of it runs on the server's loop."""

    def __init__(
        self,
        world: World,
        bot: Bot,
        journal: Journal,
        faults: Faults,
        execute: Execute,
        retry_unit: float,
    ) -> None:
        """``retry_unit``: what a webhook's pauses of 1, 2, 4 … are multiplied by; Telegram: 1 s."""
        self._world, self._bot, self._journal, self._faults = world, bot, journal, faults
        self._execute, self._unit = execute, retry_unit
        self._waiting: asyncio.Future[None] | None = None
        self._pushing: Pushing | None = None

    @property
    def polled(self) -> bool:
        """A long poll waits."""
        return self._waiting is not None and not self._waiting.done()

    def wake(self) -> None:
        if self._waiting is not None and self.polled:
            self._waiting.set_result(None)
        if self._pushing is not None:
            self._pushing.load()

    def _displace(self, words: str) -> None:
        if self._waiting is not None and self.polled:
            self._waiting.set_exception(conflict(words))

    async def get_updates(self, asked: Asked) -> list[dict[str, Any]]:
        bot, params = self._bot, asked.params
        if bot.hook is not None:
            raise conflict(WEBHOOK_ACTIVE)
        self._displace(SECOND_POLLER)
        with self._world.lock:
            if "allowed_updates" in params:
                bot.allowed = frozenset(params["allowed_updates"]) or None
            self._confirm(int(params.get("offset") or 0))
        limit = min(max(int(params.get("limit") or 100), 1), 100)
        seconds = min(max(int(params.get("timeout") or 0), 0), MOST_POLL)
        batch = self._batch(limit)
        if batch or not seconds:
            return batch
        mine = self._waiting = asyncio.get_running_loop().create_future()
        with self._world.lock:
            self._world.tell()
        try:
            async with asyncio.timeout(seconds):
                await mine
        except TimeoutError:
            return []
        finally:
            if self._waiting is mine:
                self._waiting = None
        return self._batch(limit)

    def _confirm(self, offset: int) -> None:
        pending = self._bot.pending
        if offset < 0:  # only the last ones are still wanted
            offset = min(list(pending)[offset:], default=0)
        for number in [each for each in pending if each < offset]:
            del pending[number]

    def _batch(self, limit: int) -> list[dict[str, Any]]:
        with self._world.lock:
            found = []
            for update, _ in self._bot.pending.values():
                found.append(update)
                if len(found) == limit:
                    break
            return found

    async def set_webhook(self, asked: Asked) -> bool:
        params, bot = asked.params, self._bot
        url = str(params.get("url") or "")
        if not url:
            return await self.delete_webhook(asked)
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = str(params.get("secret_token") or "")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        connections = min(max(int(params.get("max_connections") or 40), 1), 100)
        self._displace("terminated by setWebhook request")
        old = bot.hook
        await self._stop_pushing()
        with self._world.lock:
            if params.get("drop_pending_updates"):
                bot.pending.clear()
            if "allowed_updates" in params:
                bot.allowed = frozenset(params["allowed_updates"]) or None
            bot.hook = Hook(url, secret or None, connections)
        same = old is not None and (old.url, old.secret) == (url, secret or None)
        asked.call.description = f"Webhook {'is already' if same else 'was'} set"
        self._pushing = Pushing(self, bot.hook)
        self._pushing.load()
        return True

    async def delete_webhook(self, asked: Asked) -> bool:
        had = self._bot.hook is not None
        await self._stop_pushing()
        with self._world.lock:
            self._bot.hook = None
            if asked.params.get("drop_pending_updates"):
                self._bot.pending.clear()
        asked.call.description = f"Webhook {'was' if had else 'is already'} deleted"
        return True

    async def webhook_info(self, asked: Asked) -> dict[str, Any]:
        hook, bot = self._bot.hook, self._bot
        info: dict[str, Any] = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(bot.pending),
        }
        if bot.allowed:
            info["allowed_updates"] = sorted(bot.allowed)
        if hook is not None:
            info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
            if hook.error is not None:
                info |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
        return info

    async def _stop_pushing(self) -> None:
        if self._pushing is not None:
            await self._pushing.stop()
            self._pushing = None

    async def stop(self) -> None:
        self._displace("the server stops")
        await self._stop_pushing()


class Pushing:
    """Calls a webhook: one chat's updates one after the other, chats side by side."""

    def __init__(self, line: Line, hook: Hook) -> None:
        self._line, self._hook = line, hook
        self._queues: dict[int, deque[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(hook.connections)
        self._loaded = 0
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=hook.connections),
            timeout=aiohttp.ClientTimeout(total=60),
        )

    def load(self) -> None:
        """Take in what is new."""
        with self._line._world.lock:
            fresh = [
                each for number, each in self._line._bot.pending.items() if number > self._loaded
            ]
        for update, number in fresh:
            self._loaded = update["update_id"]
            if number in self._queues:
                self._queues[number].append(update)
                continue
            self._queues[number] = deque([update])
            task = asyncio.create_task(self._work(number))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, number: int) -> None:
        queue, failed = self._queues[number], 0
        while queue:
            async with self._free:
                error, retry_after = await self._post(queue[0])
            if error is None:
                with self._line._world.lock:
                    self._line._bot.pending.pop(queue.popleft()["update_id"], None)
                failed = 0
                continue
            self._hook.error, self._hook.error_at = error, self._line._world.now()
            # Telegram tries once more at once, then after 2, 4, 8 … seconds (WebhookActor.cpp)
            pause = min(2**failed, _LONGEST_PAUSE) * self._line._unit if failed else 0.0
            failed += 1
            await asyncio.sleep(max(pause, retry_after))
        del self._queues[number]

    async def _post(self, update: dict[str, Any]) -> tuple[str | None, float]:
        bot, hook = self._line._bot, self._hook
        call = self._line._journal.begin(bot.id, "webhook", {"update": update})
        headers = {"Content-Type": "application/json"}
        if hook.secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        fault = self._line._faults.meet(bot.id, "webhook", None)
        try:
            async with self._session.post(
                hook.url, data=json.dumps(update), headers=headers, allow_redirects=False
            ) as answer:
                call.status, body = answer.status, await answer.read()
                call.seconds = asyncio.get_running_loop().time() - call.at
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            call.description = type(error).__name__
            refused = isinstance(error, aiohttp.ClientConnectorError)
            return "Connection refused" if refused else "Webhook connection closed", 0.0
        if fault is not None:
            call.fault = fault.how
            return "Webhook connection closed", 0.0
        if not 200 <= call.status <= 299:
            after = answer.headers.get("Retry-After", "0")
            words = f"Wrong response from the webhook: {call.status} {answer.reason}"
            return words, float(after) if after.isdigit() else 0.0
        call.result = True
        await self._reply(bot, body)
        return None, 0.0

    async def _reply(self, bot: Bot, body: bytes) -> None:
        """A call may stand in the answer to a webhook; nobody hears what became of it."""
        try:
            asked = json.loads(body) if body.strip() else None
        except ValueError:
            return
        if isinstance(asked, dict) and isinstance(asked.get("method"), str):
            name = asked.pop("method")
            if not name.lower().startswith(("get", "setwebhook", "deletewebhook")):
                try:
                    await self._line._execute(bot, name, asked)
                except ApiError:
                    return

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()
