"""What open staff pages are told, as the event stream sends it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handlers.ports import Viewer
from handlers.supervisors.assign import audiences
from storage import notices
from storage.database import Db


def notices_after(db: Db, viewer: Viewer, seq: int, limit: int = 200) -> list[dict[str, Any]]:
    """Notices for this viewer after ``seq``, in commit order."""
    return _for(viewer, notices.after(db, seq, audiences(viewer), limit))


def ringing(db: Db, viewer: Viewer) -> list[dict[str, Any]]:
    """Rings and pushes that nobody acknowledged: what a page that opens now has to show."""
    return _for(viewer, notices.ringing(db, audiences(viewer)))


def last_notice(db: Db) -> int:
    """Where the feed stands."""
    return notices.last_seq(db)


def _for(viewer: Viewer, rows: Iterable[notices.Notice]) -> list[dict[str, Any]]:
    """Nobody is asked for what they asked of others."""
    return [
        {"seq": row.seq, "kind": row.kind, "case_id": row.case_id, **row.data}
        for row in rows
        if row.data.get("by") != viewer.id
    ]
