"""What a staff member is called: residents read it under every answer."""

from __future__ import annotations

from datetime import datetime

from handlers.ports import Refused, Viewer
from storage import audit, notices, staff
from storage.database import Db, wake

_LONGEST = 64


def is_name(text: str) -> bool:
    """Whether somebody can be called so."""
    return 0 < len(text) <= _LONGEST and text.isprintable()


def rename(db: Db, viewer: Viewer, name: str, now: datetime) -> str:
    """Be called so from now on; the name as it stands.

    Raises:
        Refused: nobody can be called so.
    """
    person, name = staff.get(db, viewer.id), name.strip()
    if person is None or not is_name(name):
        raise Refused("bad_name", 400)
    person.name = name
    audit.record(db, viewer.id, "renamed", now)
    notices.post(db, "all", "queue", now, staff_id=viewer.id)
    wake(db, "notices")
    return name
