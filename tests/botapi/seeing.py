"""What a person sees: the chats on their phone, and waiting for something to come."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.botapi.groups import Group
from tests.botapi.shown import Shown, printed, show, whole
from tests.botapi.world import Bot, Talk, User, World

Wanted = str | Callable[[Shown], bool]
Chat = Bot | Group


def number_of(message: Shown | int) -> int:
    return message if isinstance(message, int) else message.id


class Eyes:
    """Somebody who looks. Everything happens in the chat they opened last, or in ``to``: a bot or
    a group."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user = world, user
        self._at: Talk | None = None
        self._noticed: set[tuple[int, int, int]] = set()

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.first_name

    def _talk(self, to: Chat | None, *, writes: bool = True) -> Talk:
        if isinstance(to, Group):
            self._at = to.talk
            assert self.id in to.talk.members, f"{self.name} is not in {to.talk.title}"
        elif to is not None:
            talk = self.world.private(to, self.user)
            assert talk is not None, f"{self.name} has not opened {to.username}"
            self._at = talk
        assert self._at is not None, f"{self.name} has not opened any chat"
        if writes:
            assert not self._at.blocked, f"{self.name} has blocked the bot"
            assert self._at.moved_to is None, "this group has moved"
        return self._at

    def chat(self, to: Chat | None = None) -> list[Shown]:
        """What stands in the chat."""
        with self.world.lock:
            return whole(self._talk(to, writes=False), self.user)

    def typing(self, to: Chat | None = None) -> list[str]:
        """What the bot was seen doing: "typing", "upload_photo" …"""
        with self.world.lock:
            return [action for _, action in self._talk(to, writes=False).actions]

    def waits_for(
        self,
        wanted: Wanted,
        seconds: float = 10.0,
        *,
        since: Shown | None = None,
        again: bool = False,
        to: Chat | None = None,
    ) -> Shown:
        """Waits for a message of others that has these words, or for which ``wanted`` is true.

        What one call returned the next does not return again, unless it was edited meanwhile (or
        ``again``): so a sentence that is said twice is waited for twice. ``since``: only what came
        or changed after that message.

        Raises:
            AssertionError: it did not come in time; it shows the chat.
        """
        end = time.monotonic() + seconds
        with self.world.lock:
            talk = self._talk(to, writes=False)
            while True:
                for msg in talk.messages.values():
                    key = (talk.id, msg.id, msg.change)
                    if (
                        msg.deleted
                        or msg.sender is self.user
                        or (key in self._noticed and not again)
                    ):
                        continue
                    if since is not None and msg.change <= since.change:
                        continue
                    if isinstance(wanted, str) and wanted not in msg.text:
                        continue
                    shown = show(msg, self.user)
                    if isinstance(wanted, str) or wanted(shown):
                        self._noticed.add(key)
                        return shown
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(self._complain(f"waited {seconds} s for {wanted!r}", talk))
                self.world.changed.wait(left)

    def _complain(self, what: str, talk: Talk) -> str:
        with self.world.lock:
            seen = whole(talk, self.user)
        read = sum((talk.id, each.id, each.change) in self._noticed for each in seen)
        return f"{self.name} {what}; {read} were waited for before. The chat:\n{printed(seen)}"
