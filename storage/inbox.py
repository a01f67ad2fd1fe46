"""What came in: every update, stored before it is acknowledged, until it is done or parked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

from storage.columns import Json, SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7
from storage.prepared import run


class Inbox(SQLModel, table=True):
    """One update of one sender. Nothing is ordered by the channel's own id (design §3)."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "account", "sender", "external_id", name="uq_inbox_update"),
        Index("ix_inbox_open", "conversation_id", "state", "arrival"),
    )

    id: str = Field(primary_key=True, max_length=32)
    channel: str = Field(max_length=32)
    account: str = Field(max_length=64)
    sender: str = Field(max_length=64)  # keyed hash
    external_id: str = Field(max_length=128)
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)
    arrival: int
    body: bytes = Field(sa_type=SealedBytes)
    body_mac: str = Field(max_length=64)
    danger: list[str] = Field(sa_type=Json, default_factory=list)
    received_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    state: str = Field(default="open", max_length=8)  # open | done | parked | taken
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


TABLE = Inbox.__table__  # type: ignore[attr-defined]
_STORED = (
    "id", "conversation_id", "channel", "account", "sender", "external_id", "body", "danger",
    "received_at", "attempts",
)  # fmt: skip
_INSERT = {
    "sqlite": sqlite.insert(TABLE).on_conflict_do_nothing().returning(TABLE.c.id),
    "postgresql": postgresql.insert(TABLE).on_conflict_do_nothing().returning(TABLE.c.id),
}
_KNOWN = select(TABLE.c.body_mac).where(
    TABLE.c.channel == bindparam("channel"),
    TABLE.c.account == bindparam("account"),
    TABLE.c.sender == bindparam("sender"),
    TABLE.c.external_id == bindparam("external_id"),
)
_OLDEST = (
    select(TABLE.c.id)
    .where(TABLE.c.conversation_id == bindparam("talk"), TABLE.c.state == "open")
    .order_by(TABLE.c.arrival)
    .limit(1)
)
_BEGIN = (
    update(TABLE)
    .where(TABLE.c.id == _OLDEST.scalar_subquery())
    .values(attempts=TABLE.c.attempts + 1)
    .returning(*(TABLE.c[each] for each in _STORED))
)
_TRIED = select(TABLE.c.conversation_id).where(
    TABLE.c.conversation_id.in_(bindparam("talks", expanding=True)),
    TABLE.c.state == "open",
    TABLE.c.attempts > 0,
)
# the new state and its time are given with the call
_FINISH = update(TABLE).where(TABLE.c.id == bindparam("row"), TABLE.c.state == "open")


class DifferentBody(Exception):
    """The same id came again with other words: nothing is overwritten (a 409 for the client)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An update as it waits in the inbox. ``attempts`` counts the one that is about to begin."""

    id: str
    conversation_id: str
    channel: str
    account: str
    sender: str
    external_id: str
    body: dict[str, Any]
    danger: tuple[str, ...]
    received_at: datetime
    attempts: int


def canonical(body: dict[str, Any]) -> str:
    """The one spelling of a body, for comparing two deliveries of the same id."""
    return json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def known(
    db: Session, channel: str, account: str, sender: str, external_id: str, body: dict[str, Any]
) -> bool:
    """Whether this very update is stored already.

    Raises:
        DifferentBody: the id is known with another body.
    """
    named = {
        "channel": channel, "account": account, "sender": sender, "external_id": external_id,
    }  # fmt: skip
    mac = run(db, _KNOWN, named).scalar_one_or_none()
    if mac is None:
        return False
    if mac != _mac(db, body):
        raise DifferentBody(external_id)
    return True


def add(
    db: Session,
    *,
    channel: str,
    account: str,
    sender: str,
    external_id: str,
    conversation_id: str,
    arrival: int,
    body: dict[str, Any],
    danger: tuple[str, ...],
    now: datetime,
) -> str | None:
    """Store an update; ``conversation_id``'s row must be locked by this transaction.

    None: it was there already, from an earlier delivery or a twin of this request.
    """
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    values = {
        "id": row_id,
        "channel": channel,
        "account": account,
        "sender": sender,
        "external_id": external_id,
        "conversation_id": conversation_id,
        "arrival": arrival,
        "body": vault.seal(canonical(body), "inbox", "body", row_id),
        "body_mac": _mac(db, body),
        "danger": list(danger),
        "received_at": now,
        "attempts": 0,
        "state": "open",
    }
    statement = _INSERT[db.get_bind().dialect.name]
    made: str | None = run(db, statement, values).scalar_one_or_none()
    return made


def find(db: Session, channel: str, account: str, sender: str, external_id: str) -> Stored | None:
    """An update by the channel's own id, handled or not; its words are read again."""
    row = db.execute(
        select(TABLE).where(
            TABLE.c.channel == channel,
            TABLE.c.account == account,
            TABLE.c.sender == sender,
            TABLE.c.external_id == external_id,
        )
    ).one_or_none()
    return None if row is None else _stored(db, row)


def begin_oldest(db: Session, conversation_id: str) -> Stored | None:
    """The conversation's oldest open update, this attempt counted (commit before trying it).

    The conversation's row must be locked by this transaction.
    """
    row = run(db, _BEGIN, {"talk": conversation_id}).one_or_none()
    return None if row is None else _stored(db, row)


def uncount(db: Session, row_id: str) -> None:
    """An attempt that was ended by us, not by the update: it does not count towards parking."""
    db.execute(
        update(TABLE)
        .where(TABLE.c.id == row_id, TABLE.c.state == "open", TABLE.c.attempts > 0)
        .values(attempts=TABLE.c.attempts - 1)
    )


def tried(db: Session, conversation_ids: list[str]) -> set[str]:
    """Which of these conversations have an open update that was begun before."""
    if not conversation_ids:
        return set()
    return set(run(db, _TRIED, {"talks": conversation_ids}).scalars())


def finish(db: Session, row_id: str, state: str, now: datetime) -> bool:
    """Mark an open update ``done`` or ``parked``; False when somebody else did before."""
    result = run(db, _FINISH, {"row": row_id, "state": state, "handled_at": now})
    return bool(result.rowcount)


def parked(db: Session, limit: int = 200) -> list[Stored]:
    """Updates that nobody could handle, oldest first, for the eyes of an advisor."""
    rows = db.execute(
        select(TABLE).where(TABLE.c.state == "parked").order_by(TABLE.c.received_at).limit(limit)
    )
    return [_stored(db, row) for row in rows]


def take_parked(db: Session, row_id: str) -> str | None:
    """A person has taken a parked update into their hands; its conversation, or None if taken."""
    return db.execute(
        update(TABLE)
        .where(TABLE.c.id == row_id, TABLE.c.state == "parked")
        .values(state="taken")
        .returning(TABLE.c.conversation_id)
    ).scalar_one_or_none()


def _mac(db: Session, body: dict[str, Any]) -> str:
    vault: Vault = db.info["vault"]
    return vault.index("inbox", canonical(body))


def _stored(db: Session, row: Any) -> Stored:
    vault: Vault = db.info["vault"]
    return Stored(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        account=row.account,
        sender=row.sender,
        external_id=row.external_id,
        body=json.loads(vault.open_text(row.body, "inbox", "body", row.id)),
        danger=tuple(row.danger),
        received_at=row.received_at,
        attempts=row.attempts,
    )
