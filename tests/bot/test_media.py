"""Voice notes and photos: sniffed, stripped of place, bounded, given only to their own."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import time
import wave
import zlib
from typing import Any

import pytest
from PIL import Image

from bot import media, sound
from tests.bot.running import Resident, Running


def jpeg(size: tuple[int, int] = (40, 30), *, place: bool = True) -> bytes:
    image = Image.new("RGB", size, "orange")
    exif = Image.Exif()
    if place:
        exif[0x0110] = "SecretPhone"
        exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 7.0), 3: "E", 4: (121.0, 28.0, 1.0)})
        exif[0x0112] = 6  # lies on its side
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def wav(seconds: float, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(b"\x80" * int(seconds * rate))
    return out.getvalue()


def ogg(seconds: int) -> bytes:
    head = b"OggS\0\2" + struct.pack("<q", 0) + b"\0" * 12 + b"\1\x13OpusHead" + b"\0" * 60
    return head + b"OggS\0\4" + struct.pack("<q", seconds * 48_000) + b"\0" * 40


def webm(ms: int) -> bytes:
    cluster = b"\x1fC\xb6u\x01\xff\xff\xff\xff\xff\xff\xff\xe7\x82" + struct.pack(">H", ms - 20)
    block = b"\xa3\x85\x81" + struct.pack(">h", 20) + b"\x80x"
    return b"\x1aE\xdf\xa3" + b"\0" * 30 + cluster + block


def test_a_photo_loses_where_and_with_what_it_was_taken_and_stands_upright() -> None:
    ready = media.prepare(jpeg(), "photo", media.Limits())
    with Image.open(io.BytesIO(ready.data)) as image:
        assert image.size == (30, 40)
        assert not image.getexif()
    assert b"SecretPhone" not in ready.data
    assert b"Exif" not in ready.data
    assert ready.mime == "image/jpeg"


def test_a_strip_is_decoded_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft that asks for a square would not make 65,000 × 1,800 smaller at all."""
    sizes: list[tuple[int, int]] = []
    plain = Image.Image.thumbnail

    def seen(image: Image.Image, size: tuple[int, int]) -> None:
        sizes.append(image.size)
        plain(image, size)

    monkeypatch.setattr(Image.Image, "thumbnail", seen)
    ready = media.prepare(big(65_000, 1_800), "photo", media.Limits())
    assert ready.mime == "image/jpeg"
    assert sizes == [(8125, 225)]


@pytest.mark.parametrize("progressive", [False, True])
def test_passes_are_told_apart(progressive: bool) -> None:
    assert media._in_one_pass(big(40, 40, progressive=progressive)) is not progressive
    assert media._in_one_pass(jpeg(place=True))
    for end in range(0, 400, 7):
        media._in_one_pass(jpeg()[:end])


def test_a_scan_for_each_colour_is_more_than_one_pass() -> None:
    data = jpeg(place=False)
    at = data.index(b"\xff\xda")
    assert media._in_one_pass(data)
    assert not media._in_one_pass(data[: at + 4] + b"\1" + data[at + 5 :])


def test_anything_in_exif_is_no_fault_of_ours() -> None:
    chance = random.Random(7)
    whole = jpeg()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(4):
            data[chance.randrange(20, 300)] = chance.randrange(256)
        with contextlib.suppress(media.Unfit):
            media.prepare(bytes(data), "photo", media.Limits())


def test_a_sound_of_many_frames_is_not_counted_for_ever() -> None:
    began = time.process_time()
    for data in (b"#!AMR\n" + b"\x7c" * 10_000_000, webm(500) + b"\xa3\x84\x81\0\0\0" * 1_600_000,
                 b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 1_200_000):  # fmt: skip
        sound.seconds(data, sound.sniff(data) or "")
    assert sound.seconds(b"#!AMR\n" + b"\x7c" * 10_000_000, "audio/amr") == 3600
    assert time.process_time() - began < 1.5


def test_a_large_photo_becomes_small_enough() -> None:
    ready = media.prepare(jpeg((5000, 200), place=False), "photo", media.Limits())
    with Image.open(io.BytesIO(ready.data)) as image:
        assert max(image.size) == media.SIDE


def test_a_clear_picture_is_put_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    ready = media.prepare(out.getvalue(), "photo", media.Limits())
    with Image.open(io.BytesIO(ready.data)) as image:
        assert image.getpixel((1, 1)) == (255, 255, 255)


def _bomb() -> bytes:
    """A PNG that says it is 60,000 × 60,000."""

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def big(width: int, height: int, **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "JPEG", quality=1, **how)
    return out.getvalue()


