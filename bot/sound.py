"""Sound files by their first bytes, and how long they are where their headers tell it.

Only what headers say is read, nothing is decoded: WAV (RIFF), Ogg (RFC 3533, Opus: RFC 7845),
MP4 (ISO 14496-12, `mvhd`), AMR (RFC 4867 §5), WebM (RFC 8794, times of clusters).
"""

from __future__ import annotations

import struct
from collections.abc import Callable

# Bytes of an AMR frame by its type, narrow band: 4.75 … 12.2 kbit/s, silence (RFC 4867 §5.3)
_AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_AMR_SECONDS = 0.02
_OPUS_RATE = 48_000
_MOST_FRAMES = 180_000  # an hour of AMR: longer is too long anyhow, and need not be counted
_MOST_PARTS = 1_000  # chunks of a WAV before its sound
_MP3_FIRST = (0xFB, 0xF3, 0xF2, 0xFA)


def sniff(data: bytes) -> str | None:
    """The type of a sound file; None for anything else."""
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "audio/webm"
    if data.startswith(b"OggS"):
        return "audio/ogg"
    if data[4:8] == b"ftyp" and data[8:12] not in (b"heic", b"heix", b"mif1", b"avif", b"qt  "):
        return "audio/mp4"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "audio/wav"
    if data.startswith(b"#!AMR\n"):
        return "audio/amr"
    if data.startswith(b"ID3") or (data[:1] == b"\xff" and data[1:2] and data[1] in _MP3_FIRST):
        return "audio/mpeg"
    return None


def seconds(data: bytes, mime: str) -> float | None:
    """The length of a sound in seconds, or None where the file does not tell it."""
    read = _READERS.get(mime)
    if read is None:
        return None
    try:
        found = read(data)
    except (struct.error, IndexError, ZeroDivisionError, ValueError):
        return None  # a header that is cut: the file is kept, its length is unknown
    return round(found, 2) if found is not None and 0 < found < 86_400 else None


def _wav(data: bytes) -> float | None:
    at, rate = 12, 0
    for _ in range(_MOST_PARTS):
        if at + 8 > len(data):
            break
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"fmt ":
            rate = struct.unpack_from("<I", data, at + 16)[0]
        elif name == b"data":
            return float(min(size, len(data) - at - 8) / rate)
        at += 8 + size + size % 2
    return None


def _ogg(data: bytes) -> float | None:
    at = data.rfind(b"OggS")
    granule = struct.unpack_from("<q", data, at + 6)[0]
    opus = data.find(b"OpusHead", 0, 128)
    if opus >= 0:  # what is skipped at the beginning is not heard (RFC 7845 §4.3)
        return float(granule - struct.unpack_from("<H", data, opus + 10)[0]) / _OPUS_RATE
    vorbis = data.find(b"\x01vorbis", 0, 128)
    if vorbis < 0:
        return None
    return float(granule / struct.unpack_from("<I", data, vorbis + 12)[0])


def _mp4(data: bytes) -> float | None:
    at = data.find(b"mvhd")
    if at < 0:
        return None
    long = data[at + 4] == 1
    scale, length = struct.unpack_from(">IQ" if long else ">II", data, at + (24 if long else 16))
    return float(length / scale)


def _amr(data: bytes) -> float | None:
    at, frames = 6, 0
    while at < len(data) and frames < _MOST_FRAMES:
        size = _AMR_FRAMES[(data[at] >> 3) & 0x0F]
        if size == 0:
            return None
        at += size
        frames += 1
    return frames * _AMR_SECONDS


def _webm(data: bytes) -> float | None:
    """The time of the last block; a browser's recorder writes no length (scale: 1 ms)."""
    cluster = data.rfind(b"\x1fC\xb6u")
    stamp = data.find(b"\xe7", cluster, cluster + 32)
    if cluster < 0 or stamp < 0:
        return None
    width = data[stamp + 1] & 0x7F
    begin = int.from_bytes(data[stamp + 2 : stamp + 2 + width], "big")
    last, at = 0, stamp + 2 + width
    for _ in range(_MOST_FRAMES):  # SimpleBlock: size, track, time (int16), flags
        if at >= len(data) or data[at] != 0xA3:
            break
        size, length = _vint(data, at + 1)
        last = max(last, struct.unpack_from(">h", data, at + 2 + length)[0])
        at += 1 + length + size
    return (begin + last) / 1000


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """An EBML number and how many bytes it takes."""
    first = data[at]
    width = 9 - first.bit_length()
    if width > 8:
        raise ValueError("not an EBML number")
    value = int.from_bytes(data[at : at + width], "big") & ((1 << (7 * width)) - 1)
    return value, width


_READERS: dict[str, Callable[[bytes], float | None]] = {
    "audio/wav": _wav,
    "audio/ogg": _ogg,
    "audio/mp4": _mp4,
    "audio/amr": _amr,
    "audio/webm": _webm,
}
