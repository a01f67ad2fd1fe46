"""A town on Telegram: a real house with both bots, its staff, and people who write to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.botapi import OFF, Bot, BotApi, Person, Shown
from tests.botapi.seeing import Chat
from tests.journeys.live_house import ALWAYS, LiveHouse
from tests.journeys.people import PASSWORD, SCREENS
from tests.ports import free_port

PATIENCE = 45.0  # seconds; the machine may be busy, what is waited for comes at once
_TOKEN = re.compile(r"/desk/join/(\S+)")
_NUMBER = re.compile(r"编号是 (\d+)")


@dataclass
class Somebody:
    """Somebody with a telephone, in one chat. ``since``: what came before is not waited for."""

    person: Person
    at: Chat
    since: int = 0
    question: int = 0  # the newest question that was waited for

    def says(self, text: str, **more: Any) -> Shown:
        """Type words."""
        return self.person.types(text, to=self.at, **more)

    def hears(
        self,
        words: str | Iterable[str],
        *,
        button: str | None = None,
        seconds: float = PATIENCE,
        when: Callable[[Shown], bool] = lambda shown: True,
        again: bool = False,
    ) -> Shown:
        """Wait for a message that holds all these words, and perhaps a button; ``again``: one that
        was waited for before is good too."""
        wanted = (words,) if isinstance(words, str) else tuple(words)

        def fits(shown: Shown) -> bool:
            return (
                shown.change > self.since
                and all(one in shown.text for one in wanted)
                and (button is None or button in shown.labels)
                and when(shown)
            )

        try:
            return self.person.waits_for(fits, seconds, again=again, to=self.at)
        except AssertionError as error:
            raise AssertionError(f"{wanted} {button or ''}: {error}") from None

    def asked(self, words: str) -> Shown:
        """Wait for the next question, with its buttons."""
        found = self.hears(words, button="找人工", when=lambda one: one.id > self.question)
        self.question = found.id
        return found

    def taps(self, label: str, under: Shown | None = None) -> None:
        """Press a button; the newest where several stand."""
        self.person.presses(label, message=under, to=self.at).answered(PATIENCE)

    def card(self, number: str, *words: str, button: str | None = None) -> Shown:
        """The card of a case, as soon as it shows these words."""
        return self.hears((f"#{number} ", *words), button=button, when=is_card, again=True)

    @property
    def chat(self) -> list[Shown]:
        """What stands in the chat since this journey began."""
        return [one for one in self.person.chat(self.at) if one.change > self.since]

    def heard(self, words: str) -> list[Shown]:
        """Everything in this journey that the other side said with these words."""
        return [one for one in self.chat if not one.mine and words in one.text]

    def now(self, message: Shown) -> Shown:
        """A message as it stands now."""
        return next(one for one in self.person.chat(self.at) if one.id == message.id)


def is_card(shown: Shown) -> bool:
    """A card of a case: a bold first line, and who has it."""
    return bool(shown.marks) and shown.marks[0][0] == "bold" and " · " in shown.marks[0][1]


@dataclass
class Town:
    """A house and its people."""

    api: BotApi
    house: LiveHouse
    residents: Bot
    staff_bot: Bot
    mode: str
    li: Somebody = field(init=False)
    wang: Somebody = field(init=False)
    zhou: Somebody = field(init=False)
    here: list[tuple[str, Somebody]] = field(default_factory=list)

    @classmethod
    def build(
        cls, api: BotApi, folder: Path, mode: str, *, quick: bool = False, **office: Any
    ) -> Town:
        """Start a house, and let its staff join; ``quick``: without Telegram's pace."""
        residents, staff_bot = api.bot("residents"), api.bot("staff")
        if quick:
            api.limits(residents).rates = api.limits(staff_bot).rates = OFF
        port = free_port() if mode == "webhook" else 0
        environ = {
            "NUANXIN_TELEGRAM_API_BASE": api.base,
            "NUANXIN_TELEGRAM_RESIDENT_TOKEN": residents.token,
            "NUANXIN_TELEGRAM_STAFF_TOKEN": staff_bot.token,
            "NUANXIN_TELEGRAM_MODE": mode,
        }
        if mode == "webhook":
            environ["NUANXIN_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
            environ["NUANXIN_TELEGRAM_SECRET"] = "only-our-own-telegram-knows"
        office.setdefault("duty_hours", ALWAYS)
        house = LiveHouse(folder, office=office, environ=environ, port=port)
        house.module = "tests.journeys.telegram.quick" if quick else "bot"
        house.start()
        town = cls(api, house, residents, staff_bot, mode)
        town._staff_joins()
        return town

    def _staff_joins(self) -> None:
        """An advisor and a supervisor come by the desk, and connect their telephone there; a
        second advisor comes by the link alone."""
        tokens = [link.rsplit("/", 1)[1] for link in self.house.join_links(2)]
        self.li = self._connects("李顾问", "li", tokens[0])
        self.zhou = self._connects("周主管", "zhou", tokens[1])
        added = _TOKEN.search(self.house.run("staff", "add", "王顾问"))
        assert added is not None
        self.wang = self._staff("王顾问", added.group(1))

    def _connects(self, name: str, login: str, token: str) -> Somebody:
        with httpx.Client(base_url=self.house.url, timeout=PATIENCE) as desk:
            given = {"token": token, "login": login, "name": name, "password": PASSWORD}
            desk.post("/desk/api/join", json=given).raise_for_status()
            csrf = desk.get("/desk/api/me").json()["csrf"]
            found = desk.post("/desk/api/telegram", json={}, headers={"X-CSRF-Token": csrf})
            link = found.raise_for_status().json()["link"]
        assert f"t.me/{self.staff_bot.username}?start=" in link
        return self._staff(name, link.partition("start=")[2])

    def _staff(self, name: str, token: str) -> Somebody:
        person = self.api.person(name)
        person.opens(self.staff_bot, token)
        made = Somebody(person, self.staff_bot)
        made.hears(f"{name},您好")
        return made

    @property
    def staff(self) -> tuple[Somebody, Somebody, Somebody]:
        """Li, Wang and Zhou."""
        return self.li, self.wang, self.zhou

    def morning(self) -> None:
        """A new journey begins: nobody waits for what belongs to the last one."""
        with self.api.world.lock:
            for one in self.staff:
                one.since = self.api.world.changes
        self.here = [(one.person.name, one) for one in self.staff]

    def resident(self, name: str, payload: str = "") -> Somebody:
        """Somebody new, who opens the residents' bot."""
        person = self.api.person(name)
        person.opens(self.residents, payload)
        return self.also(Somebody(person, self.residents))

    def also(self, one: Somebody, called: str = "") -> Somebody:
        """Keep this chat in the transcript too."""
        self.here.append((called or one.person.name, one))
        return one

    def in_group(self, somebody: Somebody, group: Chat) -> Somebody:
        """The same person, in a group."""
        return Somebody(somebody.person, group, somebody.since)

    def files(self, one: Somebody, first_words: str) -> str:
        """Say it, answer what is asked, agree to the summary; the number of the case."""
        one.asked("难处")
        one.says(first_words)
        answer_all(one)
        one.taps("对的")
        return number_of(one.hears("编号"))

    def calls_a_human(self, name: str) -> tuple[Somebody, str]:
        """Somebody new presses 找人工 at once; with the number of the case."""
        one = self.resident(name)
        one.taps("找人工", one.asked("难处"))
        return one, number_of(one.hears("编号"))

    def takes(self, one: Somebody, number: str) -> Shown:
        """Somebody of the staff claims a case; its card."""
        one.taps("我来", one.card(number, button="我来"))
        one.hears(f"#{number} 是您的了")
        return one.card(number, "您在跟")

    def transcript(self, name: str) -> None:
        """Keep what stands in every chat of this journey, as it was read."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        parts = [f"═══ {called}\n{printed(one.chat)}" for called, one in self.here]
        file = SCREENS / f"telegram-{self.mode}-{name}.txt"
        file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def number_of(receipt: Shown) -> str:
    """The number of a case, from its receipt."""
    found = _NUMBER.search(receipt.text)
    assert found is not None, receipt.text
    return found.group(1)


def answer_all(one: Somebody, answers: dict[str, str] | None = None, most: int = 12) -> Shown:
    """Answer each question until the summary: a word of it names what is typed, else the first
    choice is pressed. Gives the summary."""
    for _ in range(most):
        asked = one.asked("")
        if "都对吗" in asked.text:
            return asked
        typed = next((said for word, said in (answers or {}).items() if word in asked.text), None)
        if typed is None:
            one.taps(asked.labels[0], asked)
        else:
            one.says(typed)
    raise AssertionError(f"no summary after {most} answers")


def printed(chat: list[Shown]) -> str:
    """A chat as it is read: who, what, and which buttons stand under it."""
    return "\n".join(_lines(chat)) or "(没有话)"


def _lines(chat: list[Shown]) -> Iterable[str]:
    for shown in chat:
        facts = [
            "静" if shown.silent and not shown.mine else "",
            "改过" if shown.edited else "",
            f"↩{shown.reply_to}" if shown.reply_to else "",
            f"〔{shown.media.kind}〕" if shown.media else "",
            str(shown.place or ""),
        ]
        text = shown.text if len(shown.text) < 400 else f"{shown.text[:400]}…({len(shown.text)})"
        head = " ".join(filter(None, (f"{shown.id:>5} {shown.by}", *facts)))
        yield f"{head}: " + text.replace("\n", "\n        ")
        for row in shown.rows:
            yield "        " + " ".join(f"[{one.label}]" for one in row)
