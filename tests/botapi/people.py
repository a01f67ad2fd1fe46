"""A person's side of Telegram, in plain blocking Python; safe to use from any thread."""

from __future__ import annotations

import re

from tests.botapi import render
from tests.botapi.pressing import Press, press
from tests.botapi.saying import Voice
from tests.botapi.seeing import Chat, number_of
from tests.botapi.shown import Shown
from tests.botapi.world import CHANGED_MEMBER, Bot, Talk

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")  # core.telegram.org/bots/features#deep-linking


class Person(Voice):
    """Somebody with a phone."""

    def opens(self, bot: Bot, payload: str = "") -> Shown:
        """Finds the bot, or follows its link, and presses Start; a blocked bot is let in again."""
        assert _PAYLOAD.fullmatch(payload), f"no link can carry {payload!r}"
        with self.world.lock:
            self._at = talk = self.world.open(bot, self.user)
            if talk.blocked:
                self._unblock(talk, bot)
        return self.types(f"/start {payload}".strip())

    def presses(
        self,
        button: str,
        *,
        message: Shown | int | None = None,
        late: bool = False,
        old: bool = False,
        to: Chat | None = None,
    ) -> Press:
        """Presses a button by its label or its data; the newest one where several stand.

        Args:
            message: only under this message.
            late: the screen was behind: the button may have been taken away meanwhile.
            old: the bot can no longer have the message (Telegram gives its place only).
        """
        with self.world.lock:
            talk = self._talk(to)
            number = None if message is None else number_of(message)
            found = press(self.world, talk, self.user, button, number, late=late, old=old)
        if found is None:
            assert talk.keyboard, self._complain(f"has no button {button!r}", talk)
            keys = [each for row in talk.keyboard for each in row]
            key = next((each for each in keys if each["text"] == button), None)
            assert key is not None, self._complain(f"has no button {button!r}", talk)
            if key.get("request_contact"):
                self.contact("+8613800000000", to=to)
            else:
                self.types(button, to=to)
            return Press(self.world, None, None)
        return found

    def blocks(self, bot: Bot) -> None:
        with self.world.lock:
            talk = self._talk(bot, writes=False)
            talk.blocked = True
            self._member(talk, bot, "member", "kicked")

    def unblocks(self, bot: Bot) -> None:
        with self.world.lock:
            self._unblock(self._talk(bot, writes=False), bot)

    def leaves_telegram(self) -> None:
        """The account is deleted."""
        with self.world.lock:
            self.user.gone = True

    def _unblock(self, talk: Talk, bot: Bot) -> None:
        talk.blocked = False
        self._member(talk, bot, "kicked", "member")

    def _member(self, talk: Talk, bot: Bot, old: str, new: str) -> None:
        change = render.moved(talk, self.user, bot.user, old, new, self.world.now())
        self.world.push(bot, "my_chat_member", change, talk.id + CHANGED_MEMBER)
        self.world.tell()
