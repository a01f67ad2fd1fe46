"""What pushing channels must send: in order per chat, safety first, each outcome kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, insert, select, update
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7


class Outbox(SQLModel, table=True):
    """One message to send. ``lane`` 0 is a safety sentence, 1 a red case, 2 everything else."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_chat", "conversation_id", "state", "lane", "seq"),
        Index("ix_outbox_state", "state", "lane"),
    )

    id: str = Field(primary_key=True, max_length=32)
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)
    channel: str = Field(max_length=32)
    account: str = Field(max_length=64)
    seq: int
    lane: int = 2
    body: bytes = Field(sa_type=SealedBytes)
    state: str = Field(default="queued", max_length=8)  # queued | sending | sent | failed
    attempts: int = 0
    parts_sent: int = 0  # of a message that the channel sends in several
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    external_id: str | None = Field(default=None, max_length=128)
    error: str | None = Field(default=None, max_length=64)


TABLE = Outbox.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is to be sent now."""

    id: str
    conversation_id: str
    channel: str
    account: str
    seq: int
    lane: int
    attempts: int
    body: dict[str, Any]


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
) -> str:
    """Queue a message in the transaction that wrote the entry ``seq``."""
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    db.execute(
        insert(TABLE).values(
            id=row_id,
            conversation_id=conversation_id,
            channel=channel,
            account=account,
            seq=seq,
            lane=lane,
            body=vault.seal(json.dumps(body), "outbox", "body", row_id),
            state="queued",
            attempts=0,
            not_before=now,
            created_at=now,
        )
    )
    return row_id


def lease(
    db: Session, channel: str, owner: str, now: datetime, until: datetime, limit: int
) -> list[Parcel]:
    """Take the next message of each chat that has one ready: lane first, then ``seq``.

    A chat whose first message waits (``not_before``) or is being sent by somebody gives nothing,
    except that a safety sentence overtakes its own chat's queue.
    """
    busy = select(TABLE.c.conversation_id).where(
        TABLE.c.state == "sending", TABLE.c.lease_until >= now, TABLE.c.channel == channel
    )
    rank = (
        func.row_number()
        .over(partition_by=TABLE.c.conversation_id, order_by=(TABLE.c.lane > 0, TABLE.c.seq))
        .label("rank")
    )
    heads = (
        select(TABLE.c.id, TABLE.c.not_before, TABLE.c.lane, rank)
        .where(
            TABLE.c.channel == channel,
            TABLE.c.state.in_(["queued", "sending"]),
            TABLE.c.conversation_id.not_in(busy),
        )
        .subquery()
    )
    ids = (
        select(heads.c.id)
        .where(heads.c.rank == 1, heads.c.not_before <= now)
        .order_by(heads.c.lane, heads.c.id)
        .limit(limit)
    )
    chosen = list(
        db.execute(
            select(TABLE.c.id)
            .where(TABLE.c.id.in_(ids))
            .order_by(TABLE.c.lane, TABLE.c.id)
            .with_for_update(skip_locked=True)
        ).scalars()
    )
    if not chosen:
        return []
    rows = db.execute(
        update(TABLE)
        .where(
            TABLE.c.id.in_(chosen),
            (TABLE.c.state == "queued") | (TABLE.c.lease_until < now),
        )
        .values(
            state="sending", lease_owner=owner, lease_until=until, attempts=TABLE.c.attempts + 1
        )
        .returning(TABLE)
    ).all()
    vault: Vault = db.info["vault"]
    parcels = [
        Parcel(
            row.id,
            row.conversation_id,
            row.channel,
            row.account,
            row.seq,
            row.lane,
            row.attempts,
            json.loads(vault.open_text(row.body, "outbox", "body", row.id)),
        )
        for row in rows
    ]
    return sorted(parcels, key=lambda parcel: (parcel.lane, parcel.id))


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
) -> bool:
    """Record what became of a message; False when the lease was lost to somebody else."""
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
    result = db.execute(
        update(TABLE).where(TABLE.c.id == parcel_id, TABLE.c.lease_owner == owner).values(**values)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def waiting(db: Session, channel: str) -> int:
    """How many messages of a channel are not sent yet."""
    statement = (
        select(func.count())
        .select_from(TABLE)
        .where(TABLE.c.channel == channel, TABLE.c.state.in_(["queued", "sending"]))
    )
    return int(db.execute(statement).scalar_one())
