"""What stands in the house and on people's phones when all is done: plain data for the checks."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from handlers.ports import STAFF_CHANNEL
from handlers.talk import OVERTAKEN
from storage import cases, conversations, entries, inbox, outbox, sent
from storage.database import Database, Db
from tests.botapi import Bot, BotApi
from tests.botapi.journal import Call
from tests.durability.seen import Case, Parcel, Stored, Talk, Written
from tests.durability.telegram import crowd
from tests.durability.telegram.team import Team

RESIDENTS = "telegram"


@dataclass(frozen=True, slots=True)
class Lived:
    """When one life began and ended, by the monotonic clock, and whether by a kill."""

    begun: float
    ended: float
    killed: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that the chat was sent: when, its id, everything in it, its text, and the house's
    line that it is as far as the house knows (None: it does not know of it)."""

    at: float
    id: str
    whole: str
    words: str
    seq: int | None


@dataclass(slots=True)
class Chat:
    """A chat: what the person did, what the house has, what the person was sent."""

    said: list[str] = field(default_factory=list)
    kind: str = ""
    whole: bool = True
    talk: Talk = field(default_factory=Talk)
    lines: list[tuple[str, str]] = field(default_factory=list)  # (id, kind) of their own
    heard: list[Heard] = field(default_factory=list)

    @property
    def twice(self) -> list[Heard]:
        """Messages that the house does not know to have sent: a kill came in between."""
        return [heard for heard in self.heard if heard.seq is None]


@dataclass(slots=True)
class Seen:
    """Everything."""

    chats: dict[str, Chat] = field(default_factory=dict)
    staff: dict[str, Chat] = field(default_factory=dict)
    lived: list[Lived] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # what an advisor wrote to residents


def look(
    database: Database,
    api: BotApi,
    bots: tuple[Bot, Bot],
    people: Sequence[crowd.Chat],
    team: Team | None,
    lived: Sequence[Lived],
) -> Seen:
    """Look at a town when no life is lived in it."""
    seen = Seen(lived=list(lived))
    seen.chats = {
        each.name: Chat(list(each.said), each.kind, each.whole, Talk(offered=list(each.said)))
        for each in people
    }
    index = database.vault.index
    names = {
        index("sender", f"{RESIDENTS}:{bots[0].id}:{each.person.id}"): each.name for each in people
    }
    if team is not None:
        for person in (team.advisor, team.supervisor):
            said = team.said if person is team.advisor else []
            seen.staff[person.name] = Chat(["", *said], person.name)
            names[index("sender", f"{STAFF_CHANNEL}:{bots[1].id}:{person.id}")] = person.name
        seen.answers = list(team.answers)
    sent_to: dict[str, list[Call]] = defaultdict(list)
    for bot in bots:
        for call in api.journal.calls(bot=bot, done=True):
            if call.method.startswith("send") and call.method != "sendChatAction":
                sent_to[f"{bot.id}:{call.chat}"].append(call)
    database.read_blocking(_fill, seen, names, sent_to)
    return seen


def _fill(db: Db, seen: Seen, names: dict[str, str], sent_to: dict[str, list[Call]]) -> None:
    by_id: dict[str, Chat] = {}
    for row in db.execute(select(conversations.TABLE)):
        chats = seen.staff if row.channel == STAFF_CHANNEL else seen.chats
        if row.sender in names:
            chat = chats[names[row.sender]]
        else:
            seen.strangers.append(row.id)
            chat = Chat()
        by_id[row.id], talk = chat, chat.talk
        talk.last_seq, talk.pending = row.last_seq, row.pending + row.pending_danger
        talk.leased = row.lease_owner is not None
        address = conversations.address_of(db, conversations.get(db, row.id))
        known = _known(db, row.id)
        for call in sent_to.get(f"{row.account}:{address}", ()):
            number = str(call.result["message_id"])
            whole = json.dumps(call.params, sort_keys=True, default=str)
            words = str(call.params.get("text"))
            chat.heard.append(Heard(call.at, number, whole, words, known.get(number)))
    _fill_talks(db, by_id)


def _fill_talks(db: Db, by_id: dict[str, Chat]) -> None:
    for row in _rows(db, entries.TABLE, "seq"):
        chat = by_id[row.conversation_id]
        chat.talk.log.append(Written(row.seq, row.kind, row.sender, row.client_id, row.ref))
        if row.sender == "me" and row.client_id is not None:
            chat.lines.append((plain(row.client_id), row.kind))
    for row in _rows(db, inbox.TABLE, "arrival"):
        stored = Stored(plain(row.external_id), row.arrival, row.state)
        by_id[row.conversation_id].talk.inbox.append(stored)
    for row in _rows(db, outbox.TABLE, "seq"):
        state = OVERTAKEN if row.error == OVERTAKEN else row.state
        parcel = Parcel(row.id, row.seq, row.lane, state)
        by_id[row.conversation_id].talk.outbox.append(parcel)
    events = defaultdict(list)
    for row in _rows(db, cases.EVENTS, "seq"):
        events[row.case_id].append((row.kind, row.data.get("rung")))
    for row in _rows(db, cases.TABLE, "number"):
        case = Case(row.id, row.flow, row.urgency, events[row.id])
        by_id[row.conversation_id].talk.cases.append(case)


def _known(db: Db, conversation_id: str) -> dict[str, int]:
    """The line of each message that the house knows to have sent; 0 where it is none (a card)."""
    found: dict[str, int] = {}
    for table in (outbox.TABLE, sent.TABLE):
        rows = db.execute(
            select(table.c.external_id, table.c.seq).where(
                table.c.conversation_id == conversation_id, table.c.external_id.is_not(None)
            )
        )
        found |= {row.external_id: row.seq or 0 for row in rows}
    return found


def plain(external_id: str) -> str:
    """The id of an edit without the number of its update, which no person knows."""
    return external_id.partition(".")[0] if external_id.startswith("e") else external_id


def _rows(db: Db, table: Any, order: str) -> Any:
    return db.execute(select(table).order_by(table.c[order]))
