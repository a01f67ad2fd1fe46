"""What pushing channels must send: in order per chat, safety first, each outcome kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Update, bindparam, func, insert, select, update
from sqlalchemy.sql import ColumnElement
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7
from storage.prepared import run

SAFETY, RED, PLAIN = 0, 1, 2  # lanes
TOLD, LOOK, PUBLIC, LEAVING = 3, 4, 5, 6  # further lanes of chats whose queue is sent lane by lane
_OPEN = ("queued", "sending")
_AT_ONCE = 500  # values in one list of a statement


class Outbox(SQLModel, table=True):
    """One message to send. ``lane`` 0 is a safety sentence, 1 a red case, 2 everything else.

    In chats of staff 0 is the bell of a red case, 2 what they asked for, 3 what they are told, 4 a
    message laid out anew, 5 a sentence to somebody who is not of the staff, 6 the leaving of their
    group.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_chat", "conversation_id", "state", "lane", "seq"),
        Index("ix_outbox_ready", "channel", "account", "state", "lane", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)
    channel: str = Field(max_length=32)
    account: str = Field(max_length=64)
    seq: int
    lane: int = PLAIN
    body: bytes = Field(sa_type=SealedBytes)
    state: str = Field(default="queued", max_length=8)  # queued | sending | sent | failed
    attempts: int = 0  # since a part of it was last sent
    parts_sent: int = 0  # of a message that the channel sends in several
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    external_id: str | None = Field(default=None, max_length=128)
    error: str | None = Field(default=None, max_length=64)


