"""Small files that are what they say: a photo, a voice note, a sticker, a document."""

from __future__ import annotations

import io
import random
import struct

from PIL import Image

_SILENCE = b"\xfc\xff\xfe"  # one Opus packet of 20 ms of silence (RFC 6716: CELT, full band, mono)
_A_SECOND = 50
_ON_A_PAGE = 50


def jpeg(width: int = 320, height: int = 240, color: str = "orange", quality: int = 80) -> bytes:
    """A photo in one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, "JPEG", quality=quality)
    return out.getvalue()


def noisy_jpeg(width: int = 1280, height: int = 960, seed: int = 1) -> bytes:
    """A photo that cannot be made small: some hundred kB."""
    data = random.Random(seed).randbytes(width * height * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), data).save(out, "JPEG", quality=70)
    return out.getvalue()


def webp() -> bytes:
    """A sticker."""
    out = io.BytesIO()
    Image.new("RGBA", (512, 512), (255, 160, 0, 128)).save(out, "WEBP")
    return out.getvalue()


def pdf(words: str = "hello") -> bytes:
    """A document by its first and last bytes."""
    return b"%PDF-1.4\n1 0 obj<</Title(" + words.encode() + b")>>endobj\ntrailer<<>>\n%%EOF\n"


def mp4() -> bytes:
    """A video by its first boxes: a minute long, nothing in it."""
    ftyp = b"ftypisom" + b"\0\0\2\0" + b"isomiso2avc1mp41"
    mvhd = b"mvhd" + b"\0" * 12 + struct.pack(">II", 1000, 60_000) + b"\0" * 80
    moov = b"moov" + struct.pack(">I", len(mvhd) + 4) + mvhd
    return b"".join(struct.pack(">I", len(each) + 4) + each for each in (ftyp, moov))


def ogg(seconds: float = 2.0) -> bytes:
    """A voice note of silence: Ogg pages (RFC 3533) with Opus packets (RFC 7845), sums right."""
    skip = 312
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, skip, 48_000, 0, 0)
    name = b"tests"
    tags = b"OpusTags" + struct.pack("<I", len(name)) + name + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, 2), _page([tags], 0, 1, 0)]
    packets = max(1, round(seconds * _A_SECOND))
    for first in range(0, packets, _ON_A_PAGE):
        upto = min(first + _ON_A_PAGE, packets)
        last = upto == packets
        pages.append(
            _page(
                [_SILENCE] * (upto - first),
                upto * 960 + (skip if last else 0),
                len(pages),
                4 if last else 0,
            )
        )
    return b"".join(pages)


def _page(packets: list[bytes], position: int, number: int, flags: int) -> bytes:
    table = bytes(len(each) for each in packets)  # all of them are shorter than 255
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, 0x6E75616E, number, 0)
    page = head + bytes([len(table)]) + table + b"".join(packets)
    return page[:22] + struct.pack("<I", _crc(page)) + page[26:]


def _table() -> list[int]:
    made = []
    for each in range(256):
        value = each << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        made.append(value & 0xFFFFFFFF)
    return made


_CRC = _table()


def _crc(data: bytes) -> int:
    value = 0
    for each in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ each]
    return value
