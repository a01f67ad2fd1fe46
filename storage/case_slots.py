"""What is known of a case, as it was said; a corrected answer stays beside the new one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, insert, select, update
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7


class CaseSlot(SQLModel, table=True):
    """An answer as it was given; a corrected one stays beside the new."""

    __tablename__ = "case_slots"
    __table_args__ = (Index("ix_case_slots", "case_id"),)

    id: str = Field(primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="cases.id", max_length=32)
    key: str = Field(max_length=64)
    source: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    body: bytes = Field(sa_type=SealedBytes)


TABLE = CaseSlot.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to keep: the machine's value, the person's words, and where it comes from."""

    key: str
    value: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class SlotLine:
    """An answer, opened: the machine's value and the person's words."""

    key: str
    value: str
    words: str
    source: str
    at: datetime
    replaced_at: datetime | None


def put(
    db: Session,
    case_id: str,
    given: Sequence[Said],
    now: datetime,
    replaced: Sequence[Said] = (),
) -> None:
    """Keep answers; one of the same key with other content becomes the struck-out one.

    ``replaced`` were corrected before they came here: they are kept struck out, once.
    """
    known = of_case(db, case_id)
    for old in replaced:
        if not any((line.key, line.value) == (old.key, old.value) for line in known):
            _add(db, case_id, old, now, now)
    current = {line.key: line for line in known if line.replaced_at is None}
    for said in given:
        before = current.get(said.key)
        if before is not None and (before.value, before.words) == (said.value, said.words):
            continue
        if before is not None:
            db.execute(
                update(TABLE)
                .where(
                    TABLE.c.case_id == case_id,
                    TABLE.c.key == said.key,
                    TABLE.c.replaced_at.is_(None),
                )
                .values(replaced_at=now)
            )
        _add(db, case_id, said, now, None)


def _add(
    db: Session, case_id: str, said: Said, now: datetime, replaced_at: datetime | None
) -> None:
    vault: Vault = db.info["vault"]
    row_id = uuid7()
    body = json.dumps({"value": said.value, "words": said.words})
    db.execute(
        insert(TABLE).values(
            id=row_id,
            case_id=case_id,
            key=said.key,
            source=said.source,
            at=now,
            replaced_at=replaced_at,
            body=vault.seal(body, "case_slots", "body", row_id),
        )
    )


def of_case(db: Session, case_id: str) -> list[SlotLine]:
    """Every answer of a case, in the order given, corrected ones included."""
    vault: Vault = db.info["vault"]
    rows = db.execute(
        select(TABLE).where(TABLE.c.case_id == case_id).order_by(TABLE.c.at, TABLE.c.id)
    )
    lines = []
    for row in rows:
        body = json.loads(vault.open_text(row.body, "case_slots", "body", row.id))
        lines.append(
            SlotLine(row.key, body["value"], body["words"], row.source, row.at, row.replaced_at)
        )
    return lines
