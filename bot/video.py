"""Videos by their first bytes, and without the place where they were taken.

ISO 14496-12 (MP4) and QuickTime files are boxes in boxes: size, name, content. Telephones write
where a film was made into `udta` and `meta` of `moov` and of its tracks (QuickTime File Format,
"User data atoms" and "Metadata").
"""

from __future__ import annotations

from collections.abc import Iterator

_SOUND = (b"M4A ", b"M4B ", b"M4P ", b"F4A ")  # brands that hold sound only
_PICTURES = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
_HOLDERS = (b"moov", b"trak", b"mdia", b"moof", b"traf")
_TOLD = (b"udta", b"meta", b"uuid")
_MOST_BOXES = 10_000
_DEEPEST = 6


def sniff(data: bytes) -> str | None:
    """video/mp4 or video/quicktime; None for anything else, sounds and pictures too."""
    brand = data[8:12]
    if data[4:8] != b"ftyp" or brand in _SOUND or brand in _PICTURES:
        return None
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def without_place(data: bytes) -> bytes:
    """The same film; what its maker told about it is marked as free room and overwritten."""
    bare = bytearray(data)
    for at, begin, end in _boxes(data, 0, len(data), 0):
        bare[at + 4 : at + 8] = b"free"
        bare[begin:end] = bytes(end - begin)
    return bytes(bare)


def _boxes(data: bytes, at: int, end: int, depth: int) -> Iterator[tuple[int, int, int]]:
    """Every box of _TOLD: where it, its content, and its end stand. Stops where it is broken."""
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        begin = at + 8
        if size == 1:  # a large one: eight bytes after the name say how large
            size, begin = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = end - at
        stop = min(at + size, end)
        if stop < begin:
            return
        if name in _HOLDERS and depth < _DEEPEST:
            yield from _boxes(data, begin, stop, depth + 1)
        elif name in _TOLD:
            yield at, begin, stop
        at = stop
