"""A press of a button under a message, and the answer to it."""

from __future__ import annotations

import hashlib
import time
from typing import Any

from tests.botapi import render
from tests.botapi.world import Msg, Query, Talk, User, World

_PRESSES = 3 << 33  # a person's presses wait in a row of their own (Client.cpp)


class Press:
    """One press. ``id`` is the query's; a button with an address only has ``url``."""

    def __init__(self, world: World, query: Query | None, url: str | None) -> None:
        self._world, self._query, self.url = world, query, url

    @property
    def id(self) -> str:
        return self._query.id if self._query is not None else ""

    @property
    def answer(self) -> dict[str, Any] | None:
        """{"text", "alert"} once the bot has answered."""
        with self._world.lock:
            return self._query.answer if self._query is not None else None

    def answered(self, seconds: float = 10.0) -> str:
        """Waits until the button stops turning; the words that are then shown, or "".

        Raises:
            AssertionError: the bot did not answer in time.
        """
        assert self._query is not None, "nobody answers a button like this"
        end = time.monotonic() + seconds
        with self._world.lock:
            while self._query.answer is None:
                left = end - time.monotonic()
                assert left > 0, f"the bot did not answer the press in {seconds} s"
                self._world.changed.wait(left)
            return str(self._query.answer["text"])

    def expires(self) -> None:
        """Too much time passes: the bot can no longer answer."""
        with self._world.lock:
            if self._query is not None:
                self._query.at -= self._world.query_seconds + 1


def press(
    world: World,
    talk: Talk,
    user: User,
    button: str,
    number: int | None,
    *,
    late: bool,
    old: bool,
) -> Press | None:
    """Press the newest such button of the chat; None where no message has one."""
    for msg in reversed(talk.messages.values()):
        if msg.deleted or (number is not None and msg.id != number):
            continue
        for raw in _buttons(msg, late):
            if button in (raw["text"], raw.get("callback_data")):
                return _pressed(world, msg, user, raw, old)
    return None


def _buttons(msg: Msg, late: bool) -> list[dict[str, Any]]:
    boards = [msg.inline or [], *(reversed(msg.former) if late else ())]
    return [each for board in boards for row in board for each in row]


def _pressed(world: World, msg: Msg, user: User, raw: dict[str, Any], old: bool) -> Press:
    if "callback_data" not in raw:
        return Press(world, None, raw.get("url"))
    bot = next(each for each in world.bots.values() if each.user is msg.sender)
    query = world.ask(bot)
    chat = f"{bot.id} {msg.talk.id}".encode()
    payload = {
        "id": query.id,
        "from": user.raw(),
        "message": render.inaccessible(msg) if old else render.message(msg, bot),
        "chat_instance": str(int.from_bytes(hashlib.blake2b(chat, digest_size=7).digest(), "big")),
        "data": raw["callback_data"],
    }
    world.push(bot, "callback_query", payload, user.id + _PRESSES)
    return Press(world, query, None)
