"""READY: every table of the house, so that migrations and tests see them all."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from storage import (
    audit,
    case_notes,
    case_slots,
    cases,
    conversations,
    due,
    entries,
    house,
    inbox,
    media,
    notices,
    outbox,
    people,
    sessions,
    staff,
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
    staff,
    audit,
)
METADATA: MetaData = SQLModel.metadata
COUNTERS = ("case", "notice")  # rows that the first migration makes, with value 0
