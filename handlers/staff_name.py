"""What a staff member is called: residents read it under every answer."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from handlers.ports import Refused, Viewer
from storage import audit, notices, staff
from storage.database import Db, wake

_LONGEST = 64


def is_name(text: str) -> bool:
    """Whether somebody can be called so: a number alone is taken for one that is to be called."""
    return 0 < len(text) <= _LONGEST and text.isprintable() and any(map(str.isalpha, text))


def new_name(db: Db, staff_id: str, text: str) -> str:
    """What somebody wants to be called.

    Raises:
        Refused: nobody can be called so, or a colleague is: residents and colleagues go by it.
    """
    name = text.strip()
    if not is_name(name):
        raise Refused("bad_name", 400)
    if any(_alike(one.name) == _alike(name) for one in staff.everyone(db) if one.id != staff_id):
        raise Refused("name_taken")
    return name


def _alike(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def rename(db: Db, viewer: Viewer, name: str, now: datetime) -> str:
    """Be called so from now on; the name as it stands.

    Raises:
        Refused: as in ``new_name``.
    """
    person = staff.get(db, viewer.id)
    if person is None:
        raise Refused("bad_name", 400)
    person.name = name = new_name(db, person.id, name)
    audit.record(db, viewer.id, "renamed", now)
    notices.post(db, "all", "queue", now, staff_id=viewer.id)
    wake(db, "notices")
    return name
