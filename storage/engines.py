"""Engines for the two databases, set up so that a commit is durable and a transaction is one.

Each database has two: one that writes, one that only reads.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

SQLITE_BUSY_MS = 10_000
POSTGRES_LOCK_MS = 10_000

_SQLITE_EVERY = (
    f"PRAGMA busy_timeout={SQLITE_BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # in WAL mode NORMAL may lose the last commits on a power cut
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",  # 16 MB
    "PRAGMA journal_size_limit=67108864",
)


def normalise(url: str | URL) -> URL:
    """The URL with the driver we use. Raises ValueError for a database we do not support."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise ValueError("SQLite needs a file: write sqlite:///path/to/nuanxin.db")
        return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError(f"{backend} is not supported: use sqlite:///… or postgresql://…")


def is_sqlite(url: str | URL) -> bool:
    """Is it the embedded database?"""
    return normalise(url).get_backend_name() == "sqlite"


def sqlite_path(url: str | URL) -> Path:
    """The file of a SQLite URL."""
    return Path(str(normalise(url).database))


def write_engine(url: str | URL, size: int) -> Engine:
    """The engine that writes, with `size` connections."""
    parsed = normalise(url)
    if is_sqlite(parsed):
        return _sqlite(parsed, size, begin="BEGIN IMMEDIATE", extra=("PRAGMA foreign_keys=ON",))
    return _postgres(parsed, size, isolation="READ COMMITTED", read_only=False)


def read_engine(url: str | URL, size: int) -> Engine:
    """The engine that only reads. One read function sees one moment on both databases."""
    parsed = normalise(url)
    if is_sqlite(parsed):
        return _sqlite(parsed, size, begin="BEGIN", extra=("PRAGMA query_only=ON",))
    return _postgres(parsed, size, isolation="REPEATABLE READ", read_only=True)


def migration_engine(url: str | URL) -> Engine:
    """The engine of `db upgrade`: one connection, waits long for its lock.

    On SQLite foreign keys are off, because rebuilding a table drops the old one, which would
    delete what refers to it; migrate.py checks them before it commits.
    """
    parsed = normalise(url)
    if is_sqlite(parsed):
        sqlite_path(parsed).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        extra = ("PRAGMA busy_timeout=120000", "PRAGMA foreign_keys=OFF")
        return _sqlite(parsed, 0, begin="BEGIN EXCLUSIVE", extra=extra)
    return create_engine(parsed, poolclass=NullPool, hide_parameters=True)


def _sqlite(url: URL, size: int, *, begin: str, extra: tuple[str, ...]) -> Engine:
    pool: dict[str, Any] = {"poolclass": NullPool}
    if size:
        pool = {"pool_size": size, "max_overflow": 0, "pool_timeout": 30}
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "factory": _PrivateFile},
        hide_parameters=True,
        **pool,
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        # The stock mode opens no transaction for a SELECT and commits around DDL.
        connection.isolation_level = None
        for pragma in (*_SQLITE_EVERY, *extra):
            _set(connection, pragma)

    def _begin(connection: Any) -> None:
        connection.execute(begin).close()

    # not by an event: who listens to one engine event is looked for at every statement
    engine.dialect.do_begin = _begin  # type: ignore[assignment, method-assign]
    return engine


class _PrivateFile(sqlite3.Connection):
    """A connection to a file that nobody else on this machine may open."""

    def __init__(self, path: str, *args: Any, **options: Any) -> None:
        _make_private(Path(path))
        super().__init__(path, *args, **options)


def _make_private(path: Path) -> None:
    """Nobody else on this machine reads the file: its words are sealed, but who wrote when is not.

    SQLite gives the files beside it (-wal, -shm) its own mode.
    """
    with contextlib.suppress(FileExistsError, FileNotFoundError):  # no folder: SQLite says so
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        with contextlib.suppress(OSError):  # not there, or somebody else's
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    """Set a pragma, again while the file is locked.

    To change the journal's mode SQLite asks for the file at once and does not wait as for other
    statements: two processes that start together on a new file would meet there.
    """
    until = time.monotonic() + SQLITE_BUSY_MS / 1000
    while True:
        try:
            connection.execute(pragma).close()
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _postgres(url: URL, size: int, *, isolation: str, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=30,
        isolation_level=isolation,
        connect_args={
            "application_name": "nuanxin",
            "connect_timeout": 10,
            "keepalives_idle": 30,
            "options": f"-c lock_timeout={POSTGRES_LOCK_MS} -c timezone=UTC"
            " -c idle_in_transaction_session_timeout=60000",
        },
    )
    if read_only:

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, record: Any) -> None:
            connection.read_only = True

    return engine
