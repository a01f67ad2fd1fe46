"""Statements that every message needs, put together once and run beside the ORM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlmodel import Session


def run(
    db: Session, statement: Executable, params: Mapping[str, Any] | None = None
) -> CursorResult[Any]:
    """Execute a prepared statement on the transaction's connection.

    Putting a statement together costs more than running it (0.10 ms against 0.02 ms on SQLite),
    and the ORM would flush before each. So nothing run here may depend on attributes that were
    set on objects of ``db`` and are not written yet.
    """
    return db.connection().execute(statement, params)
