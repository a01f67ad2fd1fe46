"""What open staff pages are told, as the event stream sends it."""

from __future__ import annotations

from typing import Any

from handlers.ports import Viewer
from handlers.supervisors.assign import audiences
from storage import notices
from storage.database import Db


def notices_after(db: Db, viewer: Viewer, seq: int, limit: int = 200) -> list[dict[str, Any]]:
    """Notices for this viewer after ``seq``, in commit order."""
    return [_as_json(viewer, row) for row in notices.after(db, seq, audiences(viewer), limit)]


def ringing(db: Db, viewer: Viewer) -> list[dict[str, Any]]:
    """Rings and pushes that nobody acknowledged: what a page that opens now has to show."""
    rows = notices.ringing(db, audiences(viewer))
    return [_as_json(viewer, row) for row in rows if not _is_own(viewer, row)]


def last_notice(db: Db) -> int:
    """Where the feed stands."""
    return notices.last_seq(db)


def _as_json(viewer: Viewer, row: notices.Notice) -> dict[str, Any]:
    """Nobody is asked for what they asked of others: to them it is a change like any other."""
    if _is_own(viewer, row):
        return {"seq": row.seq, "kind": "case", "case_id": row.case_id}
    return {"seq": row.seq, "kind": row.kind, "case_id": row.case_id, **row.data}


def _is_own(viewer: Viewer, row: notices.Notice) -> bool:
    return row.data.get("by") == viewer.id
