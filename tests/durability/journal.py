"""What the world outside of the house remembers, in files that only grow.

A line is one write with O_APPEND: whole or not there, whatever kills the writer. What pushing
channels were given is synced as well, as a channel's own server would.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

NAMES = ("offered", "accepted", "pushed", "recorded", "died")


class Journal:
    """The journals of a town. Names: offered, accepted, pushed, recorded, died.

    offered: a client is about to send {chat, id}. accepted: the house acknowledged it.
    pushed: the pushing channel took {id, address, life}. recorded: at the start of a life these
    ids stood as sent. died: a failpoint killed {point, life}.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, int] = {}

    def write(self, name: str, *, sync: bool = False, **values: Any) -> None:
        """Add a line."""
        assert name in NAMES
        file = self._files.get(name)
        if file is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            file = self._files[name] = os.open(self._path(name), flags, 0o600)
        os.write(file, json.dumps(values, separators=(",", ":")).encode() + b"\n")
        if sync:
            os.fsync(file)

    def read(self, name: str) -> list[dict[str, Any]]:
        """All lines."""
        assert name in NAMES
        path = self._path(name)
        if not path.exists():
            return []
        return [json.loads(each) for each in path.read_bytes().splitlines()]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.jsonl"
