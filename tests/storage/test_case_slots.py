"""Answers of a case: the present one, and beside it what was corrected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import case_notes, case_slots, cases, conversations
from storage.case_slots import Said
from storage.database import Database, Db

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)


@pytest.fixture
def case_id(database: Database) -> str:
    def make(db: Db) -> str:
        chat = conversations.open_for(db, "web", "house", "s", None, NOW)
        return cases.new(db, conversation_id=chat, urgency="green", created_at=NOW).id

    return database.write_blocking(make)


def put(database: Database, case_id: str, *given: Said, replaced: tuple[Said, ...] = ()) -> None:
    database.write_blocking(case_slots.put, case_id, given, NOW, replaced)


def lines(database: Database, case_id: str) -> list[tuple[str, str, bool]]:
    found = database.read_blocking(case_slots.of_case, case_id)
    return [(line.key, line.value, line.replaced_at is not None) for line in found]


def said(key: str, value: str) -> Said:
    return Said(key, value, f"词{value}", "asked")


def test_the_same_answer_again_is_one(database: Database, case_id: str) -> None:
    put(database, case_id, said("age", "76"), said("carer", "nobody"))
    put(database, case_id, said("age", "76"))
    assert lines(database, case_id) == [("age", "76", False), ("carer", "nobody", False)]


def test_another_answer_strikes_the_old_one_out(database: Database, case_id: str) -> None:
    put(database, case_id, said("age", "76"))
    put(database, case_id, said("age", "67"))
    assert lines(database, case_id) == [("age", "76", True), ("age", "67", False)]


def test_what_was_corrected_before_is_kept_once(database: Database, case_id: str) -> None:
    old = (said("age", "67"), said("age", "76"))
    put(database, case_id, said("age", "67"))
    put(database, case_id, said("age", "77"), replaced=old)
    put(database, case_id, said("age", "77"), replaced=old)
    assert sorted(lines(database, case_id)) == [
        ("age", "67", True),
        ("age", "76", True),
        ("age", "77", False),
    ]


def test_a_note_is_kept_once(database: Database, case_id: str) -> None:
    write = database.write_blocking
    assert write(case_notes.add, case_id, "n1", "staff", "记一笔", NOW) is True
    later = NOW + timedelta(1)
    assert write(case_notes.add, case_id, "n1", "staff", "记一笔", later) is False
    (note,) = database.read_blocking(case_notes.of_case, case_id)
    assert (note.text, note.staff_id, note.at) == ("记一笔", "staff", NOW)
