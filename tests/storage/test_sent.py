"""Which message of a channel shows what of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import conversations, sent
from storage.database import Database, Db

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)


@pytest.fixture
def chat(database: Database) -> str:
    return database.write_blocking(conversations.open_for, "tg", "bot", "a", "7", NOW)


def test_a_reply_finds_what_it_answers(database: Database, chat: str) -> None:
    write, read = database.write_blocking, database.read_blocking
    write(sent.add, chat, "500", sent.LINE, NOW, 7)
    found = read(sent.find, chat, "500")
    assert found is not None
    assert (found.kind, found.seq, found.case_id, found.at) == ("line", 7, None, NOW)
    assert read(sent.find, chat, "501") is None
    assert read(sent.find, "another", "500") is None


def test_a_line_of_several_messages_is_known_by_its_first(database: Database, chat: str) -> None:
    write, read = database.write_blocking, database.read_blocking
    write(sent.add, chat, "9", sent.LINE, NOW, 7)
    write(sent.add, chat, "10", sent.LINE, NOW + timedelta(seconds=1), 7)
    write(sent.add, chat, "8", "talk", NOW - timedelta(seconds=1), 7, "another's case")
    assert read(sent.of_line, chat, 7) == "9"
    assert read(sent.of_line, chat, 8) is None


def test_every_message_that_shows_a_case(database: Database, chat: str) -> None:
    write, read = database.write_blocking, database.read_blocking
    other = write(conversations.open_for, "tg", "bot", "b", "8", NOW)
    write(sent.add, other, "1", "card", NOW + timedelta(seconds=1), None, "case")
    write(sent.add, chat, "1", "card", NOW, None, "case")
    write(sent.add, chat, "2", "push", NOW, 4, "case")
    write(sent.add, chat, "3", "card", NOW, None, "another")
    found = read(sent.of_case, "case", ["card", "mark"])
    assert [(one.conversation_id, one.external_id) for one in found] == [(chat, "1"), (other, "1")]


def test_a_message_that_was_edited_shows_the_newest(database: Database, chat: str) -> None:
    def edit(db: Db) -> None:
        sent.add(db, chat, "5", "mark", NOW, 1, "case")
        sent.add(db, chat, "5", "mark", NOW, 2, "case")

    database.write_blocking(edit)
    found = database.read_blocking(sent.find, chat, "5")
    assert found is not None
    assert found.seq == 2
