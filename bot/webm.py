"""Opus packets out of a WebM file, as browsers record it (RFC 9559 Matroska, RFC 8794 EBML)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Elements by their ids (RFC 9559 §5.1)
_SEGMENT, _TRACKS, _TRACK, _CLUSTER, _GROUP = (
    0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0,
)  # fmt: skip
_HOLDERS = frozenset((_SEGMENT, _TRACKS, _TRACK, _CLUSTER, _GROUP))
_NUMBER, _CODEC, _PRIVATE = 0xD7, 0x86, 0x63A2
_SIMPLE_BLOCK, _BLOCK = 0xA3, 0xA1
_LACING = 0x06  # flags of a block that holds several frames
_MOST_ELEMENTS = 600_000  # five minutes in packets of 2.5 ms are a fifth of it


class NotOpus(ValueError):
    """No WebM whose sound is Opus, or a kind of it that no browser writes."""


@dataclass(slots=True)
class _Track:
    number: int = 0
    codec: bytes = b""
    head: bytes = b""

    def learn(self, name: int, content: bytes) -> None:
        if name == _NUMBER:
            self.number = int.from_bytes(content, "big")
        elif name == _CODEC:
            self.codec = content.rstrip(b"\0")
        else:
            self.head = content


def opus(data: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The head of the sound (RFC 7845 §5.1, "OpusHead …") and its packets in order.

    What is cut off in its last packet is left out.

    Raises:
        NotOpus: there is no such sound.
    """
    tracks: list[_Track] = []
    mine: _Track | None = None
    packets: list[bytes] = []
    for name, begin, end in _elements(data):
        if name in (_SIMPLE_BLOCK, _BLOCK):
            mine = mine or _sound_of(tracks)
            packet = _packet(data[begin:end], mine)
            if packet is not None:
                packets.append(packet)
        elif name == _TRACK:
            tracks.append(_Track())
        elif tracks and name in (_NUMBER, _CODEC, _PRIVATE):
            tracks[-1].learn(name, data[begin:end])
    if mine is None or not packets:
        raise NotOpus("no sound in it")
    return mine.head, tuple(packets)


def _sound_of(tracks: list[_Track]) -> _Track:
    for track in tracks:
        if track.codec == b"A_OPUS" and track.head.startswith(b"OpusHead"):
            return track
    raise NotOpus("no Opus in it")


def _packet(block: bytes, mine: _Track) -> bytes | None:
    """The packet of a block (track, time, flags, packet); None for one of another track."""
    number, width = _number(block, 0)
    if number != mine.number or len(block) < width + 4:
        return None
    if block[width + 2] & _LACING:
        raise NotOpus("several packets in one block")
    return block[width + 3 :]


def _elements(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Id, begin and end of the content of each element; those that hold others are gone into.

    A browser that records does not know how long a cluster becomes: its size says "unknown".
    """
    if not data.startswith(b"\x1aE\xdf\xa3"):
        raise NotOpus("no EBML")
    at = 0
    for _ in range(_MOST_ELEMENTS):
        name, begin = _name(data, at)
        size, width = _number(data, begin)
        if width == 0:
            return
        begin += width
        if name in _HOLDERS:
            yield name, begin, begin
            at = begin
            continue
        if size is None or begin + size > len(data):
            return
        yield name, begin, begin + size
        at = begin + size


def _name(data: bytes, at: int) -> tuple[int, int]:
    """An element's id (its length marker belongs to it) and where its size stands."""
    width = _width(data, at)
    return int.from_bytes(data[at : at + width], "big"), at + width


def _number(data: bytes, at: int) -> tuple[int | None, int]:
    """An EBML number (None: unknown) and how many bytes it takes; 0 where there is none."""
    width = _width(data, at)
    if width == 0 or at + width > len(data):
        return None, 0
    most = (1 << (7 * width)) - 1
    value = int.from_bytes(data[at : at + width], "big") & most
    return (None if value == most else value), width


def _width(data: bytes, at: int) -> int:
    if at >= len(data) or data[at] == 0:
        return 0
    return 9 - data[at].bit_length()
