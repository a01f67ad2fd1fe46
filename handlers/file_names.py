"""What a file is called: by what it is. Its own name says neither where it goes nor what opens it.

A program that calls itself a certificate must not be opened as one on an office's machine: the
ending is always that of the type which its first bytes showed (bot/media.py).
"""

from __future__ import annotations

import re
import unicodedata

ENDINGS = {
    "audio/ogg": "ogg", "audio/opus": "ogg", "audio/mpeg": "mp3", "audio/mp3": "mp3",
    "audio/mp4": "m4a", "audio/m4a": "m4a", "audio/x-m4a": "m4a", "audio/aac": "aac",
    "audio/amr": "amr", "audio/webm": "webm", "audio/wav": "wav", "audio/x-wav": "wav",
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif",
    "application/pdf": "pdf", "video/mp4": "mp4", "video/quicktime": "mov",
}  # fmt: skip
UNKNOWN = "application/octet-stream"
MOST = 120  # characters

_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}\s*\Z")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')  # what Windows reads as more than a name


def known(mime: str | None) -> str:
    """A type that its sender names, if it is one we know; what a file is shows when it is here."""
    plain = (mime or "").partition(";")[0].strip().lower()
    return plain if plain in ENDINGS else UNKNOWN


def safe_name(name: str | None, mime: str, kind: str = "file") -> str:
    """A file's name without folders and signs that nobody sees, with the ending of its type.

    A type that we do not know has no ending. Without a name it is called by its kind.
    """
    last = re.split(r"[/\\]", name or "")[-1]
    plain = "".join(" " if unicodedata.category(c) == "Zs" else c for c in last)
    seen = "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN)
    seen = _NOT_IN_NAMES.sub("_", seen).strip(". ")
    while found := _ENDING.search(seen):
        seen = seen[: found.start()].strip(". ")
    ending = ENDINGS.get(mime.partition(";")[0].strip().lower())
    tail = f".{ending}" if ending else ""
    return (seen[: MOST - len(tail)].rstrip(". ") or kind) + tail


# controls, formats (bidi too), surrogates, private and unassigned signs, line and paragraph ends
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
