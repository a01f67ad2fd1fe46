"""Bringing the tables up to date: `nuanxin db upgrade`, and every start.

Revisions are files `migrations/versions/NNNN_name.py`, one after the other, and the revision is
called NNNN. So a normal start compares two strings and does not import alembic (0.5 s, 39 MB).
There is no way down: an upgrade that fails undoes itself, and later there is the backup.

    python -m storage.migrate "what changes"     writes the next revision from the models
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from storage import engines, errors
from storage.crypto import Vault

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
# Any number will do, as long as nobody else uses it in this database.
_PG_LOCK = 0x6E75616E78696E


class SchemaNewer(Exception):
    """The database was made by a newer Nuanxin; this one must not touch it."""


class MigrationFailed(Exception):
    """An upgrade did not work; nothing of it was kept."""


def revisions() -> list[str]:
    """Every revision this code knows, oldest first."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """The newest revision this code knows."""
    return revisions()[-1]


def current(url: str) -> str | None:
    """The revision the database has, None for an empty one. Does not import alembic.

    Raises StorageUnavailable when there is no way to the database.
    """
    if engines.is_sqlite(url) and not engines.sqlite_path(url).exists():
        return None
    engine = engines.read_engine(url, 1)
    try:
        with engine.connect() as connection:
            return _stored(connection)
    except DBAPIError as error:
        raise errors.translate(error) from error
    finally:
        engine.dispose()


def upgrade(url: str, vault: Vault | None = None, *, to: str | None = None) -> bool:
    """Bring the tables to the newest revision (or `to`); True when something changed.

    Safe when several processes start at once: they wait for each other. All of it is one
    transaction. `vault` is for revisions that move sealed data. Raises SchemaNewer,
    MigrationFailed, StorageUnavailable, StorageBusy.
    """
    target = to or head()
    if _settled(current(url), target):
        return False
    engine = engines.migration_engine(url)
    try:
        return _upgrade(engine, target, vault)
    except DBAPIError as error:
        told = errors.translate(error)
        if told is not error:
            raise told from error
        raise MigrationFailed(f"upgrade to {target} failed and was undone: {error}") from error
    finally:
        engine.dispose()


def config(connection: Connection | None = None, vault: Vault | None = None) -> Config:
    """Alembic's configuration, made here: there is no alembic.ini."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    made.attributes["vault"] = vault
    return made


def write_revision(message: str) -> Path:
    """Write the next revision from the difference between the models and an upgraded database."""
    from alembic import command

    known = revisions()
    with tempfile.TemporaryDirectory() as folder:
        engine = engines.migration_engine(f"sqlite:///{folder}/empty.db")
        if known:
            _upgrade(engine, head(), None)
        with engine.begin() as connection:
            script = command.revision(
                config(connection), message, autogenerate=True, rev_id=f"{len(known) + 1:04d}"
            )
        engine.dispose()
    if script is None or isinstance(script, list):
        raise MigrationFailed(f"alembic wrote no single revision: {script}")
    return Path(script.path)


def _upgrade(engine: Engine, target: str, vault: Vault | None) -> bool:
    from alembic import command

    sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:  # SQLite: BEGIN EXCLUSIVE, which is the lock
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PG_LOCK})
        if _settled(_stored(connection), target):
            return False  # another process was first
        command.upgrade(config(connection, vault), target)
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise MigrationFailed(f"rows refer to nothing, nothing was changed: {broken[:5]}")
    return True


def _settled(stored: str | None, target: str) -> bool:
    """Is nothing to do? Raises SchemaNewer."""
    known = revisions()
    if stored is not None and stored not in known:
        raise SchemaNewer(
            f"the database has revision {stored}, this Nuanxin knows up to {known[-1]}: start"
            " the newer Nuanxin that upgraded it, or restore the backup from before the upgrade"
        )
    return stored is not None and stored >= target


def _stored(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    rows = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return rows.scalar_one_or_none()


if __name__ == "__main__":
    sys.stdout.write(f"{write_revision(' '.join(sys.argv[1:]) or 'change')}\n")
