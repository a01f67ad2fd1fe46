"""Internal notes of a case; residents never see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, insert, select
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7


class CaseNote(SQLModel, table=True):
    """An advisor's internal note; the resident never sees it."""

    __tablename__ = "case_notes"
    __table_args__ = (Index("ix_case_notes", "case_id"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="cases.id", max_length=32)
    client_id: str = Field(max_length=128)
    staff_id: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    body: bytes = Field(sa_type=SealedBytes)


TABLE = CaseNote.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note, opened."""

    staff_id: str
    at: datetime
    text: str


def add(db: Session, case_id: str, client_id: str, staff_id: str, text: str, now: datetime) -> bool:
    """Keep an internal note; the same client id again makes no second one (False)."""
    existing = db.execute(
        select(TABLE.c.id).where(TABLE.c.case_id == case_id, TABLE.c.client_id == client_id)
    ).first()
    if existing is not None:
        return False
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    db.execute(
        insert(TABLE).values(
            id=row_id,
            case_id=case_id,
            client_id=client_id,
            staff_id=staff_id,
            at=now,
            body=vault.seal(json.dumps(text), "case_notes", "body", row_id),
        )
    )
    return True


def of_case(db: Session, case_id: str) -> list[Note]:
    """The internal notes, oldest first."""
    vault: Vault = db.info["vault"]
    rows = db.execute(select(TABLE).where(TABLE.c.case_id == case_id).order_by(TABLE.c.at))
    return [
        Note(
            row.staff_id,
            row.at,
            json.loads(vault.open_text(row.body, "case_notes", "body", row.id)),
        )
        for row in rows
    ]
