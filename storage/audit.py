"""Which staff member saw or did what: append-only, in codes and ids, never in words (design §8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, insert, select
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import Json, UtcDateTime
from storage.ids import uuid7


class Audit(SQLModel, table=True):
    """One act of one staff member."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_case", "case_id"), Index("ix_audit_staff", "staff_id", "at"))

    id: str = Field(primary_key=True, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    staff_id: str | None = Field(default=None, max_length=32)
    act: str = Field(max_length=32)
    case_id: str | None = Field(default=None, max_length=32)
    data: dict[str, Any] = Field(sa_type=Json, default_factory=dict)


TABLE = Audit.__table__  # type: ignore[attr-defined]


def record(
    db: Session,
    staff_id: str | None,
    act: str,
    now: datetime,
    case_id: str | None = None,
    **data: Any,
) -> None:
    """Keep that somebody did or saw something."""
    db.execute(
        insert(TABLE).values(
            id=uuid7(), at=now, staff_id=staff_id, act=act, case_id=case_id, data=data
        )
    )


def did(db: Session, staff_id: str, act: str) -> bool:
    """Whether a staff member ever did this."""
    wanted = col(Audit.staff_id) == staff_id, col(Audit.act) == act
    return db.execute(select(col(Audit.id)).where(*wanted).limit(1)).first() is not None


def of_case(db: Session, case_id: str) -> list[Audit]:
    """Who saw or did what with a case, oldest first."""
    statement = select(Audit).where(col(Audit.case_id) == case_id).order_by(col(Audit.at))
    return list(db.execute(statement).scalars())
