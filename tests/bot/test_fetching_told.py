"""Who hears what became of a file: the desk of its case, a staff member in their own chat."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.house import build_house
from bot.settings import load
from handlers.ports import STAFF_CHANNEL, House
from storage import cases, conversations, entries, notices, staff_chats
from storage import media as rows
from storage.clock import utc_now
from storage.database import Database, Db
from storage.staff import Staff
from tests.bot.shelves import Post, Shelf
from tests.bot.test_media import wav


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(load(None, {}), utc_now().date())[0]


@pytest.fixture
def post(database: Database, tmp_path: Path, house: House) -> Post:
    return Post(database, tmp_path / "media", house, Shelf())


async def test_the_desk_hears_of_it(post: Post) -> None:
    """A line of a case: the case's desks are told to look again, whatever became of the file."""
    good, bad = await post.arrives("v", wav(1)), await post.arrives("w", b"?" * 99)
    case_id = await post.database.write(_case_with, (good, bad))
    async with post.at_work():
        await post.until(good, "kept")
        await post.until(bad, "lost")
    assert await post.database.read(_hints) == [case_id, case_id]


def _case_with(db: Db, media_ids: tuple[str, ...]) -> str:
    row = rows.get(db, media_ids[0])
    assert row is not None
    talk = conversations.lock(db, row.conversation_id)
    case = cases.new(db, conversation_id=talk.id, urgency="green", created_at=utc_now())
    for media_id in media_ids:
        entries.append(
            db, talk, kind="message", sender="me", at=utc_now(), media_id=media_id, case_id=case.id
        )
    return case.id


def _hints(db: Db) -> list[str | None]:
    found = db.execute(select(notices.TABLE).order_by(notices.TABLE.c.seq)).all()
    return [row.case_id for row in found if row.kind == "case"]


async def test_a_staff_members_file_is_asked_for_in_their_chat(
    database: Database, tmp_path: Path, house: House
) -> None:
    post = Post(database, tmp_path / "media", house, Shelf(STAFF_CHANNEL))
    await database.write(_link, "li")
    made = await post.arrives("v", b"?" * 99)
    assert (await post.row(made)).state == "awaited"
    async with post.at_work():
        await post.until(made, "lost")
    assert await post.told() == [house.staff_words.say("fetched.wrong_kind")]


@pytest.mark.parametrize("actor", [None, "wang"])
async def test_a_strangers_file_on_the_staff_bot_is_not_fetched(
    database: Database, tmp_path: Path, house: House, actor: str | None
) -> None:
    """Not linked, or written by somebody else in a chat that is."""
    post = Post(database, tmp_path / "media", house, Shelf(STAFF_CHANNEL))
    if actor is not None:
        await database.write(_link, actor)
    made = await post.arrives("v", wav(1))
    assert (await post.row(made)).state == "lost"
    assert await post.waiting() == 0


def _link(db: Db, actor: str) -> None:
    db.add(Staff(id="s" * 32, name="李顾问", role="advisor", created_at=utc_now()))
    db.flush()
    chat = conversations.open_for(db, STAFF_CHANNEL, "42", "chat", "7", utc_now())
    staff_chats.link(db, chat, "42", "s" * 32, actor, utc_now())
