"""People who go on writing to the bot while its house dies and lives again."""

from __future__ import annotations

import functools
import itertools
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.botapi import Bot, BotApi, Person, Shown
from tests.durability.plan import SCRIPTS

PAUSE = 0.15  # seconds, about, between two messages of one chat
PRESSES = 8  # more buttons than any dialog has


@dataclass(slots=True)
class Chat:
    """One person's chat, and what they did in it, in the order in which they did it.

    said: ids as the house should have them: "17" a message, "e17" its correction, "cb:99" a press.
    """

    name: str
    person: Person
    said: list[str] = field(default_factory=list)
    whole: bool = True  # it said everything that it wanted to say

    @property
    def kind(self) -> str:
        """counted, burst, dialog, danger, pressed or edited."""
        return self.name.partition("-")[0]

    def types(self, text: str) -> Shown:
        """Say words."""
        shown = self.person.types(text)
        self.said.append(str(shown.id))
        return shown

    def edits(self, shown: Shown, text: str) -> None:
        """Correct them."""
        self.person.edits(shown, text)
        self.said.append(f"e{shown.id}")

    def presses(self, label: str, under: int) -> None:
        """Press a button."""
        self.said.append(f"cb:{self.person.presses(label, message=under).id}")


Way = Callable[["Crowd", Chat, random.Random], None]


class Crowd:
    """`begin` lets them write, `enough` ends it; `chats` is who they were."""

    def __init__(self, api: BotApi, bot: Bot, seed: int, *, pause: float = PAUSE) -> None:
        self._api, self._bot, self._seed, self._pause = api, bot, seed, pause
        self._numbers = itertools.count(1)
        self._end = threading.Event()
        self._wrong: list[BaseException] = []
        self._threads: list[threading.Thread] = []
        self.chats: list[Chat] = []

    def begin(self) -> None:
        """Everybody writes, each in a thread of their own."""
        for number, way in enumerate((_counted, _counted, _burst, _edited)):
            self._start(number, functools.partial(self._once, way))
        for number, way in enumerate((_dialog, _danger, _pressed), 10):
            self._start(number, functools.partial(self._one_after_the_other, way))

    def enough(self) -> None:
        """They end as soon as they may; what went wrong with somebody is raised."""
        self._end.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive(), f"{thread.name} does not end"
        if self._wrong:
            raise self._wrong[0]

    def new(self, name: str) -> Chat:
        """Somebody new, who has opened the bot."""
        kind, number = name.strip("_"), next(self._numbers)
        chat = Chat(f"{kind}-telegram-{number}", self._api.person(f"{kind}{number}"))
        self.chats.append(chat)
        chat.said.append(str(chat.person.opens(self._bot).id))
        return chat

    def rests(self, chance: random.Random) -> bool:
        """Wait a moment; False when everybody has had enough."""
        return not self._end.wait(self._pause * chance.uniform(0.2, 1.8))

    def _start(self, number: int, what: Callable[[random.Random], None]) -> None:
        chance = random.Random(f"crowd {self._seed} {number}")

        def run() -> None:
            try:
                what(chance)
            except BaseException as error:  # raised again by `enough`, where the test sees it
                self._wrong.append(error)

        self._threads.append(threading.Thread(target=run, name=f"crowd {number}", daemon=True))
        self._threads[-1].start()

    def _once(self, way: Way, chance: random.Random) -> None:
        way(self, self.new(way.__name__), chance)

    def _one_after_the_other(self, way: Way, chance: random.Random) -> None:
        while self.rests(chance):
            way(self, self.new(way.__name__), chance)


def _counted(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    for number in itertools.count(1):
        if not crowd.rests(chance):
            return
        chat.types(f"第{number}句")


def _burst(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    for first in itertools.count(1, 5):
        if not all(crowd.rests(chance) for _ in range(4)):
            return
        for number in range(first, first + 5):
            chat.types(f"第{number}句")


def _edited(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    for number in itertools.count(1):
        if not crowd.rests(chance):
            return
        shown = chat.types(f"第{number}句")
        if number % 2:
            chat.edits(shown, f"第{number}句,改过的")


def _script(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    for send in SCRIPTS[chat.kind]:  # to the end, even if the others have had enough
        chat.types(send.text)
        crowd.rests(chance)


def _dialog(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    _script(crowd, chat, chance)


def _danger(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    _script(crowd, chat, chance)


def _pressed(crowd: Crowd, chat: Chat, chance: random.Random) -> None:
    chat.whole = False
    chat.types("我想办低保")
    pressed: set[int] = set()
    for _ in range(PRESSES):
        found = None
        while found is None:
            if not crowd.rests(chance):
                return
            found = next(_to_press(chat, pressed), None)
        pressed.add(found.id)
        chat.presses(found.labels[0], found.id)


def _to_press(chat: Chat, pressed: set[int]) -> Iterator[Shown]:
    for shown in reversed(chat.person.chat()):
        if shown.id not in pressed and any(button.data for button in shown.buttons):
            yield shown
