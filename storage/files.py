"""Media files: sealed, and on the disk before their row is written (design §8)."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from storage.crypto import Vault

_ID = re.compile(r"[0-9a-f]{32}")


class MediaFiles:
    """A folder of sealed files, named by the ids of their rows."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, media_id: str, data: bytes) -> None:
        """Keep a file; when this returns it survives a power cut.

        Raises:
            OSError: the disk is full or not writable; nothing is left behind.
        """
        path = self._path(media_id)
        sealed = self._vault.seal(data, "media", "file", media_id)
        temporary = path.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}")
        try:
            with temporary.open("xb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read(self, media_id: str) -> bytes:
        """A file's content.

        Raises:
            FileNotFoundError: it is not there.
        """
        return self._vault.open_bytes(self._path(media_id).read_bytes(), "media", "file", media_id)

    def sweep(self, known: set[str], older_than_seconds: float) -> int:
        """Delete old files that no row names (a crash came between the two); how many."""
        before = time.time() - older_than_seconds
        orphans = [
            path
            for path in self._folder.iterdir()
            if path.name not in known and path.stat().st_mtime < before
        ]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

    def _path(self, media_id: str) -> Path:
        if not _ID.fullmatch(media_id):
            raise FileNotFoundError(media_id)
        return self._folder / media_id
