"""Which message of a channel shows what of ours: for replies, for edits and for cards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime


class SentMessage(SQLModel, table=True):
    """A message as the channel knows it.

    ``kind``: ``line`` an entry (``seq``) of this very conversation; in a chat of staff ``card``
    (a case), ``push`` (``seq`` is the notice), ``talk`` (a line, ``seq``, of the case's own
    conversation) and ``mark`` (what became of the answer ``seq``; ``failed`` once that was told);
    ``said`` and ``note`` are a staff member's own messages. ``stale_since``: it is to be laid out
    anew, and a parcel that does so waits.
    """

    __tablename__ = "sent_messages"
    __table_args__ = (Index("ix_sent_case", "case_id", "kind"),)

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    external_id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=8)
    seq: int | None = None
    case_id: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    stale_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
