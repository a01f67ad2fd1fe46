"""Files as they come in: the type is sniffed, a picture loses where it was taken.

A document is what a chat sends as a file: a PDF, a video, a recording, or a picture, which is then
kept as a photo.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import sound, video

if TYPE_CHECKING:
    from PIL import Image

MB = 1024 * 1024
SIDE = 3072  # pixels: a page of A4 stays readable, and a photo is decoded in bounded memory
PIXELS = 120_000_000  # a phone's largest JPEG; more is refused before it is decoded
PIXELS_WHOLE = 25_000_000  # what can only be decoded whole: 250 MB, a WebP 500
_QUALITY = 88


class Unfit(Exception):
    """A file that is not kept; `code` names the sentence `errors.<code>`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken: bytes of a photo, bytes and seconds of a voice note.

    A document has what bots may fetch (https://core.telegram.org/bots/api#getfile: 20 MB).
    """

    photo: int = 10 * MB
    voice: int = 10 * MB
    seconds: float = 300.0
    document: int = 20 * MB

    def of(self, kind: str) -> int:
        """The most bytes of one kind."""
        return {"photo": self.photo, "document": self.document}.get(kind, self.voice)


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it is kept. `seconds` is the length of a sound, None where it cannot be told."""

    data: bytes
    mime: str
    seconds: float | None = None
    kind: str | None = None  # where it turned out to be another than it came as


def sniff(data: bytes) -> str | None:
    """The type of a file by its first bytes; None for one that is not taken."""
    head = data[:16]
    if _is_program(data):
        return None
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return sound.sniff(data)


def sniff_document(data: bytes) -> str | None:
    """The type of a file that was sent as a file; None for one that is not taken."""
    if _begin(data).startswith(b"%PDF-"):
        # Readers take it within the first 1,024 bytes (ISO 32000-1, Annex H.3.4.1); but what
        # stands before it could be a program.
        return "application/pdf"
    if _is_program(data):
        return None
    return video.sniff(data) or sniff(data)


# How programs, pages, scripts and archives begin, whatever they look like further on.
_PROGRAMS = (b"MZ", b"<", b"#!", b"PK", b"\x7fELF")
_AMR = b"#!AMR"  # the one sound that begins as a script does (RFC 4867 §5)


def _begin(data: bytes) -> bytes:
    """The first bytes behind a mark of UTF-8 and white space."""
    return data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip(b"\0\t\n\f\r ")


def _is_program(data: bytes) -> bool:
    return _begin(data).startswith(_PROGRAMS) and not data.startswith(_AMR)


def prepare(data: bytes, kind: str, limits: Limits) -> Ready:
    """Check a file and make it fit to be kept. Blocks: call it in a thread.

    Raises:
        Unfit: `empty_file`, `too_large`, `unsupported` or `too_long_voice`.
    """
    if not data:
        raise Unfit("empty_file")
    if len(data) > limits.of(kind):
        raise Unfit("too_large")
    if kind == "document":
        return _document(data, limits)
    mime = sniff(data)
    if mime is None or mime.startswith("image/") != (kind == "photo"):
        raise Unfit("unsupported")
    if kind == "photo":
        return _photo(data)
    seconds = sound.seconds(data, mime)
    if seconds is not None and seconds > limits.seconds + 5:  # a recorder stops a little late
        raise Unfit("too_long_voice")
    return Ready(data, mime, seconds)


def _document(data: bytes, limits: Limits) -> Ready:
    mime = sniff_document(data)
    if mime is None:
        raise Unfit("unsupported")
    if mime.startswith("image/"):
        if len(data) > limits.photo:
            raise Unfit("too_large")
        return replace(_photo(data), kind="photo")
    if mime.startswith("video/"):
        return Ready(video.without_place(data), mime, sound.seconds(data, "audio/mp4"))
    return Ready(data, mime, sound.seconds(data, mime))


def _photo(data: bytes) -> Ready:
    """Draw the picture anew: only its pixels are kept, upright, without place, time or maker."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
                _bound(image, data)
                image.thumbnail((SIDE, SIDE))  # before it is turned: a copy of the small one
                return _encode(ImageOps.exif_transpose(image))
    except Unfit:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise Unfit("too_large") from None
    except Exception:  # noqa: BLE001 - broken files make its readers raise nearly anything
        raise Unfit("unsupported") from None


def _bound(image: Image.Image, data: bytes) -> None:
    """Let a JPEG be decoded smaller where it can. Raises Unfit for more than memory should hold."""
    width, height = image.size
    if width * height > PIXELS:
        raise Unfit("too_large")
    if image.format in ("JPEG", "MPO"):
        if not _in_one_pass(data) and width * height > PIXELS_WHOLE:
            raise Unfit("too_large")
        share = SIDE / max(width, height)
        if share < 1:
            image.draft("RGB", (max(1, int(width * share)), max(1, int(height * share))))
    if image.size[0] * image.size[1] > PIXELS_WHOLE:
        raise Unfit("too_large")


def _in_one_pass(data: bytes) -> bool:
    """Does the first scan of a JPEG hold all of it? Otherwise every coefficient is kept in memory.

    Segments by ITU T.81 Annex B; what is not as it stands there counts as several passes.
    """
    at, parts = 2, 0
    while at + 10 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # a fill byte
            at += 1
            continue
        if kind in (0xC0, 0xC1):  # sequential; the others are progressive, or not decoded at all
            parts = data[at + 9]
        elif kind == 0xDA:
            return parts > 0 and data[at + 4] == parts
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


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
