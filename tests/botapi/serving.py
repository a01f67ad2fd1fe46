"""One call while it is carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.botapi import render
from tests.botapi.errors import too_many
from tests.botapi.journal import Call
from tests.botapi.limits import Limits
from tests.botapi.parameters import Upload
from tests.botapi.world import Bot, Talk, World


@dataclass(frozen=True)
class Asked:
    """Who asks what. Methods take it under the world's lock and return the result."""

    world: World
    bot: Bot
    params: dict[str, Any]
    files: dict[str, Upload]
    limits: Limits
    call: Call

    def reach(self) -> Talk:
        """The chat of the call, where the bot may speak."""
        return self.world.reach(self.bot, self.params.get("chat_id"))

    def limit(self, talk: Talk, count: int = 1, *, edit: bool = False) -> None:
        """
        Raises:
            ApiError: 429, too much was sent.
        """
        seconds = self.limits.take(talk.id, group=talk.is_group, count=count, edit=edit)
        if seconds:
            raise too_many(seconds)

    def add(self, talk: Talk, **facts: Any) -> dict[str, Any]:
        """A new message of the bot, as it is answered."""
        return render.message(self.world.add(talk, self.bot.user, **facts), self.bot)

    def with_params(self, params: dict[str, Any]) -> Asked:
        return replace(self, params=params)
