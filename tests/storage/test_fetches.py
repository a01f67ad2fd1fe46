"""Files to fetch: each attempt is counted before it begins, and one at a time has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from storage import conversations, fetches, media
from storage.database import Database, Db
from storage.fetches import Wanted

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
BOT = ("telegram", "42")


class Shelf:
    """A bot whose files wait, with a clock."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW

    def order(
        self, number: int, account: str = "42", kind: str = "voice", chat: str = "", size: int = 9
    ) -> str:
        media_id = f"{number:032x}"
        given = (media_id, account, kind, chat or f"chat-{number}", size, self.now)
        self.database.write_blocking(_order, *given)
        return media_id

    def lease(self, owner: str = "me", limit: int = 10) -> list[Wanted]:
        until = self.now + LEASE
        return self.database.write_blocking(fetches.lease, *BOT, owner, self.now, until, limit)

    def settle(self, media_id: str, owner: str = "me", **more: object) -> bool:
        return self.database.write_blocking(fetches.settle, media_id, owner, **more)  # type: ignore[arg-type]


def _order(
    db: Db, media_id: str, account: str, kind: str, sender: str, size: int, now: datetime
) -> None:
    chat = conversations.open_for(db, "telegram", account, sender, "7", now)
    media.add(
        db, media_id=media_id, conversation_id=chat, kind=kind, mime="audio/ogg", size=size,
        seconds=2.0, name="说明.pdf", now=now, state="awaited",
    )  # fmt: skip
    fetches.add(
        db, media_id=media_id, channel="telegram", account=account, conversation_id=chat,
        source="file-7", now=now,
    )  # fmt: skip


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


def test_a_file_is_leased_once_oldest_first_and_its_attempt_counts(shelf: Shelf) -> None:
    first = shelf.order(2)
    shelf.now += timedelta(seconds=1)
    second = shelf.order(1, kind="photo")
    shelf.order(3, account="other")
    taken = shelf.lease()
    assert [(one.media_id, one.kind, one.source, one.attempts) for one in taken] == [
        (first, "voice", "file-7", 1),
        (second, "photo", "file-7", 1),
    ]
    assert shelf.lease("other") == []
    shelf.now += LEASE + timedelta(seconds=1)
    assert [one.attempts for one in shelf.lease("other")] == [2, 2], "its owner may have died"


def test_voices_come_first_then_what_is_small_and_an_album_holds_up_nobody(shelf: Shelf) -> None:
    film = shelf.order(1, kind="document", size=19_000_000)
    album = [shelf.order(number, kind="photo", chat="album") for number in (2, 3, 4)]
    shelf.now += timedelta(seconds=1)
    voice = shelf.order(5, size=300_000)
    assert [one.media_id for one in shelf.lease(limit=2)] == [voice, album[0]]
    assert [one.media_id for one in shelf.lease("other")] == [film], "one of a chat at a time"
    assert shelf.settle(album[0])
    assert [one.media_id for one in shelf.lease()] == [album[1]]


def test_what_is_settled_is_gone_or_waits(shelf: Shelf) -> None:
    one, two = shelf.order(1), shelf.order(2)
    shelf.lease()
    later = shelf.now + timedelta(seconds=8)
    assert shelf.settle(one)
    assert shelf.settle(two, not_before=later)
    assert shelf.lease() == []
    shelf.now = later
    assert [(each.media_id, each.attempts) for each in shelf.lease()] == [(two, 2)]
    assert shelf.database.read_blocking(fetches.waiting, *BOT) == 1


def test_an_attempt_that_was_none_is_not_counted(shelf: Shelf) -> None:
    one = shelf.order(1)
    shelf.lease()
    assert shelf.settle(one, not_before=shelf.now, counted=False)
    assert [each.attempts for each in shelf.lease()] == [1]


def test_who_lost_the_lease_settles_nothing(shelf: Shelf) -> None:
    one = shelf.order(1)
    shelf.lease("slow")
    shelf.now += LEASE + timedelta(seconds=1)
    shelf.lease("quick")
    assert not shelf.settle(one, "slow")
    assert shelf.settle(one, "quick")


def test_names_of_files_and_of_sources_are_sealed(shelf: Shelf) -> None:
    one = shelf.order(1)
    assert shelf.database.read_blocking(_name, one) == "说明.pdf"
    assert b"file-7" not in shelf.database.read_blocking(_raw, "SELECT source FROM fetches")
    assert "说明".encode() not in shelf.database.read_blocking(_raw, "SELECT name FROM media")


def _name(db: Db, media_id: str) -> str | None:
    row = media.get(db, media_id)
    assert row is not None
    assert row.state == "awaited"
    return media.name_of(db, row)


def _raw(db: Db, statement: str) -> bytes:
    return bytes(db.execute(text(statement)).scalar_one())
