"""What can go wrong with the database, in words a caller can act on."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

# https://www.sqlite.org/rescode.html, the primary code is the low byte
_BUSY, _LOCKED, _READONLY, _FULL = 5, 6, 8, 13
_SQLITE_GONE = frozenset({_READONLY, 10, 11, 14, 26})  # READONLY, IOERR, CORRUPT, CANTOPEN, NOTADB
_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT = "40P01", "40001", "55P03"
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PG_FULL = frozenset({"53100"})
_PG_BUSY = frozenset({_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT, "53200", "53300", "53400"})
_PG_GONE = ("08", "57P", "58")


class StorageError(Exception):
    """The database did not do it. Unless it is a CommitUnknown, nothing of it was done."""


class StorageFull(StorageError):
    """The disk is full. A client should come back later (503)."""


class StorageBusy(StorageError):
    """Locked, or too much waits already. A client should come back soon (503)."""


class StorageUnavailable(StorageError):
    """The file or the server cannot be used: gone, unreadable, damaged."""


class StorageClosed(StorageError):
    """The house is shutting down."""


class CommitUnknown(StorageError):
    """The connection or the disk failed during COMMIT: it may be done or not. Look before
    doing it again."""


def sqlite_code(error: BaseException | None) -> int:
    """The primary SQLite result code of a (wrapped) driver error, 0 if there is none."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        return int(getattr(origin, "sqlite_errorcode", 0) or 0) & 0xFF
    return 0


def sqlstate(error: BaseException | None) -> str:
    """The five-letter PostgreSQL code of a (wrapped) driver error, '' if there is none."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(origin, "sqlstate", None) or "")


def is_lost(error: BaseException) -> bool:
    """Has the connection to the server gone?"""
    if not isinstance(error, DBAPIError) or sqlite_code(error):
        return False
    state = sqlstate(error)
    if state:
        return state.startswith(("08", "57P"))
    return bool(error.connection_invalidated) or type(error.orig).__name__ == "OperationalError"


def is_forbidden(error: BaseException) -> bool:
    """On a reading connection: a mistake of ours, a read function that writes."""
    return sqlite_code(error) == _READONLY


def is_conflict(error: BaseException) -> bool:
    """Did it lose against another transaction, so that doing it again alone may succeed?"""
    return sqlstate(error) in (_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT)


def translate(error: BaseException) -> BaseException:
    """A driver's error as one of ours where the caller can act on it; others unchanged.

    IntegrityError and programming errors stay what they are.
    """
    code, state = sqlite_code(error), sqlstate(error)
    kind: type[StorageError] | None = None
    if code == _FULL or state in _PG_FULL:
        kind = StorageFull
    elif code in (_BUSY, _LOCKED) or state in _PG_BUSY:
        kind = StorageBusy
    elif code in _SQLITE_GONE or is_lost(error) or state.startswith(_PG_GONE):
        kind = StorageUnavailable
    if kind is None:
        return error
    told = kind(str(error.orig) if isinstance(error, DBAPIError) else str(error))
    told.__cause__ = error
    return told
