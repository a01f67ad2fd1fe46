"""Voice notes, photos and documents: sealed files in the data folder, and a row each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, func, select
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault


class Media(SQLModel, table=True):
    """A file. It is synced before its row says ``kept`` (design §8).

    ``awaited``: the channel has it and we are still to fetch it (storage/fetches.py); ``lost``: it
    could not be had, and a person has to ask for it again.
    """

    __tablename__ = "media"
    __table_args__ = (Index("ix_media_conversation", "conversation_id"),)

    id: str = Field(primary_key=True, max_length=32)
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)
    kind: str = Field(max_length=8)  # voice | photo | document
    mime: str = Field(max_length=64)
    size: int
    seconds: float | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    heard_by: str | None = Field(default=None, max_length=32)
    state: str = Field(default="kept", max_length=8)  # kept | awaited | lost
    name: bytes | None = Field(default=None, sa_type=SealedBytes)  # the file's own name


def add(
    db: Session,
    *,
    media_id: str,
    conversation_id: str,
    kind: str,
    mime: str,
    size: int,
    seconds: float | None,
    name: str | None,
    now: datetime,
    state: str = "kept",
) -> None:
    """Write a file's row. ``kept``: the file is on the disk already."""
    vault: Vault = db.info["vault"]
    db.add(
        Media(
            id=media_id,
            conversation_id=conversation_id,
            kind=kind,
            mime=mime[:64],
            size=size,
            seconds=seconds,
            created_at=now,
            state=state,
            name=vault.seal(name, "media", "name", media_id) if name else None,
        )
    )
    db.flush()


def name_of(db: Session, row: Media) -> str | None:
    """The name that the file had where it came from."""
    if row.name is None:
        return None
    vault: Vault = db.info["vault"]
    return vault.open_text(row.name, "media", "name", row.id)


def rename(db: Session, row: Media, name: str) -> None:
    """The file is called so from now on."""
    vault: Vault = db.info["vault"]
    row.name = vault.seal(name, "media", "name", row.id)


def get(db: Session, media_id: str, *, lock: bool = False) -> Media | None:
    """A kept file's row."""
    statement = select(Media).where(col(Media.id) == media_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.execute(statement).scalar_one_or_none()


def of_ids(db: Session, ids: set[str]) -> dict[str, Media]:
    """Rows by their ids."""
    if not ids:
        return {}
    rows = db.execute(select(Media).where(col(Media.id).in_(ids))).scalars()
    return {row.id: row for row in rows}


def unheard(db: Session, conversation_ids: set[str]) -> set[str]:
    """Which of these conversations have a voice note that nobody heard."""
    if not conversation_ids:
        return set()
    statement = select(col(Media.conversation_id)).where(
        col(Media.conversation_id).in_(conversation_ids),
        col(Media.kind) == "voice",
        col(Media.heard_at).is_(None),
    )
    return set(db.execute(statement).scalars())


def count_since(db: Session, conversation_id: str, moment: datetime) -> int:
    """How many files came in a conversation since a moment."""
    statement = (
        select(func.count())
        .select_from(Media)
        .where(col(Media.conversation_id) == conversation_id, col(Media.created_at) > moment)
    )
    return int(db.execute(statement).scalar_one())


def came_since(db: Session, conversation_id: str, moment: datetime) -> tuple[int, int]:
    """How many files came in a conversation since a moment, and their bytes."""
    statement = select(func.count(), func.coalesce(func.sum(col(Media.size)), 0)).where(
        col(Media.conversation_id) == conversation_id, col(Media.created_at) > moment
    )
    number, size = db.execute(statement).one()
    return int(number), int(size)


def all_ids(db: Session) -> set[str]:
    """Every kept file, for sweeping those without a row."""
    return set(db.execute(select(col(Media.id))).scalars())
