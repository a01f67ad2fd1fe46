"""The first staff: one-time links for a first advisor and a first supervisor, while unused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from handlers import staff as use_cases
from handlers.ports import House
from handlers.staff_links import new_link
from storage import staff
from storage.database import Db
from storage.house import House as HouseRow


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link, for the eyes of the one who starts the house."""

    role: str
    token: str


def first_links(
    db: Db, names: dict[str, str], titles: dict[str, str], now: datetime, house: House
) -> list[Link]:
    """Links for the first advisor and the first supervisor.

    Made at the first start; at a later one anew (the old ones end) while nobody has used them.
    Nothing as soon as staff were added by other ways and have come in.
    """
    db.get(HouseRow, 1, with_for_update=True)  # two processes that start at once make one pair
    there = staff.everyone(db)
    if not there:
        unit = house.office.units[0]
        return [
            Link(role, use_cases.invite(db, names[role], role, unit, titles[role], now, house))
            for role in ("advisor", "supervisor")
        ]
    links = []
    for role in ("advisor", "supervisor"):
        mine = [row for row in there if row.role == role]
        if any(row.password_hash for row in mine):
            continue
        waiting = next((row for row in mine if row.name == names[role]), None)
        if waiting is not None:
            db.execute(
                update(staff.StaffLink)
                .where(
                    col(staff.StaffLink.staff_id) == waiting.id,
                    col(staff.StaffLink.used_at).is_(None),
                )
                .values(expires_at=now)
            )
            links.append(Link(role, new_link(db, waiting.id, now, house)))
    return links
