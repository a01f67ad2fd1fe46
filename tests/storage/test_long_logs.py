"""A page of a log is bounded by its characters, and nothing is left out between pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage import conversations, entries
from storage.database import Database, Db

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def fill(db: Db, lines: int, length: int) -> str:
    chat = conversations.open_for(db, "web", "house", "long", None, NOW)
    row = conversations.lock(db, chat)
    for number in range(lines):
        text = f"{number:04}".ljust(length, "字")
        entries.append(db, row, kind="message", sender="me", at=NOW, text=text)
    return chat


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_CHARACTERS", 1_000)


def test_pages_forward_and_back(database: Database) -> None:
    chat = database.write_blocking(fill, 200, 90)
    found: list[entries.Line] = []
    pages = 0
    while page := database.read_blocking(entries.after, chat, len(found), 150):
        assert sum(len(line.text) for line in page) <= 1_000
        found += page
        pages += 1
    assert [line.seq for line in found] == list(range(1, 201))
    assert pages == 19
    last = database.read_blocking(entries.latest, chat, 150)
    assert [line.seq for line in last] == list(range(190, 201))


def test_one_line_is_always_given(database: Database) -> None:
    chat = database.write_blocking(fill, 3, 5_000)
    page = database.read_blocking(entries.after, chat, 0, 150)
    assert [line.seq for line in page] == [1]
    assert [line.seq for line in database.read_blocking(entries.latest, chat, 150)] == [3]


def test_short_lines_are_bounded_by_their_number(database: Database) -> None:
    chat = database.write_blocking(fill, 100, 4)
    assert len(database.read_blocking(entries.after, chat, 0, 90)) == 90
    assert [line.seq for line in database.read_blocking(entries.latest, chat, 70)] == list(
        range(31, 101)
    )
