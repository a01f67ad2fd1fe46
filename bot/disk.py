"""Is there room on the disk? Asked of the system at most once a second.

Files are refused first. Words go on until a quarter of that is left: danger needs few bytes.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

MB = 1024 * 1024
_EVERY_SECONDS = 1.0


class Disk:
    """The free space where the house keeps its data; `least` in MB."""

    def __init__(self, folder: Path, least: int) -> None:
        self._folder, self._least = folder, least
        self._looked = float("-inf")
        self._free = 0

    @property
    def free_mb(self) -> int:
        """Free space in MB, at most a second old."""
        now = time.monotonic()
        if now - self._looked > _EVERY_SECONDS:
            self._free = shutil.disk_usage(self._folder).free // MB
            self._looked = now
        return self._free

    @property
    def is_low(self) -> bool:
        """Less than the settings ask for: files are refused with 503 and come again."""
        return self.free_mb < self._least

    @property
    def is_full(self) -> bool:
        """Less than a quarter of it: words are refused too."""
        return self.free_mb < self._least / 4
