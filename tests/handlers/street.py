"""A small street for tests of use cases: residents who write, staff who act, a clock in hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from dialogs.meaning.reading import Reading
from handlers import inbound, receive, remind, staff, waiting
from handlers.desk import case_view, feed, lists
from handlers.ports import House, MediaInfo, Reader, Update, Viewer
from handlers.residents import page
from storage.database import Database, Db

P = ParamSpec("P")
T = TypeVar("T")
MORNING = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)  # Tuesday 9:12 in Shanghai
OWNER = "tests"


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
        while True:
            found = self.write(remind.due_ids, until, 100)
            if not found:
                break
            for due_id in found:
                moment = self.write(due_at, due_id)
                if moment is not None:
                    self.now = max(self.now, moment)
                    self.write(remind.fire, due_id, self.now, self.house)
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
                stored = one
                while stored is not None:
                    text = str(stored.body.get("text", ""))
                    reading = self.reader.read(text) if text else Reading()
                    stored = self.write(
                        inbound.handle, stored, reading, self.now, self.house, owner, until
                    )
                    handled += 1

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

    def sees(self) -> None:
        """The page shows everything."""
        self.street.write(page.seen, self.who, self.last_seq, self.street.now, self.street.house)


def due_at(db: Db, due_id: str) -> datetime | None:
    """When a due row is due."""
    from storage import due

    row = due.peek(db, due_id)
    return row.at if row else None
