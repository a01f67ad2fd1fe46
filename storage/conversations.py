"""Conversations: one person's chat on one channel, its order and its lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Index,
    Integer,
    UniqueConstraint,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import Json, SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7
from storage.prepared import run


class Conversation(SQLModel, table=True):
    """A chat. Its row lock orders everything that is written in it."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "account", "sender", name="uq_conversation_sender"),
        Index("ix_conversations_pending", "pending", "lease_until"),
    )

    id: str = Field(primary_key=True, max_length=32)
    channel: str = Field(max_length=32)
    account: str = Field(max_length=64)
    sender: str = Field(max_length=64)  # keyed hash of the device or chat id
    address: bytes | None = Field(default=None, sa_type=SealedBytes)  # where pushing channels send
    created_at: datetime = Field(sa_type=UtcDateTime)

    arrivals: int = 0
    pending: int = 0
    pending_danger: int = 0
    pending_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)

    last_seq: int = 0
    seen_seq: int = 0  # what the resident's page has shown
    read_seq: int = 0  # what a human of the house has read
    case_id: str | None = Field(default=None, max_length=32)  # the case that is spoken of
    live_staff_id: str | None = Field(default=None, max_length=32)
    advisor_wrote_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    danger_said: dict[str, str] = Field(sa_type=Json, default_factory=dict)
    danger_asked: bool = False  # a safety script ended with a question that waits for an answer
    flood_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    flood_count: int = 0
    blocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # they shut us out


TABLE = Conversation.__table__  # type: ignore[attr-defined]

