"""READY: every table of the house, so that migrations and tests see them all."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from storage import (
    audit,
    bots,
    case_notes,
    case_slots,
    cases,
    conversations,
    due,
    entries,
    fetches,
    house,
    inbox,
    media,
    notices,
    outbox,
    people,
    sent,
    sessions,
    staff,
    staff_chats,
)

__all__ = ["COUNTERS", "METADATA", "MODULES"]

MODULES = (
    house,
    inbox,
    conversations,
    sessions,
    entries,
    people,
    cases,
    case_slots,
    case_notes,
    due,
    notices,
    outbox,
    media,
    fetches,
    staff,
    staff_chats,
    sent,
    bots,
    audit,
)
METADATA: MetaData = SQLModel.metadata
# rows that the migrations make, with value 0; staff_feed: the last notice told to staff chats
COUNTERS = ("case", "notice", "staff_feed")
