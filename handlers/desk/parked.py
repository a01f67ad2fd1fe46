"""Updates that the house could not handle: for the eyes of those who may read their case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.advisors.desk_case import can_read
from handlers.ports import Viewer
from storage import audit, cases, inbox
from storage.cases import Case
from storage.database import Db
from storage.inbox import Stored


@dataclass(frozen=True, slots=True)
class Parked:
    """An update that the house could not handle, in its own words, and where it is answered."""

    id: str
    at: str
    text: str
    case_id: str | None
    number: int | None


def parked(db: Db, viewer: Viewer, now: datetime) -> list[Parked]:
    """Updates for human eyes, oldest first; that they were shown is kept (design §8)."""
    shown = readable_parked(db, viewer)
    if shown:
        ids = list(dict.fromkeys(case.id for _, case in shown if case))
        audit.record(db, viewer.id, "parked", now, rows=[row.id for row, _ in shown], cases=ids)
    return [
        Parked(
            row.id,
            row.received_at.isoformat(),
            str(row.body.get("text", "")),
            case.id if case else None,
            case.number if case else None,
        )
        for row, case in shown
    ]


def readable_parked(db: Db, viewer: Viewer) -> list[tuple[Stored, Case | None]]:
    """What waits there for this viewer, each with the case that it belongs to."""
    rows = inbox.parked(db)
    last = cases.last_of(db, {row.conversation_id for row in rows})
    found = [(row, last.get(row.conversation_id)) for row in rows]
    return [(row, case) for row, case in found if case is None or can_read(viewer, case)]
