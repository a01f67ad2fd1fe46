"""Groups of people, and of bots that were brought in."""

from __future__ import annotations

from typing import Any, Protocol

from tests.botapi import render
from tests.botapi.world import CHANGED_MEMBER, Bot, Talk, User, World


class Somebody(Protocol):
    """A person of this world."""

    @property
    def user(self) -> User: ...


class Group:
    """A group of people, and of bots that were brought in."""

    def __init__(self, world: World, talk: Talk) -> None:
        self.world, self.talk = world, talk

    @property
    def id(self) -> int:
        return self.talk.id

    def add(self, bot: Bot, by: Somebody) -> None:
        """Somebody brings the bot in."""
        with self.world.lock:
            old = "kicked" if bot.id in self.talk.kicked else "left"
            self.talk.kicked.discard(bot.id)
            self.talk.bots[bot.id] = bot
            self._moved(bot, by, old, "member")
            self._service(by, {"new_chat_members": [bot.user.raw()]})

    def remove(self, bot: Bot, by: Somebody) -> None:
        """Somebody throws the bot out."""
        with self.world.lock:
            self.talk.bots.pop(bot.id)
            self.talk.kicked.add(bot.id)
            self._moved(bot, by, "member", "kicked")

    def joins(self, person: Somebody) -> None:
        with self.world.lock:
            self.talk.members[person.user.id] = person.user
            self._service(person, {"new_chat_members": [person.user.raw()]})

    def upgrade(self, by: Somebody) -> Group:
        """The group becomes a supergroup: another id, and the old one is refused with it."""
        with self.world.lock:
            old = self.talk
            new = Talk(old.id - 1_002_000_000_000, "supergroup", old.title)
            new.members, new.bots = dict(old.members), dict(old.bots)
            self._service(by, {"migrate_to_chat_id": new.id})
            self.world.groups[new.id] = new
            old.moved_to = new.id
            made = Group(self.world, new)
            made._service(by, {"migrate_from_chat_id": old.id})
            return made

    def _moved(self, bot: Bot, by: Somebody, old: str, new: str) -> None:
        change = render.moved(self.talk, by.user, bot.user, old, new, self.world.now())
        self.world.push(bot, "my_chat_member", change, self.talk.id + CHANGED_MEMBER)

    def _service(self, by: Somebody, facts: dict[str, Any]) -> None:
        msg = self.world.add(self.talk, by.user, more=facts)
        for bot in self.talk.bots.values():
            self.world.push(bot, "message", render.message(msg, bot), self.talk.id)
