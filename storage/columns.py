"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage.crypto import is_sealed


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always returned aware.

    SQLite keeps no zone and returns naive values, PostgreSQL returns the session's zone; both
    come back as UTC. Binding a naive datetime raises ValueError: its zone would be a guess.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive, convert to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}; give it its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """Plain JSON (dict, list, str, number, bool) as compact text on both databases.

    None is SQL NULL. A value is written when the attribute is set, not when the object inside
    it is changed: replace it whole. Raises TypeError or ValueError for what JSON cannot say.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Compact JSON; Chinese stays readable."""
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        try:
            text.encode()
        except UnicodeEncodeError:  # half a surrogate pair: no UTF-8, but JSON can escape it
            text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        return text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """What was stored."""
        return None if value is None else json.loads(value)


class SealedBytes(TypeDecorator[bytes]):
    """What Vault.seal returned. Anything else raises ValueError, so no plain text slips in."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Only sealed bytes pass."""
        if value is not None and not is_sealed(value):
            raise ValueError("this column takes only what Vault.seal returned")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Plain bytes, whatever the driver gave."""
        return None if value is None else bytes(value)
