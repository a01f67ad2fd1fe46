"""Uploads that are slow, many or large harm nobody else."""

from __future__ import annotations

import asyncio
import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot import media
from bot.channels.web import body, resident
from bot.channels.web.problems import Problem
from bot.channels.web.uploads import Room
from handlers.ports import Update
from handlers.receive import receive
from tests.bot.running import PATIENCE, Resident, Running, running, settings_of

PHOTO = io.BytesIO()
Image.new("RGB", (40, 30), "orange").save(PHOTO, "JPEG")


async def begun(
    house: Running,
    page: Resident,
    length: str,
    sent: bytes = b"--B\r\n",
    path: str = "/chat/media",
    kind: str = "multipart/form-data; boundary=B",
) -> Any:
    """A connection that has sent the head of an upload and little of its body."""
    port = int(house.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    cookie = page.client.cookies["nx_device"]
    writer.write(
        (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nX-Nuanxin: 1\r\n"
            f"Cookie: nx_device={cookie}\r\nContent-Length: {length}\r\n"
            f"Content-Type: {kind}\r\n\r\n"
        ).encode()
        + sent
    )
    await writer.drain()
    return reader, writer


async def status(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(PATIENCE):
        return int((await reader.readline()).split()[1])


async def until_told(page: Resident, status: int) -> Any:
    """Send until the answer is this: the house has seen then what other connections do."""
    async with asyncio.timeout(PATIENCE):
        while (answer := await send(page)).status_code != status:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return answer


async def send(page: Resident, own_id: str = "f1") -> Any:
    return await page.client.post(
        "/chat/media",
        data={"id": own_id, "kind": "photo"},
        files={"file": ("x", PHOTO.getvalue())},
    )


async def test_idle_uploads_hold_up_no_other_device(house: Running) -> None:
    opened = []
    for _ in range(10):
        page = await house.resident()
        opened += [await begun(house, page, str(10 * media.MB)) for _ in range(2)]
    assert (await send(await house.resident())).status_code == 202
    for _, writer in opened:
        writer.close()


async def test_a_device_has_two_at_once(house: Running) -> None:
    page = await house.resident()
    held = [await begun(house, page, "9000") for _ in range(2)]
    third = await until_told(page, 429)
    assert third.json()["error"] == "too_many"
    assert int(third.headers["Retry-After"]) > 0
    for _, writer in held:
        writer.close()
    await until_told(page, 202)  # the place of who has gone is free


async def test_a_body_that_does_not_come_is_given_up(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "SECONDS", 0.3)
    page = await house.resident()
    reader, writer = await begun(house, page, "9000")
    assert await status(reader) == 408
    rest = await reader.read()  # and the line is closed: what still comes is no new request
    assert b"connection: close" in rest.lower()
    writer.close()
    reader, writer = await begun(house, page, "9000", b"{", "/chat/messages", "application/json")
    assert await status(reader) == 408
    writer.close()
    monkeypatch.undo()
    assert (await page.say("想进养老院")).status_code == 202


@pytest.mark.parametrize(
    ("length", "expected"),
    [("0" * 30 + "7", 400), ("1" + "0" * 14, 413), ("0" * 12 + "99999999999", 413)],
)
async def test_a_length_is_read_whole(house: Running, length: str, expected: int) -> None:
    page = await house.resident()
    reader, writer = await begun(house, page, length, b"--B--\r\n")
    assert await status(reader) == expected
    writer.close()


@pytest.mark.parametrize("charset", ["idna", "utf-16", "undefined", "zlib_codec", "x" * 300])
async def test_a_charset_that_is_none_is_no_fault_of_ours(house: Running, charset: str) -> None:
    page = await house.resident()
    form = (
        b'--B\r\nContent-Disposition: form-data; name="id"\r\n\r\na..b' + b"x" * 70 + b"\r\n"
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--B--\r\n'
    )
    kind = {"Content-Type": f"multipart/form-data; boundary=B; charset={charset}"}
    answer = await page.client.post("/chat/media", content=form, headers=kind)
    assert 400 <= answer.status_code < 500, answer.text


def test_the_room_counts_what_has_come() -> None:
    room = Room(100)
    with room.share("a") as first:
        first.take(150)  # one file always has room
        with room.share("b") as second, pytest.raises(Problem) as full:
            second.take(1)
        assert (full.value.status, full.value.retry_after) == (503, 5)
        first.take(10)
        assert room.taken == 160
    assert room.taken == 0
    with room.share("a"), room.share("a"), pytest.raises(Problem) as many, room.share("a"):
        room.taken = -1
    assert (many.value.status, room.taken) == (429, 0)


async def test_one_photo_is_decoded_at_a_time_and_holds_its_room(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most = 0, 0
    plain = media.prepare

    def counted(*given: Any) -> media.Ready:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        ready = plain(*given)
        time.sleep(0.05)
        at_once -= 1
        return ready

    monkeypatch.setattr(media, "prepare", counted)
    pages = [await house.resident() for _ in range(4)]
    answers = await asyncio.gather(*(send(page) for page in pages))
    assert {answer.status_code for answer in answers} == {202}
    assert most == 1


async def test_a_device_sends_so_many_files_an_hour(tmp_path: Path, both_settings: Any) -> None:
    settings = settings_of(
        both_settings.database_url,
        tmp_path,
        both_settings.env.key.get_secret_value(),
        limits={"media_an_hour": 3},
    )
    async with running(settings) as house:
        page = await house.resident()
        for number in range(3):
            assert (await send(page, f"f{number}")).status_code == 202
        over = await send(page, "f3")
        assert (over.status_code, over.json()["error"]) == (429, "too_many")
        assert int(over.headers["Retry-After"]) > 0
        assert (await page.say("想进养老院")).status_code == 202, "words go on"
        assert (await send(await house.resident())).status_code == 202
        house.app.database.clock.advance(timedelta(minutes=61))
        assert (await send(page, "f3")).status_code == 202


async def test_on_a_low_disk_words_go_on_before_files(house: Running) -> None:
    page = await house.resident()
    house.app.disk._least = house.app.disk.free_mb * 2
    refused = await send(page)
    assert (refused.status_code, refused.json()["error"]) == (503, "busy")
    assert (await page.say("我不想活了")).status_code == 202
    house.app.disk._least = house.app.disk.free_mb * 5
    assert (await page.say("喂")).status_code == 503
    assert (await page.say("我爱人打我")).status_code == 202, "danger needs few bytes"


async def test_an_update_says_from_which_network_it_came(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str | None] = []
    plain = receive

    def seen(db: Any, update: Update, *given: Any) -> bool:
        found.append(update.origin)
        return plain(db, update, *given)

    monkeypatch.setattr(resident, "receive", seen)
    page, other = await house.resident(), await house.resident()
    assert (await page.say("喂")).status_code == 202
    assert (await send(other)).status_code == 202
    other.client.headers["X-Forwarded-For"] = "203.0.113.9"
    assert (await other.say("喂")).status_code == 202
    assert found[0] == found[1] != found[2]
    assert None not in found
    assert "203.0.113.9" not in found
