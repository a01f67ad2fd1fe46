"""The files of the tests are what they say, also to the house's own eyes."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot import sound
from tests.botapi import files, media
from tests.botapi.errors import ApiError


@pytest.mark.parametrize("seconds", [0.5, 1, 2, 61])
def test_a_voice_note_is_as_long_as_it_says(seconds: float) -> None:
    data = media.ogg(seconds)
    assert sound.sniff(data) == "audio/ogg"
    assert sound.seconds(data, "audio/ogg") == pytest.approx(seconds, abs=0.05)


def test_every_page_of_a_voice_note_is_right() -> None:
    data, at, numbers = media.ogg(3), 0, []
    while at < len(data):
        segments = data[at + 26]
        size = 27 + segments + sum(data[at + 27 : at + 27 + segments])
        page = data[at : at + size]
        assert page.startswith(b"OggS")
        said = int.from_bytes(page[22:26], "little")
        assert media._crc(page[:22] + b"\0" * 4 + page[26:]) == said
        numbers.append(int.from_bytes(page[18:22], "little"))
        at += size
    assert numbers == list(range(5))


def test_the_sum_is_the_one_of_rfc_3533() -> None:
    """The check value of CRC-32/CKSUM, whose last step turns the sum over."""
    assert media._crc(b"123456789") == 0x765E7680 ^ 0xFFFFFFFF


def test_a_photo_and_a_sticker_can_be_opened() -> None:
    for data, kind in (
        (media.jpeg(), "JPEG"),
        (media.webp(), "WEBP"),
        (media.noisy_jpeg(), "JPEG"),
    ):
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            assert image.format == kind


def test_a_photo_has_its_sizes() -> None:
    made = files.photo(media.jpeg(1280, 960))
    assert [(each.width, each.height) for each in made.sizes] == [(90, 68), (320, 240), (1280, 960)]
    assert made.sizes[-1].data == media.jpeg(1280, 960)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file must be non-empty"),
        (b"hello", "IMAGE_PROCESS_FAILED"),
        (media.jpeg(2000, 50), "PHOTO_INVALID_DIMENSIONS"),
        (b"\0" * 10_000_001, "too big file"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        files.photo(data)
