"""Every call that came in, and what became of it."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

_SAYING = ("sendMessage", "sendPhoto", "sendVoice", "sendAudio", "sendDocument", "sendVideo")
_LINES = ("getupdates", "webhook")


@dataclass(eq=False)
class Call:
    """One call. ``status`` is 200 or the error's code, 0 where the answer never left.

    at: seconds of the monotonic clock. result: what was answered, or would have been.
    """

    number: int
    bot: int
    method: str
    chat: int | str | None
    params: dict[str, Any]
    at: float = field(default_factory=time.monotonic)
    status: int = 0
    description: str = ""
    retry_after: int | None = None
    result: Any = None
    fault: str | None = None
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """It was carried out, whatever the caller heard of it."""
        return self.result is not None

    def __str__(self) -> str:
        said = self.params.get("text") or self.params.get("caption") or ""
        end = f"{self.status} {self.description}".strip() + (f" ({self.fault})" * bool(self.fault))
        return f"#{self.number} {self.method} chat={self.chat} {str(said)[:60]!r} → {end}"


class Journal:
    """Calls in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def begin(self, bot: int, method: str, params: dict[str, Any]) -> Call:
        with self._lock:
            call = Call(len(self._calls) + 1, bot, method, params.get("chat_id"), params)
            self._calls.append(call)
            return call

    def calls(
        self,
        *methods: str,
        bot: Any = None,
        chat: Any = None,
        done: bool | None = None,
        status: int | None = None,
    ) -> list[Call]:
        """Those that fit; long polls and webhooks only when asked for by name. ``bot`` and
        ``chat``: a thing with an id, or the id."""
        names = {each.lower() for each in methods}
        number, place = getattr(bot, "id", bot), getattr(chat, "id", chat)
        with self._lock:
            calls = list(self._calls)
        return [
            each
            for each in calls
            if (each.method.lower() in names if names else each.method.lower() not in _LINES)
            and number in (None, each.bot)
            and place in (None, each.chat)
            and done in (None, each.done)
            and status in (None, each.status)
        ]

    def said(self, bot: Any = None, chat: Any = None) -> list[str]:
        """The texts that were accepted, in their order."""
        found = self.calls(bot=bot, chat=chat, done=True)
        sent = [each for each in found if each.method in _SAYING]
        return [str(each.params.get("text") or each.params.get("caption") or "") for each in sent]

    def duplicates(self, bot: Any = None) -> dict[tuple[int | str | None, str], int]:
        """Texts that one chat got more than once, and how often."""
        sent = self.calls("sendMessage", bot=bot, done=True)
        counted = Counter((each.chat, str(each.params.get("text"))) for each in sent)
        return {key: count for key, count in counted.items() if count > 1}

    def gaps(self, chat: Any, *methods: str, bot: Any = None) -> list[float]:
        """Seconds between accepted messages of one chat."""
        names: Sequence[str] = methods or ("sendMessage",)
        times = [each.at for each in self.calls(*names, bot=bot, chat=chat, done=True)]
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    def __iter__(self) -> Iterator[Call]:
        return iter(self.calls())

    def __str__(self) -> str:
        return "\n".join(str(each) for each in self.calls()[-60:])
