"""What is sent as a file: taken by what it is, and without the place where it was made."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import media, sound, video
from bot.media import Limits, Unfit, prepare
from tests.bot.test_media import jpeg, ogg, wav

LIMITS = Limits()
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def box(name: bytes, content: bytes, *, large: bool = False) -> bytes:
    if large:
        return struct.pack(">I4sQ", 1, name, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, name) + content


def film(brand: bytes = b"isom", *, large: bool = False) -> bytes:
    """A film of 3.5 s that tells where it was made, for itself and for its track."""
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+31.2304+121.4737/"), large=large)
    facts = box(b"meta", b"com.apple.quicktime.location.ISO6709 +31.2304+121.4737/")
    length = box(b"mvhd", b"\0" * 12 + struct.pack(">II", 1000, 3500) + b"\0" * 80)
    movie = box(b"moov", length + box(b"trak", facts + box(b"tkhd", b"\0" * 84)) + place)
    return box(b"ftyp", brand + b"\0\0\2\0") + movie + box(b"mdat", b"pictures" * 9)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("brand", "mime"), [(b"isom", "video/mp4"), (b"qt  ", "video/quicktime")])
def test_a_film_is_kept_without_its_place(brand: bytes, mime: str, large: bool) -> None:
    whole = film(brand, large=large)
    ready = prepare(whole, "document", LIMITS)
    assert (ready.mime, ready.seconds, ready.kind) == (mime, 3.5, None)
    assert b"31.2304" in whole
    assert b"31.2304" not in ready.data
    assert len(ready.data) == len(whole)
    assert ready.data.endswith(b"pictures")
    assert ready.data.count(b"free") == 2


def test_a_pdf_is_kept_as_it_is() -> None:
    assert prepare(PDF, "document", LIMITS) == media.Ready(PDF, "application/pdf")
    for before in (b"\0\n", b"\xef\xbb\xbf\r\n"):
        assert prepare(before + PDF, "document", LIMITS).mime == "application/pdf"


def test_a_picture_sent_as_a_file_becomes_a_photo() -> None:
    ready = prepare(jpeg(), "document", LIMITS)
    assert (ready.mime, ready.kind) == ("image/jpeg", "photo")
    assert b"SecretPhone" not in ready.data


def test_a_recording_sent_as_a_file_is_kept() -> None:
    ready = prepare(wav(2.5), "document", LIMITS)
    assert (ready.mime, ready.seconds, ready.kind) == ("audio/wav", 2.5, None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"MZ" + b"\0" * 400, "unsupported"),
        (b"PK\3\4" + b"\0" * 400, "unsupported"),
        (b"<html>", "unsupported"),
        (b"MZ\x90\0" + b"\0" * 60 + PDF, "unsupported"),
        (b"MZ\x90\0ftypisom" + b"\0" * 60, "unsupported"),
        (b"\xef\xbb\xbf <!--" + PDF, "unsupported"),
        (b"#!/bin/sh\n" + PDF, "unsupported"),
        (b"PK\3\4" + PDF, "unsupported"),
        (b"\x7fELF" + PDF, "unsupported"),
        (box(b"ftyp", b"heic" + b"\0" * 20), "unsupported"),
        (b"x" * (20 * media.MB + 1), "too_large"),
        (jpeg() + b"\0" * (10 * media.MB), "too_large"),
    ],
    ids=[
        "nothing",
        "program",
        "archive",
        "page",
        "program with a PDF in it",
        "program as a film",
        "page with a PDF in it",
        "script",
        "archive with a PDF in it",
        "ELF",
        "heic",
        "large",
        "large picture",
    ],
)
def test_other_files_are_not_kept(data: bytes, code: str) -> None:
    with pytest.raises(Unfit) as caught:
        prepare(data, "document", LIMITS)
    assert caught.value.code == code


def test_sounds_and_pictures_in_boxes_are_no_films() -> None:
    for brand in (b"M4A ", b"heic", b"avif"):
        assert video.sniff(box(b"ftyp", brand + b"\0" * 8)) is None
    assert media.sniff_document(box(b"ftyp", b"M4A \0\0\0\0")) == "audio/mp4"


@given(st.binary(max_size=200))
def test_broken_films_are_no_fault(data: bytes) -> None:
    head = box(b"ftyp", b"isom")
    for whole in (head + data, head + box(b"moov", data), head + b"\0\0\0\1moov" + data):
        assert len(video.without_place(whole)) == len(whole)


def test_boxes_in_boxes_without_end_are_bounded() -> None:
    data = b""
    for _ in range(2_000):
        data = box(b"moov", data)
    assert video.without_place(data) == data


def test_what_is_skipped_at_the_beginning_is_not_heard() -> None:
    whole = bytearray(ogg(7))
    at = whole.index(b"OpusHead")
    whole[at + 10 : at + 12] = struct.pack("<H", 3_840)
    assert sound.seconds(bytes(whole), "audio/ogg") == pytest.approx(6.92)
