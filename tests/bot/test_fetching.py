"""Files that a channel holds: kept once, tried again, asked for again; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import fetching
from bot.channels.base import FetchError
from bot.house import build_house
from bot.settings import load
from handlers import receive
from handlers.ports import House
from storage import failpoints, fetches
from storage import media as rows
from storage.clock import utc_now
from storage.database import Database
from tests.bot.shelves import NAME, Post, Shelf, until
from tests.bot.test_media import jpeg, ogg, wav


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), utc_now().date())[0]


@pytest.fixture
def post(database: Database, tmp_path: Path, house: House) -> Post:
    return Post(database, tmp_path / "media", house, Shelf())


async def test_a_file_is_kept_as_it_is_found_to_be(post: Post) -> None:
    voice = await post.arrives("v", ogg(7))
    photo = await post.arrives("p", jpeg(), "photo")
    paper = await post.arrives("d", b"%PDF-1.7", "document", "说明.pdf")
    assert (await post.row(voice)).state == "awaited"
    async with post.at_work() as fetcher:
        for each in (voice, photo, paper):
            await post.until(each, "kept")
    row = await post.row(voice)
    assert (row.mime, row.seconds, row.size) == ("audio/ogg", 7.0, len(ogg(7)))
    assert post.files.read(voice) == ogg(7)
    assert (await post.row(photo)).mime == "image/jpeg"
    assert b"SecretPhone" not in post.files.read(photo)
    row = await post.row(paper)
    assert row.mime == "application/pdf"
    assert await post.database.read(rows.name_of, row) == "说明.pdf"
    assert await post.waiting() == 0
    assert fetcher.kept == 3
    assert await post.told() == []


async def test_a_file_is_called_by_what_it_is_and_a_program_is_not_kept(post: Post) -> None:
    paper = await post.arrives("d", b"%PDF-1.7", "document", "../户口本\u202egpj.exe")
    program = await post.arrives("e", b"MZ\x90" + b"\0" * 60 + b"%PDF-1.7", "document", "a.pdf")
    held = await post.row(paper)
    assert await post.database.read(rows.name_of, held) == "户口本gpj.ogg", "as it was announced"
    async with post.at_work():
        row = await post.until(paper, "kept")
        await post.until(program, "lost")
    assert await post.database.read(rows.name_of, row) == "户口本gpj.pdf"


async def test_of_too_many_in_an_hour_it_is_said_once(post: Post) -> None:
    most = 3
    post.house = replace(post.house, office=replace(post.house.office, media_an_hour=most))
    made = [await post.arrives(f"v{number}", wav(1)) for number in range(6)]
    assert [(await post.row(each)).state for each in made] == ["awaited"] * 3 + ["lost"] * 3
    assert await post.told() == [post.house.phrases.say("media.too_many")]
    assert await post.waiting() == most


async def test_nor_too_many_bytes(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "BYTES_AN_HOUR", 20)  # each is announced with nine
    made = [await post.arrives(f"v{number}", wav(1)) for number in range(5)]
    assert [(await post.row(each)).state for each in made] == ["awaited"] * 2 + ["lost"] * 3
    assert await post.told() == [post.house.phrases.say("media.too_many")]


async def test_while_the_disk_is_low_nothing_is_asked_for(post: Post) -> None:
    voice = await post.arrives("v", wav(1))
    room = False
    async with post.at_work(has_room=lambda: room):
        await asyncio.sleep(0.1)
        assert post.shelf.asked == []
        assert await post.attempts() == [0]
        room = True
        await post.until(voice, "kept")


async def test_a_picture_sent_as_a_file_is_a_photo(post: Post) -> None:
    made = await post.arrives("d", jpeg(), "document")
    async with post.at_work():
        assert (await post.until(made, "kept")).kind == "photo"


async def test_what_fails_for_a_while_is_tried_again(post: Post) -> None:
    post.shelf.plan["v"] = [FetchError("server_error", retryable=True), KeyError("fault")]
    voice = await post.arrives("v", wav(2))
    async with post.at_work():
        await post.until(voice, "kept")
    assert post.shelf.asked == ["v"] * 3
    assert await post.told() == []


LOST: dict[str, tuple[bytes, str, Exception | None, str]] = {
    "gone": (wav(1), "voice", FetchError("no_file"), "media.failed"),
    "too large there": (wav(1), "voice", FetchError("too_big"), "media.too_big"),
    "no file we take": (b"MZ" + b"\0" * 99, "document", None, "media.wrong_kind"),
    "too long": (wav(400, 10), "voice", None, "media.too_long"),
    "empty": (b"", "photo", None, "media.wrong_kind"),
}


@pytest.mark.parametrize("name", LOST)
async def test_what_cannot_be_had_is_asked_for_again(post: Post, name: str) -> None:
    data, kind, error, key = LOST[name]
    made = await post.arrives("f", data, kind)
    if error is not None:
        post.shelf.plan["f"] = [error]
    async with post.at_work() as fetcher:
        await post.until(made, "lost")
    assert await post.waiting() == 0
    assert fetcher.lost == 1
    assert await post.told() == [post.house.phrases.say(key)]
    assert not (post.files._folder / made).exists()


async def test_after_many_tries_it_is_lost(post: Post) -> None:
    made = await post.arrives("v", wav(1))
    post.shelf.plan["v"] = [FetchError("server_error", retryable=True) for _ in range(9)]
    async with post.at_work(tries=3):
        await post.until(made, "lost")
    assert post.shelf.asked == ["v"] * 3


async def test_a_channel_that_is_down_costs_no_file_anything(post: Post) -> None:
    many = [await post.arrives(f"v{number}", wav(1)) for number in range(5)]
    post.shelf.down = FetchError("unreachable", retryable=True, everywhere=True)
    async with post.at_work(tries=2):
        await until(lambda: len(post.shelf.asked) > 8)
        assert sum(await post.attempts()) <= 1, "only the one in hand, until it is given back"
        post.shelf.down = None
        for each in many:
            await post.until(each, "kept")
    assert await post.told() == []


async def test_while_it_is_down_the_others_are_left_in_peace(post: Post) -> None:
    for number in range(6):
        await post.arrives(f"v{number}", wav(1), chat=f"chat-{number}")
    post.shelf.down = FetchError("unreachable", retryable=True, everywhere=True)
    async with post.at_work(first_rest=60.0):
        await until(lambda: len(post.shelf.asked) >= fetching.AT_ONCE)
        await asyncio.sleep(0.1)
        assert len(post.shelf.asked) == fetching.AT_ONCE, "those in hand when it went down"


async def test_a_full_disk_is_no_fault_of_the_file(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await post.arrives("v", wav(1))
    written: list[str] = []

    def full(media_id: str, data: bytes) -> None:
        written.append(media_id)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(post.files, "write", full)
    async with post.at_work():
        await until(lambda: bool(written))
    assert await post.attempts() == [0]
    assert (await post.row(made)).state == "awaited"


class Crash(BaseException):
    """A process that dies at a failpoint, as far as one process can play it."""


@pytest.mark.parametrize("point", ["media.after_file", "media.after_commit"])
async def test_a_death_costs_no_file(post: Post, point: str) -> None:
    made = await post.arrives("v", wav(1))
    failpoints.arm(point, _crash)
    dying = post.fetcher()
    try:
        taken = await dying._take(1)
        with pytest.raises(Crash):
            await dying._fetch(taken[0])
    finally:
        failpoints.disarm()
    post.database.clock.advance(timedelta(hours=1))  # the lease of the dead one ends
    async with post.at_work(owner="next"):
        await post.until(made, "kept")
    assert post.files.read(made) == wav(1)
    assert await post.waiting() == 0


def _crash() -> None:
    raise Crash


async def test_a_file_that_ends_the_process_each_time_is_given_up(post: Post) -> None:
    made = await post.arrives("v", wav(1))
    lease = timedelta(seconds=0)
    for _ in range(3):
        now = post.database.clock.now()
        await post.database.write(fetches.lease, NAME, "42", "dying", now, now + lease, 1)
    async with post.at_work(tries=3):
        await post.until(made, "lost")
    assert post.shelf.asked == []


async def test_who_lost_the_lease_says_nothing(post: Post) -> None:
    made = await post.arrives("v", b"MZ" + b"\0" * 99)
    slow = post.fetcher()
    taken = await slow._take(1)
    post.database.clock.advance(timedelta(hours=1))
    now = post.database.clock.now()
    again = await post.database.write(
        fetches.lease, NAME, "42", "other", now, now + timedelta(minutes=1), 1
    )
    assert [one.media_id for one in again] == [made]
    await slow._fetch(taken[0])
    assert (await post.row(made)).state == "awaited"
    assert await post.told() == []
    assert slow.lost == 0


async def test_two_processes_fetch_a_file_once(
    open_database: Callable[..., Database], tmp_path: Path, house: House
) -> None:
    shelf = Shelf()
    one = Post(open_database(), tmp_path / "media", house, shelf)
    two = Post(open_database(), tmp_path / "media", house, shelf)
    many = [await one.arrives(f"v{number}", wav(1)) for number in range(8)]
    async with one.at_work(owner="one"), two.at_work(owner="two"):
        for each in many:
            await one.until(each, "kept")
    assert sorted(shelf.asked) == sorted(shelf.files)


def test_a_lease_is_longer_than_a_fetch(post: Post) -> None:
    with pytest.raises(ValueError, match="lease"):
        post.fetcher(lease=timedelta(seconds=1))
