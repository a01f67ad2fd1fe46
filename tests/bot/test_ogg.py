"""A browser's recording as a voice note of Telegram: every packet, in order, in good pages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ogg, sound, webm

HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
PACKET = b"\x78" + b"x" * 40  # CELT, 20 ms


def element(name: bytes, content: bytes, *, unknown: bool = False) -> bytes:
    """One of EBML's, its size in eight bytes; or unknown, as a recorder writes it."""
    size = b"\x01" + (b"\xff" * 7 if unknown else len(content).to_bytes(7, "big"))
    return name + size + content


def recording(
    *packets: bytes, head: bytes = HEAD, codec: bytes = b"A_OPUS", simple: bool = True,
    unknown: bool = True, flags: int = 0x80, others: bytes = b"", track: int = 1,
) -> bytes:  # fmt: skip
    """What Chromium writes: one sound track, clusters that do not know how long they become."""
    entry = element(b"\xd7", bytes([track])) + element(b"\x86", codec) + element(b"\x63\xa2", head)
    tracks = element(b"\x16\x54\xae\x6b", others + element(b"\xae", entry))
    blocks = b""
    for place, packet in enumerate(packets):
        block = bytes([0x80 | track]) + struct.pack(">hB", place * 20 % 30_000, flags) + packet
        blocks += element(b"\xa3", block) if simple else element(b"\xa0", element(b"\xa1", block))
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\0") + blocks, unknown=unknown)
    start = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
    return start + element(b"\x18\x53\x80\x67", tracks + cluster, unknown=unknown)


@dataclass
class Page:
    flags: int
    position: int
    serial: int
    number: int
    lengths: bytes
    content: bytes


def pages(data: bytes) -> Iterator[Page]:
    """Read strictly, by RFC 3533, with a slow checksum of its own."""
    while data:
        mark, version, flags, position, serial, number, crc, count = struct.unpack_from(
            "<4sBBQIIIB", data
        )
        assert (mark, version) == (b"OggS", 0)
        lengths = data[27 : 27 + count]
        end = 27 + count + sum(lengths)
        assert len(data) >= end
        assert slow_checksum(data[:22] + b"\0\0\0\0" + data[26:end]) == crc
        yield Page(flags, position, serial, number, lengths, data[27 + count : end])
        data = data[end:]


