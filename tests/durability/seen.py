"""What stands in the house and outside of it when all is done: plain data for the checks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from handlers import remind
from handlers.talk import OVERTAKEN
from storage import cases, conversations, due, entries, inbox, media, notices, outbox
from storage.database import Database, Db
from tests.durability.journal import Journal
from tests.durability.plan import sender


@dataclass(frozen=True, slots=True)
class Written:
    """A line of a conversation's log."""

    seq: int
    kind: str
    sender: str
    id: str | None = None
    ref: int | None = None
    media: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An update in the inbox."""

    id: str
    arrival: int
    state: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row of the outbox."""

    id: str
    seq: int
    lane: int
    state: str


@dataclass(slots=True)
class Case:
    """A case: its events as (kind, number of a rung or None)."""

    id: str
    flow: str | None
    urgency: str
    events: list[tuple[str, int | None]] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many events of a kind."""
        return sum(event[0] == kind for event in self.events)


@dataclass(slots=True)
class Talk:
    """A chat: what the client knows, and what the house has."""

    offered: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    log: list[Written] = field(default_factory=list)
    last_seq: int = 0
    pending: int = 0
    leased: bool = False
    inbox: list[Stored] = field(default_factory=list)
    outbox: list[Parcel] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What the pushing channel was given, in its order."""

    id: str
    address: str
    life: int


@dataclass(slots=True)
class Seen:
    """Everything. `notices`: (seq, kind, case). `killed`: the lives that ended by a kill."""

    talks: dict[str, Talk] = field(default_factory=dict)
    pushed: list[Pushed] = field(default_factory=list)
    recorded: dict[int, set[str]] = field(default_factory=dict)
    killed: set[int] = field(default_factory=set)
    notices: list[tuple[int, str, str | None]] = field(default_factory=list)
    last_notice: int = 0
    overdue: list[str] = field(default_factory=list)
    waits: dict[str, set[str]] = field(default_factory=dict)  # case → kinds of its due rows
    tasks: list[str] = field(default_factory=list)
    media: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def look(database: Database, folder: Path, killed: set[int], now: datetime) -> Seen:
    """Look at a town when no life is lived in it; `now` is its clock."""
    journal = Journal(folder)
    seen = Seen(killed=set(killed))
    for name in ("offered", "accepted"):
        for line in journal.read(name):
            ids = getattr(seen.talks.setdefault(line["chat"], Talk()), name)
            if line["id"] not in ids:
                ids.append(line["id"])
    seen.pushed = [Pushed(**line) for line in journal.read("pushed")]
    seen.recorded = {line["life"]: set(line["ids"]) for line in journal.read("recorded")}
    seen.files = {path.name for path in (folder / "media").glob("*") if "." not in path.name}
    names = {sender(database.vault, chat): chat for chat in seen.talks}
    database.read_blocking(_fill, seen, names, now)
    return seen


def _fill(db: Db, seen: Seen, names: dict[str, str], now: datetime) -> None:
    by_id: dict[str, Talk] = {}
    for row in db.execute(select(conversations.TABLE)):
        talk = by_id[row.id] = seen.talks[names[row.sender]]
        talk.last_seq, talk.pending = row.last_seq, row.pending + row.pending_danger
        talk.leased = row.lease_owner is not None
    for row in _rows(db, entries.TABLE, "seq"):
        made = Written(row.seq, row.kind, row.sender, row.client_id, row.ref, row.media_id)
        by_id[row.conversation_id].log.append(made)
    for row in _rows(db, inbox.TABLE, "arrival"):
        by_id[row.conversation_id].inbox.append(Stored(row.external_id, row.arrival, row.state))
    for row in _rows(db, outbox.TABLE, "seq"):
        state = OVERTAKEN if row.error == OVERTAKEN else row.state
        parcel = Parcel(row.id, row.seq, row.lane, state)
        by_id[row.conversation_id].outbox.append(parcel)
    events = defaultdict(list)
    for row in _rows(db, cases.EVENTS, "seq"):
        events[row.case_id].append((row.kind, row.data.get("rung")))
    for row in _rows(db, cases.TABLE, "number"):
        case = Case(row.id, row.flow, row.urgency, events[row.id])
        by_id[row.conversation_id].cases.append(case)
    seen.notices = [(row.seq, row.kind, row.case_id) for row in _rows(db, notices.TABLE, "seq")]
    seen.last_notice = notices.last_seq(db)
    seen.overdue = remind.due_ids(db, now, 100)
    for waiting in db.execute(select(due.Due)).scalars():
        seen.waits.setdefault(waiting.case_id or "", set()).add(waiting.kind)
    seen.tasks = [task.key for task in due.open_tasks(db)]
    seen.media = media.all_ids(db)


def _rows(db: Db, table: Any, order: str) -> Any:
    return db.execute(select(table).order_by(table.c[order]))
