"""Files as Telegram keeps them: one content, and for each bot another id of it."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.botapi.errors import bad

MOST_UPLOAD = 50_000_000
MOST_PHOTO = 10_000_000
MOST_DOWNLOAD = 20_000_000
_FOLDERS = {
    "photo": ("photos", "jpg", "AgAC"),
    "voice": ("voice", "oga", "AwAC"),
    "audio": ("music", "mp3", "CQAC"),
    "document": ("documents", "bin", "BQAC"),
    "video": ("videos", "mp4", "BAAC"),
    "sticker": ("stickers", "webp", "CAAC"),
    "animation": ("animations", "mp4", "CgAC"),
    "video_note": ("video_notes", "mp4", "DQAC"),
}
_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/plain": "txt",
    "audio/ogg": "oga",
    "audio/mp4": "m4a",
}
_numbers = itertools.count(1)


@dataclass(eq=False)
class File:
    """One content. ``sizes`` are a photo's smaller versions. ``claims`` is a size that it only
    pretends to have, so that nobody has to move 20 MB."""

    kind: str
    data: bytes
    mime: str | None = None
    name: str | None = None
    width: int = 0
    height: int = 0
    seconds: int = 0
    claims: int | None = None
    more: dict[str, Any] = field(default_factory=dict)
    sizes: list[File] = field(default_factory=list)
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def size(self) -> int:
        return len(self.data) if self.claims is None else self.claims

    @property
    def unique_id(self) -> str:
        """The same for every bot, but no name to send or fetch it by."""
        return "AQAD" + _short(f"unique {self.number}", 12)

    def id_for(self, bot: int) -> str:
        """The name by which this bot, and no other, may send and fetch it."""
        start = _FOLDERS[self.kind][2]
        return start + _short(f"{bot} {self.number}", 48)

    @property
    def path(self) -> str:
        folder, ending, _ = _FOLDERS[self.kind]
        return f"{folder}/file_{self.number}.{_ENDINGS.get(self.mime or '', ending)}"

    def named(self, bot: int) -> dict[str, Any]:
        """What stands in every kind of file."""
        return {
            "file_id": self.id_for(bot),
            "file_unique_id": self.unique_id,
            "file_size": self.size,
        }


def _short(text: str, length: int) -> str:
    digest = hashlib.blake2b(text.encode(), digest_size=48).digest()
    return base64.urlsafe_b64encode(digest).decode()[:length]


def photo(data: bytes, claims: int | None = None) -> File:
    """A photo with its smaller versions."""
    if not data:
        raise bad("file must be non-empty")
    if len(data) > MOST_PHOTO:
        raise bad("too big file")
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            if width + height > 10_000 or max(width, height) > 20 * min(width, height):
                raise bad("PHOTO_INVALID_DIMENSIONS")
            made = File("photo", data, "image/jpeg", None, width, height, claims=claims)
            for most in (90, 320):
                if max(width, height) > most:
                    small = image.convert("RGB")
                    small.thumbnail((most, most))
                    out = io.BytesIO()
                    small.save(out, "JPEG", quality=60)
                    size = File("photo", out.getvalue(), "image/jpeg", None, *small.size)
                    size.sizes.append(size)  # it may be sent again by its own id
                    made.sizes.append(size)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    made.sizes.append(made)
    return made