TABLE = Outbox.__table__  # type: ignore[attr-defined]
Wanted = Callable[[Mapping[str, Any]], bool]  # whether a body is meant
_PUT = insert(TABLE)
# what becomes of it is given with the call
_CHANGE = update(TABLE).where(
    TABLE.c.id == bindparam("row"),
    TABLE.c.lease_owner == bindparam("owner"),
    TABLE.c.state.in_(_OPEN),
)
_UNCOUNT = _CHANGE.values(attempts=TABLE.c.attempts - 1)
_WAITS = (
    select(TABLE.c.id)
    .where(TABLE.c.conversation_id == bindparam("talk"), TABLE.c.state == "queued")
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is to be sent now.

    ``attempts`` counts the one that is about to begin; ``parts_sent`` of its parts the channel
    has already. ``address`` is put in by handlers.delivery.
    """

    id: str
    conversation_id: str
    channel: str
    account: str
    seq: int
    lane: int
    attempts: int
    body: Mapping[str, Any]
    parts_sent: int = 0
    address: str = ""


def put(
    db: Session,
    *,
    conversation_id: str,
    channel: str,
    account: str,
    seq: int,
    lane: int,
    body: dict[str, Any],
    now: datetime,
    by_lane: bool = False,
    not_before: datetime | None = None,
) -> str:
    """Queue a message in the transaction that wrote the entry ``seq``.

    ``by_lane``: its chat is sent lane by lane, so that nothing has to hurry before it.
    """
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    if lane == RED and not by_lane:  # what stands before it in its chat goes first: that hurries
        _hurry(db, conversation_id)
    values = {
        "id": row_id,
        "conversation_id": conversation_id,
        "channel": channel,
        "account": account,
        "seq": seq,
        "lane": lane,
        "body": vault.seal(json.dumps(body), "outbox", "body", row_id),
        "state": "queued",
        "attempts": 0,
        "parts_sent": 0,
        "not_before": not_before or now,
        "created_at": now,
    }
    run(db, _PUT, values)
    return row_id


def _hurry(db: Session, conversation_id: str) -> None:
    db.execute(
        update(TABLE)
        .where(
            TABLE.c.conversation_id == conversation_id,
            TABLE.c.state.in_(_OPEN),
            TABLE.c.lane == PLAIN,
        )
        .values(lane=RED)
    )


def hurry(db: Session, conversation_id: str, wanted: Wanted) -> None:
    """What waits among what is told in this chat, and is ``wanted``, goes as a red case's does."""
    told = TABLE.c.state.in_(_OPEN), TABLE.c.lane == TOLD
    if found := _those(db, wanted, TABLE.c.conversation_id == conversation_id, *told):
        db.execute(update(TABLE).where(TABLE.c.id.in_(found)).values(lane=RED))


def settle(
    db: Session,
    parcel_id: str,
    owner: str,
    state: str,
    now: datetime,
    *,
    error: str | None = None,
    external_id: str | None = None,
    not_before: datetime | None = None,
    counted: bool = True,
) -> bool:
    """Record what became of a message; False when the lease was lost to somebody else.

    ``counted``: whether this attempt counts among its tries.
    """
    values: dict[str, Any] = {
        "state": state,
        "lease_owner": None,
        "lease_until": None,
        "error": error,
    }
    if state == "sent":
        values |= {"sent_at": now, "external_id": external_id}
    if not_before is not None:
        values["not_before"] = not_before
    return _change(db, parcel_id, owner, values, _CHANGE if counted else _UNCOUNT)


def part_sent(
    db: Session, parcel_id: str, owner: str, parts_sent: int, until: datetime | None
) -> bool:
    """So many parts of a message are sent, and its tries are counted anew.

    ``until``: the sender goes on with the next part; None: it waits for its chat's rest.
    """
    values: dict[str, Any] = {"parts_sent": parts_sent, "error": None}
    if until is None:
        values |= {"state": "queued", "lease_owner": None, "lease_until": None, "attempts": 0}
    else:
        values |= {"lease_until": until, "attempts": 1}
    return _change(db, parcel_id, owner, values)


def rewrite(db: Session, parcel_id: str, body: Mapping[str, Any], *, waiting: bool = False) -> bool:
    """What a message says from now on. ``waiting``: unless it is on its way; then False."""
    vault: Vault = db.info["vault"]
    sealed = vault.seal(json.dumps(dict(body)), "outbox", "body", parcel_id)
    statement = update(TABLE).where(TABLE.c.id == parcel_id)
    if waiting:
        statement = statement.where(TABLE.c.state == "queued")
    return bool(run(db, statement.values(body=sealed)).rowcount)


def hold_longer(db: Session, parcel_id: str, owner: str, until: datetime) -> bool:
    """This message takes long to send."""
    return _change(db, parcel_id, owner, {"lease_until": until})


def _change(
    db: Session, parcel_id: str, owner: str, values: Mapping[str, Any], statement: Update = _CHANGE
) -> bool:
    return bool(run(db, statement, {"row": parcel_id, "owner": owner, **values}).rowcount)


def fail_waiting(
    db: Session, conversation_id: str, code: str, wanted: Wanted | None = None
) -> list[int]:
    """What waits in this chat, all of it or what is ``wanted``, is sent no more; the ``seq`` of
    each, in order."""
    waiting = [TABLE.c.conversation_id == conversation_id, TABLE.c.state == "queued"]
    if wanted is not None:
        waiting.append(TABLE.c.id.in_(_those(db, wanted, *waiting)))
    rows = db.execute(
        update(TABLE)
        .where(*waiting)
        .values(state="failed", error=code[:64], lease_owner=None, lease_until=None)
        .returning(TABLE.c.seq)
    )
    return sorted(rows.scalars())


def waiting_bells(db: Session, conversation_id: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The bells of red cases that wait in a chat of staff: id and body."""
    return _bodies(db, *_bells_of(conversation_id))


def _those(db: Session, wanted: Wanted, *where: ColumnElement[bool]) -> list[str]:
    """The rows whose body is ``wanted``."""
    return [row_id for row_id, body in _bodies(db, *where) if wanted(body)]


def _bodies(db: Session, *where: ColumnElement[bool]) -> list[tuple[str, Mapping[str, Any]]]:
    vault: Vault = db.info["vault"]
    return [
        (row.id, json.loads(vault.open_text(row.body, "outbox", "body", row.id)))
        for row in db.execute(select(TABLE.c.id, TABLE.c.body).where(*where))
    ]


def marks(
    db: Session, conversation_id: str, seqs: Iterable[int]
) -> dict[int, tuple[str, str | None]]:
    """For each of these entries that were to be sent: its state and, where it failed, why."""
    wanted, found = sorted(set(seqs)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = db.execute(
            select(TABLE.c.seq, TABLE.c.state, TABLE.c.error)
            .where(
                TABLE.c.conversation_id == conversation_id,
                TABLE.c.seq.in_(wanted[start : start + _AT_ONCE]),
            )
            .order_by(TABLE.c.id)
        )
        found.update({row.seq: (row.state, row.error) for row in rows})
    return found


def bells(db: Session, conversation_id: str) -> int:
    """How many bells of red cases wait in a chat of staff."""
    return int(db.execute(select(func.count()).where(*_bells_of(conversation_id))).scalar_one())


def _bells_of(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        TABLE.c.conversation_id == conversation_id,
        TABLE.c.state == "queued",
        TABLE.c.lane == SAFETY,
    )


def more_waits(db: Session, conversation_id: str) -> bool:
    """Whether anything is still to be sent in this chat."""
    return run(db, _WAITS, {"talk": conversation_id}).first() is not None


def waiting(db: Session, channel: str, account: str | None = None) -> int:
    """How many messages of a channel, or of one bot of it, are not sent yet."""
    statement = (
        select(func.count())
        .select_from(TABLE)
        .where(TABLE.c.channel == channel, TABLE.c.state.in_(_OPEN))
    )
    if account is not None:
        statement = statement.where(TABLE.c.account == account)
    return int(db.execute(statement).scalar_one())
