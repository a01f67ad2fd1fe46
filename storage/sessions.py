"""Where a conversation is in one flow: the engine's own JSON, sealed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.prepared import run


class DialogSession(SQLModel, table=True):
    """Where a conversation is in one flow. The state is the engine's own JSON, sealed."""

    __tablename__ = "sessions"

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    flow: str = Field(max_length=64)
    state: bytes = Field(sa_type=SealedBytes)
    updated_at: datetime = Field(sa_type=UtcDateTime)


TABLE = DialogSession.__table__  # type: ignore[attr-defined]
_LOAD = select(TABLE.c.state, TABLE.c.updated_at).where(TABLE.c.conversation_id == bindparam("row"))
_DROP = delete(TABLE).where(TABLE.c.conversation_id == bindparam("row"))


def _keep(insert: Any) -> Any:
    made = insert(TABLE)
    news = {name: made.excluded[name] for name in ("flow", "state", "updated_at")}
    return made.on_conflict_do_update(index_elements=["conversation_id"], set_=news)


_KEEP = {
    name: _keep(insert)
    for name, insert in {"sqlite": sqlite.insert, "postgresql": postgresql.insert}.items()
}


def load(db: Session, conversation_id: str) -> tuple[dict[str, Any], datetime] | None:
    """The stored state of the dialog and when it was kept, or None."""
    row = run(db, _LOAD, {"row": conversation_id}).one_or_none()
    if row is None:
        return None
    vault: Vault = db.info["vault"]
    state = vault.open_text(row.state, "sessions", "state", conversation_id)
    loaded: dict[str, Any] = json.loads(state)
    return loaded, row.updated_at


def save(
    db: Session, conversation_id: str, flow: str, state: dict[str, Any], now: datetime
) -> None:
    """Keep the state of the dialog in place of the one before."""
    vault: Vault = db.info["vault"]
    text = json.dumps(state, separators=(",", ":"))  # ASCII: any string a client sent can be kept
    values = {
        "conversation_id": conversation_id,
        "flow": flow,
        "state": vault.seal(text, "sessions", "state", conversation_id),
        "updated_at": now,
    }
    run(db, _KEEP[db.get_bind().dialect.name], values)


def drop(db: Session, conversation_id: str) -> None:
    """The dialog is over."""
    run(db, _DROP, {"row": conversation_id})
