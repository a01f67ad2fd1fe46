"""Which messages of the outbox are sent next."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, literal, or_, select, update
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session

from storage.columns import UtcDateTime
from storage.crypto import Vault
from storage.outbox import LEAVING, PLAIN, RED, SAFETY, TABLE, Parcel
from storage.prepared import run


def lease(
    db: Session,
    channel: str,
    account: str,
    owner: str,
    now: datetime,
    until: datetime,
    limit: int,
    *,
    resting: Collection[str] = (),
    urgent: bool = False,
    by_lane: bool = False,
) -> list[Parcel]:
    """Take the next message of each chat that has one ready: lane first, then by age.

    A chat whose first message waits (``not_before``) or is being sent by somebody gives nothing,
    except that a safety sentence overtakes its own chat's queue. ``resting``: conversations that
    were spoken to a moment ago; they give safety sentences only. ``urgent``: lanes 0 and 1 only.
    ``by_lane``: within a chat too every lane overtakes those after it, as in chats of staff, which
    keep their rest whatever waits.
    """
    bot = {"channel_": channel, "account_": account, "now": now}
    # who held these is gone or slow; until somebody takes them, a late word of theirs counts
    run(db, _END_EXPIRED, bot)
    last = RED if urgent else LEAVING
    wanted = {**bot, "last_lane": last, "resting": list(resting), "most": limit}
    chosen = list(run(db, _BY_LANE if by_lane else _BY_CHAT, wanted).scalars())
    if not chosen:
        return []
    rows = run(db, _TAKE, {"ids": chosen, "lease_owner": owner, "lease_until": until}).all()
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
            row.parts_sent,
        )
        for row in rows
    ]
    return sorted(parcels, key=lambda parcel: (parcel.lane, parcel.id))


def _first_of_chat(by_lane: bool) -> tuple[ColumnElement[bool], ...]:
    """Nothing of its chat goes before it. Each question is one look into ix_outbox_chat."""
    other = TABLE.alias("other")
    same = other.c.conversation_id == TABLE.c.conversation_id

    def any_other(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(literal(1)).select_from(other).where(same, *conditions).exists()

    queued = other.c.state == "queued"
    if by_lane:
        before = and_(other.c.lane == TABLE.c.lane, other.c.seq < TABLE.c.seq)
        first = any_other(queued, or_(other.c.lane < TABLE.c.lane, before))
        return ~any_other(other.c.state == "sending"), ~first
    safety = any_other(
        queued,
        other.c.lane == SAFETY,
        or_(TABLE.c.lane > SAFETY, other.c.seq < TABLE.c.seq),
    )
    earlier = any_other(queued, other.c.lane.in_((RED, PLAIN)), other.c.seq < TABLE.c.seq)
    return (
        ~any_other(other.c.state == "sending"),
        ~safety,
        or_(TABLE.c.lane == SAFETY, ~earlier),
    )


_NOW = bindparam("now", type_=UtcDateTime)
_OF_BOT = TABLE.c.channel == bindparam("channel_"), TABLE.c.account == bindparam("account_")


def _next(by_lane: bool) -> Select[Any]:
    rested = TABLE.c.conversation_id.not_in(bindparam("resting", expanding=True))
    return (
        select(TABLE.c.id)
        .where(
            *_OF_BOT,
            TABLE.c.state == "queued",
            TABLE.c.lane <= bindparam("last_lane", type_=Integer),
            TABLE.c.not_before <= _NOW,
            rested if by_lane else or_(TABLE.c.lane == SAFETY, rested),
            *_first_of_chat(by_lane),
        )
        .order_by(TABLE.c.lane, TABLE.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=TABLE)
    )


_BY_CHAT, _BY_LANE = _next(False), _next(True)
_TAKE = (
    update(TABLE)
    .where(TABLE.c.id.in_(bindparam("ids", expanding=True)), TABLE.c.state == "queued")
    .values(state="sending", attempts=TABLE.c.attempts + 1)
    .returning(TABLE)
)
_END_EXPIRED = (
    update(TABLE)
    .where(*_OF_BOT, TABLE.c.state == "sending", TABLE.c.lease_until < _NOW)
    .values(state="queued")
)
