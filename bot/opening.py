"""Opening the house: key, database, schema. What is wrong is one line that names the remedy."""

from __future__ import annotations

import contextlib
import stat
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from storage import keys, migrate
from storage.crypto import CryptoError
from storage.database import Database, StorageError
from storage.keys import KeyFileError, Keyring


class CannotOpen(Exception):
    """The house does not start; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database with the keys that fit it."""

    database: Database
    keyring: Keyring
    upgraded: bool


def open_house(settings: Settings) -> Opened:
    """Open everything that the house needs; blocks.

    Raises:
        CannotOpen: an unwritable folder, a wrong key, a newer schema, no way to the database.
    """
    folder = settings.env.data
    writable(folder)
    try:
        keyring = keyring_of(settings)
        vault = keyring.vault()
        upgraded = migrate.upgrade(settings.database_url, vault)
        database = Database(settings.database_url, vault)
    except KeyFileError as error:
        raise CannotOpen(str(error)) from error
    except (migrate.SchemaNewer, migrate.MigrationFailed) as error:
        raise CannotOpen(str(error)) from error
    except StorageError as error:
        raise CannotOpen(_no_way(settings, error)) from error
    except ValueError as error:
        raise CannotOpen(f"NUANXIN_DATABASE_URL: {error}") from error
    try:
        database.write_blocking(keys.prove, keyring.source)
    except CryptoError as error:
        database.close_blocking()
        raise CannotOpen(str(error)) from error
    except StorageError as error:
        database.close_blocking()
        raise CannotOpen(_no_way(settings, error)) from error
    return Opened(database, keyring, upgraded)


def keyring_of(settings: Settings) -> Keyring:
    """The keys: from the settings, or the key file, which the first start makes.

    Raises:
        KeyFileError: it cannot be read, written or understood, or is missing though the database
            was sealed before.
        StorageUnavailable: it is missing, and the database cannot be asked.
    """
    given, file = settings.env.key, settings.env.key_file
    if given is not None:
        return keys.load_or_create(file, {keys.VARIABLE: given.get_secret_value()})
    sealed = not file.exists() and keys.has_proof(settings.database_url)
    return keys.load_or_create(file, {}, sealed=sealed)


def writable(folder: Path) -> None:
    """Make the data folder, for nobody else to read, and try it. Raises CannotOpen."""
    probe = folder / ".writable"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & 0o077:
            with contextlib.suppress(PermissionError):  # somebody else's: they decide who reads it
                folder.chmod(mode & 0o700)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotOpen(
            f"the data folder {folder} cannot be written: {error.strerror}; make it writable,"
            " or name another one in NUANXIN_DATA"
        ) from error


def _no_way(settings: Settings, error: StorageError) -> str:
    where = (
        f"the database file in {settings.env.data}"
        if settings.database_url.startswith("sqlite")
        else "the database of NUANXIN_DATABASE_URL"
    )
    return f"{where} cannot be used ({error}); see that it is there and can be written"
