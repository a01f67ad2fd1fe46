"""People who ask, are helped or relay: sealed, and found again by keyed hashes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, insert, select, update
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.ids import uuid7


class Person(SQLModel, table=True):
    """A person; every word about them is in one sealed body."""

    __tablename__ = "people"

    id: str = Field(primary_key=True, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    body: bytes = Field(sa_type=SealedBytes)


class PersonKey(SQLModel, table=True):
    """A keyed hash by which a person can be found again (design §8)."""

    __tablename__ = "person_keys"
    __table_args__ = (Index("ix_person_keys", "kind", "hmac"),)

    id: str = Field(primary_key=True, max_length=32)
    person_id: str = Field(foreign_key="people.id", max_length=32)
    kind: str = Field(max_length=16)  # phone | name | birth_year | place
    hmac: str = Field(max_length=64)


TABLE = Person.__table__  # type: ignore[attr-defined]
KEYS = PersonKey.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person; empty means unknown."""

    name: str = ""
    phone: str = ""
    address: str = ""
    age: str = ""


def add(db: Session, details: Details, now: datetime) -> str:
    """Keep a new person."""
    row_id = uuid7()
    db.execute(insert(TABLE).values(id=row_id, created_at=now, body=_seal(db, row_id, details)))
    _index(db, row_id, details)
    return row_id


def change(db: Session, person_id: str, details: Details) -> None:
    """Keep what is known now in place of what was known before."""
    db.execute(
        update(TABLE).where(TABLE.c.id == person_id).values(body=_seal(db, person_id, details))
    )
    db.execute(KEYS.delete().where(KEYS.c.person_id == person_id))
    _index(db, person_id, details)


def details_of(db: Session, ids: set[str]) -> dict[str, Details]:
    """What is known of each of these people."""
    if not ids:
        return {}
    vault: Vault = db.info["vault"]
    rows = db.execute(select(TABLE).where(TABLE.c.id.in_(ids)))
    return {
        row.id: Details(**json.loads(vault.open_text(row.body, "people", "body", row.id)))
        for row in rows
    }


def find(db: Session, kind: str, value: str) -> list[str]:
    """The ids of people with this key."""
    vault: Vault = db.info["vault"]
    statement = select(KEYS.c.person_id).where(
        KEYS.c.kind == kind, KEYS.c.hmac == vault.index(kind, value)
    )
    return list(db.execute(statement).scalars())


def _seal(db: Session, row_id: str, details: Details) -> bytes:
    vault: Vault = db.info["vault"]
    body = {
        "name": details.name,
        "phone": details.phone,
        "address": details.address,
        "age": details.age,
    }
    return vault.seal(json.dumps(body), "people", "body", row_id)


def _index(db: Session, person_id: str, details: Details) -> None:
    vault: Vault = db.info["vault"]
    keys = {"phone": details.phone, "name": details.name}
    rows = [
        {"id": uuid7(), "person_id": person_id, "kind": kind, "hmac": vault.index(kind, value)}
        for kind, value in keys.items()
        if value
    ]
    if rows:
        db.execute(insert(KEYS), rows)
