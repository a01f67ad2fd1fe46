"""Sealing: personal words at rest are AES-256-GCM, bound to their table, column and row.

A sealed value is `version (1) | key id (4) | nonce (12) | ciphertext and tag (n + 16)`. The
version says whether text or bytes were sealed and is authenticated with the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_TEXT, _BYTES = 0x01, 0x02
_ID, _NONCE, _TAG = 4, 12, 16
_HEAD = 1 + _ID
_OVERHEAD = _HEAD + _NONCE + _TAG


class CryptoError(Exception):
    """A sealed value could not be opened."""


class WrongKey(CryptoError):
    """The value was sealed under a key that this vault does not have."""


class Tampered(CryptoError):
    """The key is right but the value is not: altered, cut, or moved from another row."""


def is_sealed(value: object) -> bool:
    """Does it have the form of something Vault.seal returned?"""
    if not isinstance(value, bytes | bytearray | memoryview):
        return False
    return len(value) >= _OVERHEAD and value[0] in (_TEXT, _BYTES)


def key_id(key: bytes) -> bytes:
    """Four bytes that name a key and tell nothing about it."""
    return hashlib.sha256(b"nuanxin key id\0" + key).digest()[:_ID]


class Vault:
    """Seals and opens values, and makes keyed hashes to search by.

    `key` seals; `older` keys only open what was sealed before a rotation. `index_key` is
    separate, so that a rotation leaves the search keys as they are. Keys are 32 bytes.
    """

    def __init__(self, key: bytes, index_key: bytes, *, older: Sequence[bytes] = ()) -> None:
        for each in (key, index_key, *older):
            if len(each) != KEY_BYTES:
                raise ValueError(f"a key has {KEY_BYTES} bytes, this one {len(each)}")
        if index_key in (key, *older):
            raise ValueError("the index key must not be one of the sealing keys")
        self._newest = key_id(key)
        self._ciphers = {key_id(each): AESGCM(each) for each in (key, *older)}
        self._index_key = index_key

    def seal(self, plain: str | bytes, table: str, column: str, row_id: str) -> bytes:
        """Seal text or bytes (a whole file up to 10 MB is fine) for exactly this place."""
        if isinstance(plain, str):
            # surrogatepass: half a surrogate pair from a client is stored exactly as sent.
            version, data = _TEXT, plain.encode("utf-8", "surrogatepass")
        else:
            version, data = _BYTES, plain
        nonce = os.urandom(_NONCE)
        cipher = self._ciphers[self._newest]
        sealed = cipher.encrypt(nonce, data, _place(version, table, column, row_id))
        return bytes((version,)) + self._newest + nonce + sealed

    def open(self, sealed: bytes, table: str, column: str, row_id: str) -> str | bytes:
        """What was sealed here: str for text, bytes for bytes.

        Raises WrongKey (sealed under a key not at hand) or Tampered (altered, or another place).
        """
        if not is_sealed(sealed):
            raise Tampered(f"{table}.{column} of {row_id} is not a sealed value")
        version, name = sealed[0], bytes(sealed[1:_HEAD])
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise WrongKey(f"{table}.{column} of {row_id} is sealed under key {name.hex()}")
        nonce, body = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        try:
            data = cipher.decrypt(nonce, body, _place(version, table, column, row_id))
        except InvalidTag:
            raise Tampered(f"{table}.{column} of {row_id} was altered or moved") from None
        return data.decode("utf-8", "surrogatepass") if version == _TEXT else data

    def open_text(self, sealed: bytes, table: str, column: str, row_id: str) -> str:
        """Like open, for a column of text; raises Tampered when bytes were sealed."""
        value = self.open(sealed, table, column, row_id)
        if isinstance(value, str):
            return value
        raise Tampered(f"{table}.{column} of {row_id} holds bytes, not text")

    def open_bytes(self, sealed: bytes, table: str, column: str, row_id: str) -> bytes:
        """Like open, for a column or file of bytes; raises Tampered when text was sealed."""
        value = self.open(sealed, table, column, row_id)
        if isinstance(value, bytes):
            return value
        raise Tampered(f"{table}.{column} of {row_id} holds text, not bytes")

    def is_current(self, sealed: bytes) -> bool:
        """Was it sealed under the newest key?"""
        return is_sealed(sealed) and bytes(sealed[1:_HEAD]) == self._newest

    def reseal(self, sealed: bytes, table: str, column: str, row_id: str) -> bytes:
        """The same value under the newest key; unchanged when it already is."""
        if self.is_current(sealed):
            return sealed
        return self.seal(self.open(sealed, table, column, row_id), table, column, row_id)

    def index(self, kind: str, value: str) -> str:
        """HMAC-SHA256 of a normalised value under the index key, 64 hex digits.

        Equal values of one kind give equal hashes; the same value of another kind does not.
        """
        message = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()


def _place(version: int, table: str, column: str, row_id: str) -> bytes:
    return bytes((version,)) + f"{table}|{column}|{row_id}".encode()