UNFIT: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "photo", "empty_file"),
    "text": (b"hello", "photo", "unsupported"),
    "gif": (b"GIF89a" + b"\0" * 40, "photo", "unsupported"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo", "unsupported"),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "photo", "unsupported"),
    "broken jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 40, "photo", "unsupported"),
    "cut jpeg": (jpeg((400, 400))[:300], "photo", "unsupported"),
    "a sound as a photo": (wav(1), "photo", "unsupported"),
    "a photo as a sound": (jpeg(), "voice", "unsupported"),
    "a program": (b"MZ" + b"\0" * 400, "voice", "unsupported"),
    "too many pixels": (_bomb(), "photo", "too_large"),
    "too many passes": (big(6000, 5000, progressive=True), "photo", "too_large"),
    "more than can be made smaller": (big(65_000, 3_000), "photo", "too_large"),
    "too large": (wav(2), "voice", "too_large"),
    "too long": (wav(400, 10), "voice", "too_long_voice"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_unfit_files(name: str) -> None:
    data, kind, code = UNFIT[name]
    with pytest.raises(media.Unfit) as caught:
        media.prepare(data, kind, media.Limits(voice=10_000))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "mime", "seconds"),
    [
        (wav(2.5), "audio/wav", 2.5),
        (ogg(7), "audio/ogg", 7),
        (webm(4200), "audio/webm", 4.2),
        (b"#!AMR\n" + (b"\x3c" + b"\0" * 31) * 50, "audio/amr", 1.0),
        (b"\0\0\0\x18ftypisom" + b"\0" * 12 + b"mvhd" + b"\0" * 12 + struct.pack(">II", 1000, 3500),
         "audio/mp4", 3.5),
        (b"ID3\4" + b"\0" * 40, "audio/mpeg", None),
    ],
)  # fmt: skip
def test_sounds_tell_their_length(data: bytes, mime: str, seconds: float | None) -> None:
    assert sound.sniff(data) == mime
    assert sound.seconds(data, mime) == seconds


@pytest.mark.parametrize("kind", ["audio/wav", "audio/ogg", "audio/mp4", "audio/amr", "audio/webm"])
def test_a_cut_or_false_header_is_no_fault(kind: str) -> None:
    whole = {"audio/wav": wav(1), "audio/ogg": ogg(1), "audio/webm": webm(900),
             "audio/amr": b"#!AMR\n\x3c", "audio/mp4": b"\0\0\0\x18ftypisommvhd"}[kind]  # fmt: skip
    for end in range(min(len(whole), 120)):
        sound.seconds(whole[:end] + b"\xff" * 3, kind)


async def send(page: Resident, data: bytes, kind: str, own_id: str = "f1", **more: Any) -> Any:
    return await page.client.post(
        "/chat/media", data={"id": own_id, "kind": kind, **more}, files={"file": ("x", data)}
    )


async def test_a_voice_note_is_kept_played_in_parts_and_only_by_its_own(both: Running) -> None:
    page, other = await both.resident(), await both.resident()
    assert (await send(page, wav(1), "voice")).status_code == 202
    assert (await send(page, wav(1), "voice")).status_code == 202  # the same again
    changed = await send(page, wav(2), "voice")
    assert (changed.status_code, changed.json()["error"]) == (409, "same_id")
    log = await page.until(lambda log: any(entry["media"] for entry in log))
    mine = [entry["media"] for entry in log if entry["media"]]
    assert len(mine) == 1
    assert (mine[0]["kind"], mine[0]["mime"], mine[0]["seconds"]) == ("voice", "audio/wav", 1.0)
    path = f"/chat/media/{mine[0]['id']}"
    whole = await page.client.get(path)
    assert (whole.status_code, whole.content) == (200, wav(1))
    assert whole.headers["content-type"] == "audio/wav"
    part = await page.client.get(path, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, wav(1)[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(wav(1))}"
    last = await page.client.get(path, headers={"Range": "bytes=-5"})
    assert (last.status_code, last.content) == (206, wav(1)[-5:])
    beyond = await page.client.get(path, headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416
    assert (await other.client.get(path)).status_code == 404
    kept = both.app.settings.env.data / "media" / mine[0]["id"]
    assert wav(1)[44:] not in kept.read_bytes()


async def test_an_advisor_hears_it(house: Running) -> None:
    page, desk = await house.resident(), await house.staff("李顾问")
    await page.say("我不想活了")
    await send(page, wav(1), "voice")
    log = await page.until(lambda log: any(entry["media"] for entry in log))
    media_id = next(entry["media"]["id"] for entry in log if entry["media"])
    card = (await desk.cards())[0]
    assert card["voice_unheard"] is True
    file = await desk.client.get(f"/desk/api/media/{media_id}")
    assert file.content == wav(1)
    assert file.headers["cache-control"] == "no-store"
    assert (await desk.post(f"media/{media_id}/heard")).status_code == 200
    assert (await desk.cards())[0]["voice_unheard"] is False


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"hello", "photo", 415, "unsupported"),
        (b"", "voice", 400, "empty_file"),
        (b"x" * (11 * media.MB), "photo", 413, "too_large"),
        (jpeg(), "film", 400, "invalid"),
        (jpeg(), "voice", 415, "unsupported"),
    ],
)
async def test_what_is_no_photo_and_no_voice_is_refused_kindly(
    house: Running, data: bytes, kind: str, status: int, code: str
) -> None:
    page = await house.resident()
    answer = await send(page, data, kind)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["say"].endswith("。")
    assert await page.log() == []


async def test_broken_forms(house: Running) -> None:
    page = await house.resident()
    post = page.client.post
    no_file = await post("/chat/media", data={"id": "a", "kind": "photo"})
    assert no_file.status_code == 415  # httpx sends a plain form
    words = await post("/chat/media", files={"file": (None, "no file"), "id": (None, "a")})
    assert words.status_code == 400
    two = await post("/chat/media", files=[("file", ("a", b"x")), ("file", ("b", b"x"))])
    assert two.status_code == 400
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await post("/chat/media", content=b"--y\r\n", headers=kind)).status_code == 400
    bare = {"Content-Type": "multipart/form-data"}
    assert (await post("/chat/media", content=b"--y\r\n", headers=bare)).status_code == 400
