"""The log of a conversation: numbered without a gap, whoever writes at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from storage import conversations, entries, notices
from storage.database import Database, Db

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)


def _say(db: Db, conversation_id: str, text: str) -> int:
    conversation = conversations.lock(db, conversation_id)
    line = entries.append(
        db, conversation, kind="message", sender="me", at=NOW, text=text, client_id=text
    )
    notices.post(db, "all", "case", NOW, text=text)
    return line.seq


def test_numbers_have_no_gap_and_are_visible_in_their_order(
    open_database: Callable[..., Database],
) -> None:
    one, two = open_database(), open_database()
    chat = one.write_blocking(conversations.open_for, "web", "house", "s", None, NOW)
    seen: list[int] = []
    told: list[int] = []

    def follow() -> None:
        until = time.monotonic() + 30
        while (len(seen) < 60 or len(told) < 60) and time.monotonic() < until:
            lines = two.read_blocking(entries.after, chat, seen[-1] if seen else 0)
            seen.extend(line.seq for line in lines)
            last = told[-1] if told else 0
            told.extend(row.seq for row in two.read_blocking(notices.after, last, ["all"]))

    def write(database: Database, name: str) -> None:
        for number in range(20):
            database.write_blocking(_say, chat, f"{name}{number}")

    follower = threading.Thread(target=follow)
    writers = [
        threading.Thread(target=write, args=args) for args in ((one, "a"), (two, "b"), (one, "c"))
    ]
    follower.start()
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    follower.join()
    assert seen == list(range(1, 61))
    assert told == list(range(1, 61))


def test_what_fails_takes_no_number(database: Database) -> None:
    chat = database.write_blocking(conversations.open_for, "web", "house", "s", None, NOW)

    def fail(db: Db) -> None:
        _say(db, chat, "lost")
        raise KeyError("lost")

    database.write_blocking(_say, chat, "一")
    try:
        database.write_blocking(fail)
    except KeyError:
        pass
    assert database.write_blocking(_say, chat, "二") == 2
    lines = database.read_blocking(entries.after, chat, 0)
    assert [(line.seq, line.text) for line in lines] == [(1, "一"), (2, "二")]
    assert database.read_blocking(notices.last_seq) == 2


def test_a_line_is_found_by_the_clients_own_id(database: Database) -> None:
    chat = database.write_blocking(conversations.open_for, "web", "house", "s", None, NOW)
    database.write_blocking(_say, chat, "一")
    found = database.read_blocking(entries.by_client_id, chat, "一", "me")
    assert found is not None
    assert found.text == "一"
    assert database.read_blocking(entries.by_client_id, chat, "一", "advisor") is None
