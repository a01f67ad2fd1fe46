"""Voice notes and photos as they come in: the type is sniffed, a photo loses where it was taken."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import sound

if TYPE_CHECKING:
    from PIL import Image

MB = 1024 * 1024
SIDE = 3072  # pixels: a page of A4 stays readable, and a photo is decoded in bounded memory
PIXELS = 120_000_000  # a phone's largest JPEG; more is refused before it is decoded
PIXELS_WHOLE = 30_000_000  # formats that can only be decoded whole
_QUALITY = 88


class Unfit(Exception):
    """A file that is not kept; `code` names the sentence `errors.<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken: bytes of a photo, bytes and seconds of a voice note."""

    photo: int = 10 * MB
    voice: int = 10 * MB
    seconds: float = 300.0

    def of(self, kind: str) -> int:
        """The most bytes of one kind."""
        return self.photo if kind == "photo" else self.voice


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it is kept. `seconds` is the length of a sound, None where it cannot be told."""

    data: bytes
    mime: str
    seconds: float | None = None


def sniff(data: bytes) -> str | None:
    """The type of a file by its first bytes; None for one that is not taken."""
    head = data[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return sound.sniff(data)


def prepare(data: bytes, kind: str, limits: Limits) -> Ready:
    """Check a file and make it fit to be kept. Blocks: call it in a thread.

    Raises:
        Unfit: `empty_file`, `too_large`, `unsupported` or `too_long_voice`.
    """
    if not data:
        raise Unfit("empty_file")
    if len(data) > limits.of(kind):
        raise Unfit("too_large")
    mime = sniff(data)
    if mime is None or mime.startswith("image/") != (kind == "photo"):
        raise Unfit("unsupported")
    if kind == "photo":
        return _photo(data)
    seconds = sound.seconds(data, mime)
    if seconds is not None and seconds > limits.seconds + 5:  # a recorder stops a little late
        raise Unfit("too_long_voice")
    return Ready(data, mime, seconds)


def _photo(data: bytes) -> Ready:
    """Draw the picture anew: only its pixels are kept, upright, without place, time or maker."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
                size = image.size
                whole = image.format not in ("JPEG", "MPO")
                if size[0] * size[1] > (PIXELS_WHOLE if whole else PIXELS):
                    raise Unfit("too_large")
                if not whole:
                    image.draft("RGB", (SIDE, SIDE))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((SIDE, SIDE))
                return _encode(upright)
    except Unfit:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise Unfit("too_large") from None
    except (OSError, ValueError, SyntaxError):
        raise Unfit("unsupported") from None


def _encode(image: Image.Image) -> Ready:
    from PIL import Image

    if "A" in image.getbands() or "transparency" in image.info:
        flat = Image.new("RGB", image.size, "white")
        clear = image.convert("RGBA")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat = image.convert("RGB")
    flat.info.clear()
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY)
    return Ready(out.getvalue(), "image/jpeg")