# What every message does is put together once: that costs as much as doing it.
_OF_SENDER = (
    TABLE.c.channel == bindparam("channel"),
    TABLE.c.account == bindparam("account"),
    TABLE.c.sender == bindparam("sender"),
)
_FIND = select(TABLE.c.id).where(*_OF_SENDER)
_GLANCE = select(
    TABLE.c.id, TABLE.c.last_seq, TABLE.c.live_staff_id, TABLE.c.advisor_wrote_at
).where(*_OF_SENDER)
_ARRIVE = (
    update(TABLE)
    .where(
        TABLE.c.channel == bindparam("channel_"),  # an UPDATE keeps the columns' own names
        TABLE.c.account == bindparam("account_"),
        TABLE.c.sender == bindparam("sender_"),
    )
    .values(
        arrivals=TABLE.c.arrivals + 1,
        pending=TABLE.c.pending + 1,
        pending_danger=TABLE.c.pending_danger + bindparam("danger", type_=Integer),
        # a chat that writes on and on keeps its place among those that wait
        pending_since=case(
            (TABLE.c.pending > 0, TABLE.c.pending_since), else_=bindparam("now", type_=UtcDateTime)
        ),
    )
    .returning(TABLE.c.id, TABLE.c.arrivals)
)
_FREE = (
    select(TABLE.c.id)
    .where(
        TABLE.c.pending > 0,
        (TABLE.c.lease_until.is_(None))
        | (TABLE.c.lease_until < bindparam("now", type_=UtcDateTime)),
    )
    .order_by(TABLE.c.pending_danger.desc(), TABLE.c.pending_since)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_LOCK = (
    select(Conversation)
    .where(col(Conversation.id) == bindparam("row"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_PENDING = select(func.coalesce(func.sum(TABLE.c.pending), 0)).where(TABLE.c.pending > 0)
_LEASE = update(TABLE).where(TABLE.c.id.in_(bindparam("ids", expanding=True)))
_ADDRESSES = select(TABLE.c.id, TABLE.c.address).where(
    TABLE.c.id.in_(bindparam("ids", expanding=True)), TABLE.c.address.is_not(None)
)


def _open(insert: Any) -> Any:
    made = insert(TABLE).on_conflict_do_nothing(index_elements=["channel", "account", "sender"])
    return made.returning(TABLE.c.id)


_OPEN = {"sqlite": _open(sqlite.insert), "postgresql": _open(postgresql.insert)}


def find(db: Session, channel: str, account: str, sender: str) -> str | None:
    """The id of a sender's conversation."""
    who = {"channel": channel, "account": account, "sender": sender}
    found: str | None = run(db, _FIND, who).scalar_one_or_none()
    return found


def open_for(
    db: Session, channel: str, account: str, sender: str, address: str | None, now: datetime
) -> str:
    """Make the sender's conversation, if nobody has; its id. Safe when two do it at once."""
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    sealed = vault.seal(address, "conversations", "address", row_id) if address else None
    values: dict[str, Any] = {
        "id": row_id,
        "channel": channel,
        "account": account,
        "sender": sender,
        "address": sealed,
        "created_at": now,
        "arrivals": 0,
        "pending": 0,
        "pending_danger": 0,
        "last_seq": 0,
        "seen_seq": 0,
        "read_seq": 0,
        "danger_said": {},
        "danger_asked": False,
        "flood_count": 0,
    }
    made: str | None = run(db, _OPEN[db.get_bind().dialect.name], values).scalar_one_or_none()
    found = made or find(db, channel, account, sender)
    if found is None:
        raise LookupError("a conversation vanished while it was opened")
    return found


def arrive(
    db: Session, channel: str, account: str, sender: str, danger: bool, now: datetime
) -> tuple[str, int] | None:
    """Lock the sender's conversation, count one more waiting update in it.

    Gives the conversation's id and the update's place in its order; None while there is none.
    """
    who = {"channel_": channel, "account_": account, "sender_": sender}
    row = run(db, _ARRIVE, {**who, "danger": int(danger), "now": now}).one_or_none()
    return None if row is None else (row.id, row.arrivals)


def undo_arrival(db: Session, conversation_id: str, danger: bool) -> None:
    """The update that was counted is not stored after all."""
    db.execute(
        update(TABLE)
        .where(TABLE.c.id == conversation_id)
        .values(pending=TABLE.c.pending - 1, pending_danger=TABLE.c.pending_danger - int(danger))
    )


def lease_waiting(db: Session, owner: str, now: datetime, until: datetime, limit: int) -> list[str]:
    """Lease conversations that have open updates, those with danger first (design §3)."""
    ids = list(run(db, _FREE, {"now": now, "most": limit}).scalars())
    if ids:
        run(db, _LEASE, {"ids": ids, "lease_owner": owner, "lease_until": until})
    return ids


def release(db: Session, conversation_id: str, owner: str, until: datetime | None) -> None:
    """Give a lease back; with ``until`` nobody takes the conversation before (a pause to retry)."""
    db.execute(
        update(TABLE)
        .where(TABLE.c.id == conversation_id, TABLE.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=until)
    )


def lock(db: Session, conversation_id: str) -> Conversation:
    """The conversation's row, locked until the commit."""
    found: Conversation = db.execute(_LOCK, {"row": conversation_id}).scalar_one()
    return found


def get(db: Session, conversation_id: str) -> Conversation:
    """The conversation's row, to read."""
    statement = select(Conversation).where(col(Conversation.id) == conversation_id)
    found: Conversation = db.execute(statement).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Glance:
    """What an open page needs to know of its conversation, many times a second."""

    id: str
    last_seq: int
    live_staff_id: str | None
    advisor_wrote_at: datetime | None


def glance(db: Session, channel: str, account: str, sender: str) -> Glance | None:
    """A sender's conversation at a glance, or None while there is none."""
    who = {"channel": channel, "account": account, "sender": sender}
    row = run(db, _GLANCE, who).one_or_none()
    if row is None:
        return None
    return Glance(row.id, row.last_seq, row.live_staff_id, row.advisor_wrote_at)


def by_ids(db: Session, ids: set[str]) -> list[Conversation]:
    """Conversations by their ids, in no order."""
    if not ids:
        return []
    return list(db.execute(select(Conversation).where(col(Conversation.id).in_(ids))).scalars())


def address_of(db: Session, conversation: Conversation) -> str | None:
    """Where a pushing channel sends, or None where the page fetches."""
    if conversation.address is None:
        return None
    vault: Vault = db.info["vault"]
    return vault.open_text(conversation.address, "conversations", "address", conversation.id)


def addresses(db: Session, ids: set[str]) -> dict[str, str]:
    """Where each of these conversations is sent to, as far as its channel pushes."""
    vault: Vault = db.info["vault"]
    return {
        row.id: vault.open_text(row.address, "conversations", "address", row.id)
        for row in run(db, _ADDRESSES, {"ids": list(ids)})
    }


def move(db: Session, conversation: Conversation, address: str) -> None:
    """The chat goes on at another address (a group that became another kind of group).

    Its sender is known by the new address too, unless somebody wrote from there already. The
    row must be locked.
    """
    vault: Vault = db.info["vault"]
    conversation.address = vault.seal(address, "conversations", "address", conversation.id)
    channel, account = conversation.channel, conversation.account
    sender = vault.index("sender", f"{channel}:{account}:{address}")
    if find(db, channel, account, sender) is None:
        conversation.sender = sender


def pending_total(db: Session) -> int:
    """How many updates nobody has handled yet."""
    return int(run(db, _PENDING).scalar_one())
