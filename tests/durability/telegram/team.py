"""An advisor and a supervisor on their phones: the advisor takes cases and answers, meanwhile."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from handlers import staff as use_cases
from storage.database import Database, Db
from tests.botapi import Bot, BotApi, Person, Shown
from tests.durability.life import content
from tests.durability.plan import KEYS

TAKE, WRITE = "我来", "写回话"  # labels of a card that nobody has, and of one's own
MOST = 3  # an advisor in a talk keeps the bot silent there: most chats are left to the bot


@dataclass(slots=True)
class Team:
    """Two of the staff who have joined; `answers` are the words that the advisor sent."""

    advisor: Person
    supervisor: Person
    said: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    wrong: list[BaseException] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)
    _until: float = float("inf")
    _thread: threading.Thread | None = None

    @classmethod
    def joins(cls, url: str, api: BotApi, bot: Bot) -> Team:
        """They follow their one-time links, before the house's first life."""
        made = cls(api.person("李顾问"), api.person("王主管"))
        database = Database(url, KEYS.vault())
        try:
            for person, role in ((made.advisor, "advisor"), (made.supervisor, "supervisor")):
                person.opens(bot, database.write_blocking(_invite, person.name, role))
        finally:
            database.close_blocking()
        return made

    def begin(self) -> None:
        """The advisor looks at the cards, takes some, and answers."""
        self._thread = threading.Thread(target=self._run, name="advisor", daemon=True)
        self._thread.start()

    def hurry(self, seconds: float) -> None:
        """So long the advisor still works."""
        self._until = time.monotonic() + seconds

    def enough(self) -> None:
        """The advisor ends; what went wrong is raised."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(30)
        if self.wrong:
            raise self.wrong[0]

    @property
    def is_done(self) -> bool:
        """Whether the advisor has answered all of whom they wanted to take, or waited long."""
        late = time.monotonic() > self._until
        return bool(self.wrong) or late or len(self.answered) == MOST

    def _run(self) -> None:
        asked: set[int] = set()
        try:
            while not self._end.wait(0.03):
                for card in self.advisor.chat():
                    if WRITE in card.labels and card.id in asked - self.answered:
                        self.answered.add(card.id)
                        self._answer(card)
                    elif TAKE in card.labels and len(asked) < MOST and card.id not in asked:
                        asked.add(card.id)
                        self.said.append(f"cb:{self.advisor.presses(TAKE, message=card).id}")
        except BaseException as error:  # raised again by `enough`, where the test sees it
            self.wrong.append(error)

    def _answer(self, card: Shown) -> None:
        for _ in range(3):
            text = f"顾问的第{len(self.answers) + 1}句话"
            self.answers.append(text)
            self.said.append(str(self.advisor.types(text, reply_to=card).id))


def _invite(db: Db, name: str, role: str) -> str:
    house, now = content().house, datetime.now(UTC)
    unit = house.office.units[0]
    return use_cases.invite(db, name, role, unit, "顾问", now, house)
