"""Files that a channel holds for us until we have fetched them: one row for each, with a lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, case, exists, func, select, update
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.media import Media


class Fetch(SQLModel, table=True):
    """A file to fetch; the row goes when the file is kept, or lost for good."""

    __tablename__ = "fetches"
    __table_args__ = (Index("ix_fetches_due", "channel", "account", "not_before"),)

    media_id: str = Field(primary_key=True, foreign_key="media.id", max_length=32)
    channel: str = Field(max_length=32)
    account: str = Field(max_length=64)
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)  # where it came
    source: bytes = Field(sa_type=SealedBytes)  # the channel's own name of the file
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


TABLE = Fetch.__table__  # type: ignore[attr-defined]
SMALL = 2 * 1024 * 1024  # bytes: a photo, not a film
_MEDIA = Media.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be fetched now. ``attempts`` counts the one that is about to begin."""

    media_id: str
    conversation_id: str
    kind: str
    source: str
    attempts: int


def add(
    db: Session,
    *,
    media_id: str,
    channel: str,
    account: str,
    conversation_id: str,
    source: str,
    now: datetime,
) -> None:
    """Order a file, in the transaction that wrote its row (``awaited``)."""
    vault: Vault = db.info["vault"]
    db.add(
        Fetch(
            media_id=media_id,
            channel=channel,
            account=account,
            conversation_id=conversation_id,
            source=vault.seal(source, "fetches", "source", media_id),
            not_before=now,
            created_at=now,
        )
    )
    db.flush()


def lease(
    db: Session,
    channel: str,
    account: str,
    owner: str,
    now: datetime,
    until: datetime,
    limit: int,
) -> list[Wanted]:
    """Take files that may be fetched now; the attempt is counted before it begins.

    Voices come first, small files before large, the oldest first among their like; of one
    conversation one file at a time, so that nobody's album holds up a voice.
    """
    ready = (TABLE.c.lease_until.is_(None)) | (TABLE.c.lease_until < now)
    due = (
        TABLE.c.channel == channel,
        TABLE.c.account == account,
        TABLE.c.not_before <= now,
        ready,
    )
    busy = TABLE.alias("busy")
    turn = (
        case((_MEDIA.c.kind == "voice", 0), (_MEDIA.c.size <= SMALL, 1), else_=2),
        TABLE.c.not_before,
        TABLE.c.media_id,
    )
    waits = (
        select(
            TABLE.c.media_id,
            *(each.label(f"turn{place}") for place, each in enumerate(turn)),
            func.row_number()
            .over(partition_by=TABLE.c.conversation_id, order_by=turn)
            .label("own"),
        )
        .join(_MEDIA, _MEDIA.c.id == TABLE.c.media_id)
        .where(
            *due,
            ~exists().where(
                busy.c.conversation_id == TABLE.c.conversation_id, busy.c.lease_until >= now
            ),
        )
        .subquery()
    )
    chosen = list(
        db.execute(
            select(TABLE.c.media_id)
            .join(waits, waits.c.media_id == TABLE.c.media_id)
            .where(waits.c.own == 1)
            .order_by(waits.c.turn0, waits.c.turn1, waits.c.turn2)
            .limit(limit)
            .with_for_update(skip_locked=True, of=TABLE)
        ).scalars()
    )
    if not chosen:
        return []
    rows = db.execute(
        update(TABLE)
        .where(TABLE.c.media_id.in_(chosen), *due)
        .values(lease_owner=owner, lease_until=until, attempts=TABLE.c.attempts + 1)
        .returning(TABLE)
    ).all()
    kinds = {
        row.id: row.kind
        for row in db.execute(select(_MEDIA.c.id, _MEDIA.c.kind).where(_MEDIA.c.id.in_(chosen)))
    }
    vault: Vault = db.info["vault"]
    wanted = [
        Wanted(
            row.media_id,
            row.conversation_id,
            kinds[row.media_id],
            vault.open_text(row.source, "fetches", "source", row.media_id),
            row.attempts,
        )
        for row in rows
    ]
    return sorted(wanted, key=lambda one: chosen.index(one.media_id))


def settle(
    db: Session,
    media_id: str,
    owner: str,
    *,
    not_before: datetime | None = None,
    counted: bool = True,
) -> bool:
    """An attempt ended; False when the lease was lost to somebody else.

    ``not_before``: it is tried again then; None: there is nothing to fetch any more. Not
    ``counted``: nobody could have fetched anything, the attempt was none.
    """
    mine = (TABLE.c.media_id == media_id, TABLE.c.lease_owner == owner)
    if not_before is None:
        done = db.execute(TABLE.delete().where(*mine))
    else:
        back = TABLE.c.attempts - (0 if counted else 1)
        done = db.execute(
            update(TABLE)
            .where(*mine)
            .values(lease_owner=None, lease_until=None, not_before=not_before, attempts=back)
        )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def waiting(db: Session, channel: str, account: str) -> int:
    """How many files of a bot are still to be fetched."""
    statement = (
        select(func.count())
        .select_from(TABLE)
        .where(TABLE.c.channel == channel, TABLE.c.account == account)
    )
    return int(db.execute(statement).scalar_one())
