"""Chats of staff: who of the staff speaks there, and which case is spoken of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime


class StaffChat(SQLModel, table=True):
    """A staff member's chat with the staff bot, or a group of staff (``staff_id`` is None)."""

    __tablename__ = "staff_chats"
    __table_args__ = (
        Index("ix_staff_chats_actor", "account", "actor"),
        Index("ix_staff_chats_staff", "staff_id"),
    )

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    account: str = Field(max_length=64)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", max_length=32)
    actor: str | None = Field(default=None, max_length=64)  # keyed hash of the person's own id
    linked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    focus_case_id: str | None = Field(default=None, max_length=32)
    focus_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    question: str | None = Field(default=None, max_length=16)  # what their next words are
    question_case_id: str | None = Field(default=None, max_length=32)
    question_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ShownCase(SQLModel, table=True):
    """Up to which line a chat of staff has been given a case's talk."""

    __tablename__ = "staff_chat_cases"

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    case_id: str = Field(primary_key=True, foreign_key="cases.id", max_length=32)
    shown_seq: int = 0
