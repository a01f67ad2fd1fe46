"""What the server knows: bots, people, groups, what was said in each chat, what waits for a bot."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.errors import ApiError, bad, forbidden
from tests.botapi.files import File

CHANGED_MEMBER = 5 << 33  # such updates wait in rows of their own (Client.cpp)
NOT_UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(eq=False)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    gone: bool = False  # the account was deleted

    def raw(self) -> dict[str, Any]:
        raw = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language,
        }
        return {key: value for key, value in raw.items() if value is not None}


@dataclass(eq=False)
class Msg:
    """One message of a chat. ``text`` is the caption where there is a file."""

    talk: Talk
    id: int
    sender: User
    date: int
    at: float
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    file: File | None = None
    more: dict[str, Any] = field(default_factory=dict)  # place, contact, sticker's facts, service
    inline: list[list[dict[str, Any]]] | None = None
    keyboard: dict[str, Any] | None = None  # a keyboard that is not inline
    reply: Msg | None = None
    edited: int | None = None
    silent: bool = False
    protect: bool = False
    origin: dict[str, Any] | None = None
    album: str | None = None
    deleted: bool = False
    pinned: bool = False
    reactions: list[str] = field(default_factory=list)
    former: list[list[list[dict[str, Any]]]] = field(default_factory=list)  # earlier keyboards
    change: int = 0  # number of its last change; the world counts them


@dataclass(eq=False)
class Talk:
    """A chat: of one person with one bot, or a group."""

    id: int
    kind: str
    title: str | None = None
    person: User | None = None
    bot: Bot | None = None
    blocked: bool = False
    members: dict[int, User] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    kicked: set[int] = field(default_factory=set)
    moved_to: int | None = None
    deleted: bool = False
    messages: dict[int, Msg] = field(default_factory=dict)
    actions: list[tuple[float, str]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] | None = None
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def is_group(self) -> bool:
        return self.kind != "private"

    def next_id(self) -> int:
        """Ids of private chats are one row for all chats of a bot; each group has its own."""
        return next(self.bot.message_ids if self.bot is not None else self._ids)

    def raw(self) -> dict[str, Any]:
        if self.person is not None:
            user = self.person.raw()
            names = ("first_name", "last_name", "username")
            return {"id": self.id, "type": "private"} | {n: user[n] for n in names if n in user}
        return {"id": self.id, "type": self.kind, "title": self.title}


@dataclass(eq=False)
class Query:
    """A press of a button that waits for its answer."""

    id: str
    bot: Bot
    at: float
    answer: dict[str, Any] | None = None


@dataclass(eq=False)
class Hook:
    """A webhook that is set."""

    url: str
    secret: str | None
    connections: int
    error: str | None = None
    error_at: int | None = None


@dataclass(eq=False)
class Bot:
    """One bot. ``pending`` are its unconfirmed updates by their ids: (update, queue of a chat)."""

    user: User
    token: str
    reads_all: bool = False  # privacy mode off: sees everything that is said in groups
    message_ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    update_ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    pending: dict[int, tuple[dict[str, Any], int]] = field(default_factory=dict)
    allowed: frozenset[str] | None = None
    hook: Hook | None = None
    files: dict[str, File] = field(default_factory=dict)
    paths: dict[str, File] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    wake: Callable[[], None] = lambda: None

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def username(self) -> str:
        return self.user.username or ""

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_UNLESS_ASKED


class World:
    """Everything above, behind one lock; ``changed`` tells the people who wait for something."""

    def __init__(self, *, query_seconds: float = 30.0) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.changes = 0
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, User] = {}
        self.privates: dict[tuple[int, int], Talk] = {}
        self.groups: dict[int, Talk] = {}
        self.query_seconds = query_seconds
        self.shift = 0.0  # seconds by which the clock that dates messages is ahead
        self.check_update: Callable[[dict[str, Any]], None] = lambda update: None
        self._albums = itertools.count(13_900_000_000_000_001)
        self._queries = itertools.count(4_382_000_000_000_001)

    def now(self) -> int:
        return int(time.time() + self.shift)

    def tell(self) -> None:
        """Something that people can see has changed; call it under the lock."""
        self.changes += 1
        self.changed.notify_all()

    def touch(self, msg: Msg) -> None:
        self.changes += 1
        msg.change = self.changes
        self.changed.notify_all()

    def add(self, talk: Talk, sender: User, **facts: Any) -> Msg:
        """A new message stands in the chat."""
        msg = Msg(talk, talk.next_id(), sender, self.now(), time.monotonic(), **facts)
        talk.messages[msg.id] = msg
        if msg.keyboard is not None:
            talk.keyboard = msg.keyboard.get("keyboard")
        self.touch(msg)
        return msg

    def album_id(self) -> str:
        return str(next(self._albums))

    def ask(self, bot: Bot) -> Query:
        query = Query(str(next(self._queries)), bot, time.monotonic())
        bot.queries[query.id] = query
        return query

    def push(self, bot: Bot, kind: str, payload: dict[str, Any], queue: int) -> int | None:
        """An update for a bot; None where it did not ask for this kind."""
        if not bot.wants(kind):
            return None
        number = next(bot.update_ids)
        update = {"update_id": number, kind: payload}
        self.check_update(update)
        bot.pending[number] = (update, queue)
        bot.wake()
        return number

    def private(self, bot: Bot, person: User) -> Talk | None:
        return self.privates.get((bot.id, person.id))

    def open(self, bot: Bot, person: User) -> Talk:
        talk = self.private(bot, person)
        if talk is None:
            talk = Talk(person.id, "private", person=person, bot=bot)
            self.privates[bot.id, person.id] = talk
        return talk

    def reach(self, bot: Bot, chat_id: Any, *, even_blocked: bool = False) -> Talk:
        """The chat that a bot names, if it may speak there.

        Raises:
            ApiError: as Telegram words it.
        """
        if not isinstance(chat_id, int):
            raise bad("chat not found" if chat_id else "chat_id is empty")
        talk = self.privates.get((bot.id, chat_id))
        if talk is not None:
            if talk.person is not None and talk.person.gone:
                raise forbidden("user is deactivated")
            if talk.blocked and not even_blocked:
                raise forbidden("bot was blocked by the user")
            return talk
        if chat_id in self.groups:
            return _in_group(bot, self.groups[chat_id])
        if any(bot.id in each.bots and chat_id in each.members for each in self.groups.values()):
            raise forbidden("bot can't initiate conversation with a user")
        if any(each.id == chat_id for each in self.bots.values()):
            raise forbidden("bot can't send messages to bots")
        raise bad("chat not found")


def _in_group(bot: Bot, talk: Talk) -> Talk:
    if talk.moved_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=talk.moved_to,
        )
    if talk.deleted:
        raise forbidden("the group chat was deleted")
    kind = "supergroup" if talk.kind == "supergroup" else "group"
    if bot.id in talk.bots:
        return talk
    if bot.id in talk.kicked:
        raise forbidden(f"bot was kicked from the {kind} chat")
    raise forbidden(f"bot is not a member of the {kind} chat")
