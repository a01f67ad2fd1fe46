"""What a chat of a pushing channel was shown: the lines that the channel has taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session

from storage.outbox import Outbox
from storage.prepared import run

TABLE = Outbox.__table__  # type: ignore[attr-defined]
_MOST = 500
_AFTER = (
    select(TABLE.c.seq, TABLE.c.state, TABLE.c.sent_at)
    .where(
        TABLE.c.conversation_id == bindparam("talk"),
        TABLE.c.seq > bindparam("after", type_=Integer),
    )
    .order_by(TABLE.c.seq)
    .limit(_MOST)
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of the line ``seq``; ``at``: since when the chat shows it."""

    seq: int
    state: str
    at: datetime | None


def after(db: Session, conversation_id: str, seq: int) -> list[Shown]:
    """The lines with a greater ``seq`` that were to be sent, in order (at most 500)."""
    rows = run(db, _AFTER, {"talk": conversation_id, "after": seq})
    return [Shown(row.seq, row.state, row.sent_at) for row in rows]
