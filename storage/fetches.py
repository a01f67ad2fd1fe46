"""Files that a channel holds for us until we have fetched them: one row for each, with a lease."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import SealedBytes, UtcDateTime


class Fetch(SQLModel, table=True):
    """A file to fetch; the row goes when the file is kept, or lost for good."""

    __tablename__ = "fetches"
    __table_args__ = (Index("ix_fetches_due", "channel", "not_before"),)

    media_id: str = Field(primary_key=True, foreign_key="media.id", max_length=32)
    channel: str = Field(max_length=32)
    account: str = Field(max_length=64)
    source: bytes = Field(sa_type=SealedBytes)  # the channel's own name of the file
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
