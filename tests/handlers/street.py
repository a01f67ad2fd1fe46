"""A small street for tests of use cases: residents who write, staff who act, a clock in hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select
from sqlmodel import SQLModel

from dialogs.meaning import danger
from dialogs.meaning.reading import Reading
from handlers import inbound, receive, remind, staff, waiting
from handlers.desk import case_view, feed, lists
from handlers.ports import House, MediaInfo, Reader, Update, Viewer
from handlers.residents import page
from storage import cases, conversations
from storage.database import Database, Db
from storage.inbox import Stored

P = ParamSpec("P")
T = TypeVar("T")
MORNING = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)  # Tuesday 9:12 in Shanghai
OWNER = "tests"
CARE = "我一个人住,身体不好,想进养老院,自己跑不动"
ANSWERS = ("没有人", "76", "可以", "13812345678", "康定路3号")  # to CARE: an orange case
RELAY = "我帮3号楼302的王阿婆问问,她一个人在家没人烧饭"
DIE = "我不想活了"
FALL = "我爸摔了一跤叫不应了"
WHERE = "我的事办到哪了"
READINGS: Mapping[str, Reading] = {
    CARE: Reading(
        needs=("long_term_care",),
        act="request_help",
        who="self",
        confidence=0.9,
        slots={"living": "alone", "mobility": "helped"},
    ),
    RELAY: Reading(
        needs=("home_help",),
        act="request_help",
        who="other",
        confidence=0.9,
        slots={"helped_name": "王阿婆", "address": "3号楼302", "living": "alone"},
    ),
    "看病没钱": Reading(needs=("medical_aid",), act="request_help", who="self", confidence=0.9),
    FALL: Reading(act="request_help", who="other", confidence=0.9),
    WHERE: Reading(act="status_query", confidence=0.9),
    "找人工": Reading(act="human_request", confidence=0.9),
    "谢谢": Reading(act="greet_thanks", confidence=0.9),
    "你们态度太差": Reading(act="complaint", confidence=0.9),
    "不要帮我办了": Reading(act="cancel", confidence=0.9),
    "把我的信息删掉": Reading(act="my_data", confidence=0.9),
    "今天天气好伐": Reading(act="out_of_scope", confidence=0.9),
}


@dataclass
class Street:
    """The house without its edge: a database, the content, and a clock that tests wind."""

    database: Database
    house: House
    reader: Reader
    now: datetime = MORNING
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def write(self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One use case in one transaction."""
        return self.database.write_blocking(fn, *args, **kwargs)

    def advance(self, **time: float) -> None:
        """Wind the clock and let everything that is due happen, each at its time."""
        until = self.now + timedelta(**time)
        while found := self.write(remind.due_ids, until, 1):
            moment = self.write(due_at, found[0])
            assert moment is not None
            self.now = max(self.now, moment)
            self.write(remind.fire, found[0], self.now, self.house)
        self.now = until

    def work(self, owner: str = OWNER) -> int:
        """Handle all that waits, as a worker does; how many updates were handled."""
        handled = 0
        while True:
            until = self.now + timedelta(seconds=30)
            begun = self.write(waiting.take_waiting, owner, self.now, until, 16, self.house)
            if not begun:
                return handled
            for one in begun:
                stored: Stored | None = one
                while stored is not None:
                    text = str(stored.body.get("text", ""))
                    reading = self.reader.read(text) if text else Reading()
                    stored = self.write(
                        inbound.handle, stored, reading, self.now, self.house, owner, until
                    )
                    handled += 1

    def act(self, fn: Callable[..., T], viewer: Viewer, *args: Any) -> T:
        """What somebody of the staff does, now."""
        return self.write(fn, viewer, *args, self.now, self.house)

    def rows(self, model: type[SQLModel], **where: Any) -> list[Any]:
        """Rows of a table, as they are stored."""
        return self.write(_rows, model, where)

    def resident(self, name: str = "chen") -> Resident:
        """Somebody with a device of their own."""
        return Resident(self, ("web", "house", f"sender-{name}"))

    def member(
        self, name: str = "李顾问", role: str = "advisor", unit: str | None = None
    ) -> Viewer:
        """A staff member who has joined and is on duty."""
        token = self.write(
            staff.invite,
            name,
            role,
            unit or self.house.office.units[0],
            "社区救助顾问",
            self.now,
            self.house,
        )
        login = f"user{next(self.ids)}"
        session, _ = self.write(staff.join, token, login, "hash", self.now, self.house)
        found = self.write(staff.viewer_of, session, self.now)
        assert found is not None
        return found[0]

    def queue(self, viewer: Viewer) -> list[Any]:
        """The cards of the queue, in order."""
        shown = self.write(lists.queue, viewer, self.now, self.house)
        return [card for group in shown.groups for card in group.cards]

    def view(self, viewer: Viewer, case_id: str) -> Any:
        """A case as its desk shows it."""
        return self.write(case_view.case_view, viewer, case_id, self.now, self.house)

    def told(self, viewer: Viewer, after: int = 0) -> list[dict[str, Any]]:
        """The notices for a viewer."""
        return self.write(feed.notices_after, viewer, after)