def slow_checksum(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x104C11DB7 if crc & 0x80000000 else crc << 1
    return crc


def packets_of(found: list[Page]) -> list[bytes]:
    packets, open_one = [], b""
    for page in found:
        assert bool(page.flags & 1) == bool(open_one), "continued says what is so"
        at = 0
        for length in page.lengths:
            open_one += page.content[at : at + length]
            at += length
            if length < 255:
                packets.append(open_one)
                open_one = b""
    assert open_one == b""
    return packets


def check(data: bytes, head: bytes, packets: list[bytes]) -> None:
    found = list(pages(data))
    assert packets_of(found) == [head, ogg._TAGS, *packets]
    assert [page.number for page in found] == list(range(len(found)))
    assert {page.serial for page in found} == {found[0].serial}
    assert [page.flags & 2 for page in found] == [2] + [0] * (len(found) - 1)
    assert [page.flags & 4 for page in found] == [0] * (len(found) - 1) + [4]
    assert found[0].content == head, "the head stands alone on its page (RFC 7845 §3)"
    total = done = 0
    for page in found[2:]:
        ends = sum(length < 255 for length in page.lengths)
        total += sum(ogg.samples(packet) for packet in packets[done : done + ends])
        done += ends
        assert page.position == (total if ends else 2**64 - 1)
    assert found[-1].position == total


@given(st.binary(max_size=700))
def test_the_quick_checksum_is_the_slow_one(data: bytes) -> None:
    assert ogg.checksum(data) == slow_checksum(data)


def packet() -> Any:
    """Any packet: its first byte says how long it sounds; code 3 says how many frames it has."""
    plain = st.integers(0, 255).filter(lambda byte: byte & 3 != 3).map(lambda byte: bytes([byte]))
    several = st.integers(16, 31).flatmap(
        lambda kind: st.integers(1, 6).map(lambda count: bytes([kind << 3 | 3, count]))
    )
    sizes = st.integers(0, 2_000) | st.sampled_from([253, 254, 255, 508, 509, 510, 66_000])
    body = sizes.map(lambda size: bytes(index % 251 for index in range(size)))
    return st.tuples(plain | several, body).map(lambda both: both[0] + both[1])


@given(st.lists(packet(), min_size=1, max_size=60))
def test_every_packet_comes_back_whole_and_in_order(packets: list[bytes]) -> None:
    check(ogg.write(HEAD, packets), HEAD, packets)


@pytest.mark.parametrize("simple", [True, False])
@pytest.mark.parametrize("unknown", [True, False])
def test_a_recording_becomes_a_voice_note_of_the_same_length(simple: bool, unknown: bool) -> None:
    packets = [PACKET + bytes([place % 256]) for place in range(500)]
    made, mime = ogg.voice_for_telegram(
        recording(*packets, simple=simple, unknown=unknown), "audio/webm"
    )
    assert mime == "audio/ogg"
    assert sound.sniff(made) == "audio/ogg"
    assert sound.seconds(made, mime) == pytest.approx(10 - 312 / 48_000, abs=0.01)
    check(made, HEAD, packets)


def test_the_sound_is_found_beside_a_picture() -> None:
    film = element(b"\xae", element(b"\xd7", b"\x02") + element(b"\x86", b"V_VP8"))
    head, packets = webm.opus(recording(PACKET, others=film))
    assert (head, packets) == (HEAD, (PACKET,))


def test_what_is_cut_off_is_left_out() -> None:
    whole = recording(PACKET, PACKET)
    assert webm.opus(whole[:-1])[1] == (PACKET,)
    for end in range(len(whole)):
        made, mime = ogg.voice_for_telegram(whole[:end], "audio/webm")
        assert mime == ("audio/ogg" if made[:4] == b"OggS" else "audio/webm")


NOT_OURS = {
    "nothing": b"",
    "no webm": b"OggS" + b"\0" * 90,
    "vorbis": recording(PACKET, codec=b"A_VORBIS"),
    "no head": recording(PACKET, head=b"?"),
    "no sound": recording(),
    "several in a block": recording(PACKET, flags=0x82),
    "no packet of opus": recording(b"\x03\x3f" + b"x" * 9),
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_no_recording_stays_as_it_is(name: str) -> None:
    assert ogg.voice_for_telegram(NOT_OURS[name], "audio/webm") == (NOT_OURS[name], "audio/webm")


def test_other_sounds_stay_as_they_are() -> None:
    assert ogg.voice_for_telegram(b"anything", "audio/mp4") == (b"anything", "audio/mp4")


@given(st.binary(max_size=300))
def test_no_bytes_are_a_fault(data: bytes) -> None:
    ogg.voice_for_telegram(b"\x1aE\xdf\xa3" + data, "audio/webm")


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (b"\x00", 480), (b"\x18", 2_880), (b"\x60", 480), (b"\x80", 120), (b"\x78", 960),
        (b"\xf8", 960), (b"\xf9", 1_920), (b"\xfb\x03", 2_880), (b"\x1a", 5_760),
    ],
)  # fmt: skip
def test_how_long_a_packet_sounds(packet: bytes, expected: int) -> None:
    assert ogg.samples(packet) == expected


@pytest.mark.parametrize("packet", [b"", b"\x03", b"\x03\x00", b"\xff\x3f", b"\x1b\x03"])
def test_what_is_no_packet(packet: bytes) -> None:
    with pytest.raises(ValueError, match="packet"):
        ogg.samples(packet)
