"""Sound for Telegram: what Chromium records (Opus in WebM) put into Ogg, where it is a voice note.

Nothing is decoded: the same packets stand in other pages (RFC 3533; Opus in Ogg: RFC 7845).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

from bot import webm

RATE = 48_000  # samples a second: the clock of Opus in Ogg, whatever the sound was recorded at
_PAGE_SAMPLES = RATE  # a page a second
_SEGMENT, _SEGMENTS = 255, 255  # bytes of a segment, segments of a page
_BEGIN, _END, _CONTINUED = 2, 4, 1
_SERIAL = 0x6E78  # one stream a file: any number does
_TAGS = b"OpusTags" + struct.pack("<I", 7) + b"nuanxin" + struct.pack("<I", 0)
_LONGEST = 5_760  # samples of a packet: 120 ms (RFC 6716 §3.4, R5)
_NO_END = 2**64 - 1  # position of a page on which no packet ends

# Samples of a frame by the packet's configuration (RFC 6716 §3.1, table 2)
_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
_FRAME = _SILK * 3 + _HYBRID * 2 + _CELT * 4

_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def voice_for_telegram(data: bytes, mime: str) -> tuple[bytes, str]:
    """A recording in the form that plays as a voice note there; what has no such form stays."""
    if mime != "audio/webm":
        return data, mime
    try:
        return from_webm(data), "audio/ogg"
    except ValueError:
        return data, mime


def from_webm(data: bytes) -> bytes:
    """Ogg/Opus with the packets of WebM/Opus.

    Raises:
        ValueError: no WebM with Opus in it, or a packet that is none.
    """
    head, packets = webm.opus(data)
    return write(head, packets)


def write(head: bytes, packets: Iterable[bytes]) -> bytes:
    """An Ogg file of one Opus stream. `head` is "OpusHead …" as RFC 7845 §5.1 has it.

    Raises:
        ValueError: a packet that is none, or none at all.
    """
    pages = [_page(0, 0, _BEGIN, *_laced(head)), _page(1, 0, 0, *_laced(_TAGS))]
    flow = list(_pages(packets))
    if not flow:
        raise ValueError("no packets")
    for place, (position, flags, lengths, content) in enumerate(flow):
        last = place == len(flow) - 1
        pages.append(_page(place + 2, position, flags | (_END if last else 0), lengths, content))
    return b"".join(pages)


def samples(packet: bytes) -> int:
    """How long a packet sounds, at 48 kHz (RFC 6716 §3.1: the first byte, and §3.2.5 the second).

    Raises:
        ValueError: no packet of Opus.
    """
    if not packet:
        raise ValueError("an empty packet")
    frames = (1, 2, 2, 0)[packet[0] & 3]
    if frames == 0:
        frames = packet[1] & 0x3F if len(packet) > 1 else 0
    length = frames * _FRAME[packet[0] >> 3]
    if not 0 < length <= _LONGEST:
        raise ValueError("a packet of no possible length")
    return length


def checksum(page: bytes) -> int:
    """The CRC of a page whose own field is zero (RFC 3533 §6: polynomial 0x04c11db7).

    It reads bits from the other end than zlib does; turned bytes make the two alike, and fast.
    """
    turned = zlib.crc32(page.translate(_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(turned.to_bytes(4, "big")[::-1].translate(_TURNED), "big")


def _pages(packets: Iterable[bytes]) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Position, flags, lengths of segments, and content of each page, about one a second."""
    total = since = 0  # samples so far, and those of this page
    position, flags = _NO_END, 0
    lengths, content = bytearray(), bytearray()
    for packet in packets:
        total += (length := samples(packet))
        since += length
        laced, rest = _laced(packet)
        for place in range(len(laced)):
            if len(lengths) == _SEGMENTS or (place == 0 and since > _PAGE_SAMPLES and lengths):
                yield position, flags, bytes(lengths), bytes(content)
                lengths, content = bytearray(), bytearray()
                position, flags = _NO_END, _CONTINUED if place else 0
                since = length
            lengths.append(laced[place])
            content += rest[place * _SEGMENT : place * _SEGMENT + laced[place]]
        position = total
    if lengths:
        yield position, flags, bytes(lengths), bytes(content)


def _laced(packet: bytes) -> tuple[bytes, bytes]:
    """The lengths of a packet's segments (the last is shorter than 255), and the packet."""
    whole, rest = divmod(len(packet), _SEGMENT)
    return bytes([_SEGMENT] * whole + [rest]), packet


def _page(number: int, position: int, flags: int, lengths: bytes, content: bytes) -> bytes:
    head = struct.pack("<4sBBQIII", b"OggS", 0, flags, position, _SERIAL, number, 0)
    page = head + bytes([len(lengths)]) + lengths + content
    return page[:22] + struct.pack("<I", checksum(page)) + page[26:]
