"""Where the keys come from, and the proof that they are the right ones.

The text of the keys, in the key file or in NUANXIN_KEY, is a list of tokens, newest first:

    seal:<base64 of 32 bytes>     seals; further ones only open what was sealed before
    index:<base64 of 32 bytes>    for the keyed hashes; never changes
    <base64 of 32 bytes>          the same as seal:

Tokens are parted by white space or commas, `#` starts a comment. Without an index key it is
derived from the oldest seal key, so `NUANXIN_KEY=$(openssl rand -base64 32)` is enough.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from storage import engines
from storage.crypto import KEY_BYTES, CryptoError, Vault, WrongKey
from storage.errors import StorageUnavailable
from storage.house import House

log = logging.getLogger(__name__)

VARIABLE = "NUANXIN_KEY"
HOUSE = House.__table__  # type: ignore[attr-defined]
_PROOF = ("house", "proof", "1")


class KeyFileError(Exception):
    """The key text cannot be used; the message says where it stands and what to do."""


class KeyFileExists(KeyFileError):
    """A key file stands there, and none is ever overwritten."""


@dataclass(frozen=True, repr=False)
class Keyring:
    """The keys of a house. `source` is the file or the variable; `created` is true just once,
    when the first start made the file: then the operator must be told to keep a copy."""

    seal_keys: tuple[bytes, ...]
    index_key: bytes
    source: str
    created: bool = False

    @property
    def fingerprint(self) -> str:
        """Names the newest key in eight letters, to compare a copy with; tells nothing of it."""
        return hashlib.sha256(b"nuanxin fingerprint\0" + self.seal_keys[0]).hexdigest()[:8]

    def vault(self) -> Vault:
        """A vault with these keys."""
        return Vault(self.seal_keys[0], self.index_key, older=self.seal_keys[1:])

    def text(self) -> str:
        """The keys as text, as they stand in the file. Secret."""
        lines = [f"seal:{base64.b64encode(key).decode()}" for key in self.seal_keys]
        return "\n".join([*lines, f"index:{base64.b64encode(self.index_key).decode()}", ""])

    def rotated(self) -> Keyring:
        """The same with a new key in front; the old ones still open what they sealed."""
        fresh = secrets.token_bytes(KEY_BYTES)
        return Keyring((fresh, *self.seal_keys), self.index_key, self.source)

    def __repr__(self) -> str:
        return f"Keyring({self.fingerprint} from {self.source})"


def load_or_create(
    path: Path, environ: Mapping[str, str] = os.environ, *, sealed: bool = False
) -> Keyring:
    """The keys of NUANXIN_KEY if it is set, else of the file, which the first start makes.

    The file should stand outside the data folder and its backup. `sealed`: the database has a
    key already (`has_proof`), so that a missing file is a fault and no first start.
    Raises KeyFileError.
    """
    text = environ.get(VARIABLE, "").strip()
    if text:
        return parse(text, VARIABLE)
    if path.exists():
        return load(path)
    if sealed:
        raise KeyFileError(
            f"the key file {path} is missing, but the database holds what was sealed with it."
            f" Nothing was changed. Put your copy of the key back there, or name it in {VARIABLE};"
            " a new key could read none of it"
        )
    ring = Keyring(
        (secrets.token_bytes(KEY_BYTES),), secrets.token_bytes(KEY_BYTES), str(path), created=True
    )
    try:
        write(path, ring)
    except KeyFileExists:  # another process was a moment earlier
        return load(path)
    return ring


def load(path: Path) -> Keyring:
    """The keys of a file. Raises KeyFileError when it cannot be read or understood."""
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error}") from error
    if mode & 0o077:
        log.warning("others can read the key file %s: chmod 600 %s", path, path)
    return parse(text, str(path))


def write(path: Path, ring: Keyring) -> None:
    """Make a new key file, readable by its owner only, complete or not at all.

    Raises KeyFileExists (nothing is overwritten) and KeyFileError.
    """
    head = (
        "# The keys of this house. Without them nothing personal in the database can be read.\n"
        "# Keep a copy in another place, and never in the backup of the data.\n"
    )
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(head + ring.text())
                file.flush()
                os.fsync(file.fileno())
            os.link(part, path)  # unlike a rename it fails when the file is already there
        except FileExistsError as error:
            raise KeyFileExists(f"the key file {path} is there already") from error
        finally:
            part.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise KeyFileError(
            f"the key file {path} cannot be written: {error}; make its folder writable, name"
            f" another file, or set {VARIABLE}"
        ) from error


def parse(text: str, source: str) -> Keyring:
    """The keys of a text. Raises KeyFileError naming the source and the remedy."""
    seals: list[bytes] = []
    index: bytes | None = None
    bare = re.sub(r"#.*", "", text)
    for token in re.split(r"[\s,]+", bare):
        if not token:
            continue
        kind, found, value = token.rpartition(":")
        key = _decode(value, source)
        if kind == "index":
            if index is not None:
                raise KeyFileError(f"{source} has two index keys; there is exactly one")
            index = key
        elif kind == "seal" or not found:
            seals.append(key)
        else:
            raise KeyFileError(f"{source}: {kind!r} is neither seal nor index")
    if not seals:
        raise KeyFileError(
            f"{source} holds no key; put your copy of the key there (a new one, for an empty"
            " house only: openssl rand -base64 32)"
        )
    if index is None:
        index = HKDF(SHA256(), KEY_BYTES, None, b"nuanxin index key").derive(seals[-1])
    return Keyring(tuple(seals), index, source)


def has_proof(url: str) -> bool:
    """Whether a database was sealed with a key before; nothing is made or changed.

    Raises StorageUnavailable when there is no way to it.
    """
    parsed = engines.normalise(url)
    if engines.is_sqlite(parsed) and not engines.sqlite_path(parsed).exists():
        return False
    engine = engines.read_engine(parsed, 1)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("house"):
                return False
            found = connection.execute(select(HOUSE.c.id).limit(1))
            return found.first() is not None
    except DBAPIError as error:
        raise StorageUnavailable(str(error.orig)) from error
    finally:
        engine.dispose()


def prove(db: Session, source: str) -> None:
    """Make sure that the keys are those of this database; the first start records the proof.

    Raises WrongKey with the remedy. `source` is Keyring.source. Run it at the start with
    database.write, before anything else.
    """
    vault: Vault = db.info["vault"]
    row = db.get(House, 1)
    if row is None:
        try:
            with db.begin_nested():
                db.add(House(id=1, proof=vault.seal(_witness(vault), *_PROOF)))
                return
        except IntegrityError:  # another process recorded it meanwhile
            row = db.get_one(House, 1)
    check(db, source, row.proof)
    if not vault.is_current(row.proof):
        row.proof = vault.reseal(row.proof, *_PROOF)


def check(db: Session, source: str, proof: bytes | None = None) -> None:
    """Test-decrypt the proof without writing (for `doctor`). Raises WrongKey with the remedy."""
    vault: Vault = db.info["vault"]
    sealed = proof if proof is not None else db.get_one(House, 1).proof
    try:
        witness = vault.open_text(sealed, *_PROOF)
    except CryptoError as error:
        raise WrongKey(
            f"the key of {source} is not the one this database was sealed with ({error})."
            " Nothing was changed. Put back the copy of the key that belongs to this database,"
            f" in the key file or in {VARIABLE}; after a rotation keep the older keys below it"
        ) from error
    if not hmac.compare_digest(witness, _witness(vault)):
        raise WrongKey(
            f"the index key of {source} is not the one of this database, so nobody would be"
            " found by telephone or name. Put the index: line of your copy of the key back"
        )


def _witness(vault: Vault) -> str:
    return vault.index("house", "proof")


def _decode(value: str, source: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"{source}: a key is {KEY_BYTES} bytes in base64 (44 letters), as"
            " `openssl rand -base64 32` prints it; this is not: was it cut when it was copied?"
        )
    return key