@dataclass
class Resident:
    """Somebody who writes to the house."""

    street: Street
    who: tuple[str, str, str]

    def sends(self, **update: Any) -> str:
        """One update, stored and handled; its id."""
        made = self.posts(**update)
        self.street.work()
        return made

    def posts(self, external_id: str | None = None, **update: Any) -> str:
        """One update, stored only."""
        street = self.street
        made = external_id or f"m{next(street.ids)}"
        kind = update.pop("kind", "text")
        full = Update(*self.who, made, kind, **update)
        danger = street.reader.read(full.text).danger if full.text else ()
        street.write(receive.receive, full, danger, street.now, street.house)
        return made

    def says(self, *texts: str) -> list[str]:
        """Say these one after the other; what the house said since."""
        before = self.last_seq
        for text in texts:
            self.sends(text=text)
        return self.heard(before)

    def taps(self, label: str) -> list[str]:
        """Press the newest button with these words (or a command's value)."""
        before = self.last_seq
        value = label if ":" in label else self.button(label)
        self.sends(kind="choice", choice=value)
        return self.heard(before)

    def sends_voice(self) -> str:
        """A voice note; its media id."""
        made = f"{next(self.street.ids):032x}"
        self.sends(kind="voice", media=MediaInfo(made, "voice", "audio/webm", 9, "0" * 64, 7.0))
        return made

    def button(self, label: str) -> str:
        """The value of the newest button with these words."""
        for line in reversed(self.log()):
            for choice in line["choices"] or ():
                if choice["label"] == label:
                    return str(choice["value"])
        raise LookupError(f"no button {label!r}")

    def log(self) -> list[dict[str, Any]]:
        """Everything the page shows."""
        return self.street.write(page.history, self.who, 0, 10_000, self.street.house)

    @property
    def last_seq(self) -> int:
        """The number of the newest line."""
        lines = self.log()
        return lines[-1]["seq"] if lines else 0

    def heard(self, after: int = 0) -> list[str]:
        """What the house (bot or advisor) said after a line."""
        return [line["text"] for line in self.log() if line["seq"] > after and line["from"] != "me"]

    def files(self, words: str = CARE, answers: Sequence[str] = ()) -> Any:
        """Tell, answer (the first choice where nothing is given), confirm; the case as stored."""
        self.sends(text=words)
        given = iter(answers)
        for _ in range(12):
            asked = self.log()[-1]
            if asked["tone"] != "question":
                break
            answer = next(given, None)
            if answer is not None:
                self.sends(text=answer)
            else:
                self.sends(kind="choice", choice=asked["choices"][0]["value"])
        assert self.log()[-1]["tone"] == "summary", self.log()[-1]
        self.taps("对的")
        return self.case

    @property
    def case(self) -> Any:
        """The newest case of this chat, as stored."""
        mine = conversations_of(self.street, self.who)
        return max(
            self.street.rows(cases.Case, conversation_id=mine.id), key=lambda case: case.number
        )

    @property
    def question(self) -> dict[str, Any]:
        """What the page shows as the present question (its rule, in short)."""
        return next(line for line in reversed(self.log()) if line["choices"] is not None)

    def sees(self) -> None:
        """The page shows everything."""
        self.street.write(page.seen, self.who, self.last_seq, self.street.now, self.street.house)


class Scripted:
    """A reader for tests: sentences with their meaning, real patterns for danger, or nothing."""

    def __init__(self, known: Mapping[str, Reading]) -> None:
        self.known = dict(known)

    def read(self, text: str) -> Reading:
        """What the script says, with the danger that the patterns find."""
        found = danger.find(text)
        reading = self.known.get(text, Reading())
        return replace(reading, danger=tuple(dict.fromkeys((*reading.danger, *found))))


def conversations_of(street: Street, who: tuple[str, str, str]) -> Any:
    """The row of somebody's chat."""
    (row,) = street.rows(conversations.Conversation, sender=who[2])
    return row


def _rows(db: Db, model: type[SQLModel], where: dict[str, Any]) -> list[Any]:
    statement = select(model).filter_by(**where)
    return list(db.execute(statement).scalars())


def due_at(db: Db, due_id: str) -> datetime | None:
    """When a due row is due."""
    from storage import due

    row = due.peek(db, due_id)
    return row.at if row else None
