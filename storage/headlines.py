"""Which lines may stand for a case in a list."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, tuple_
from sqlmodel import Session

from storage.entries import SAID_BY_THEM, TABLE, Line, line_of


def leading_lines(
    db: Session, leads: Mapping[str, int | None], most: int = 4
) -> dict[str, list[Line]]:
    """For each case the lines that may stand for it: its ``seq``, or the first ``most`` it has."""
    if not leads:
        return {}
    place = func.row_number().over(partition_by=TABLE.c.case_id, order_by=TABLE.c.seq)
    firsts = (
        select(TABLE.c.id, TABLE.c.case_id, TABLE.c.seq, place.label("place"))
        .where(TABLE.c.case_id.in_(leads), *SAID_BY_THEM)
        .subquery()
    )
    rows = db.execute(select(firsts).where(firsts.c.place <= most)).all()
    named = [(case_id, seq) for case_id, seq in leads.items() if seq]
    ids = [row.id for row in rows if not leads[row.case_id]]
    wanted = TABLE.c.id.in_(ids) | tuple_(TABLE.c.case_id, TABLE.c.seq).in_(named)
    found: dict[str, list[Line]] = {}
    for row in db.execute(select(TABLE).where(wanted).order_by(TABLE.c.seq)):
        found.setdefault(row.case_id, []).append(line_of(db, row))
    return found
