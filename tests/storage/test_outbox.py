"""What pushing channels send: in order per chat, safety first, red before other chats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage import conversations, outbox
from storage.database import Database, Db

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


class Post:
    """A channel that pushes, with a clock."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW
        self.chats: dict[str, str] = {}

    def put(self, chat: str, seq: int, lane: int = 2) -> str:
        if chat not in self.chats:
            self.chats[chat] = self.database.write_blocking(
                conversations.open_for, "tg", "bot", chat, f"chat {chat}", NOW
            )
        return self.database.write_blocking(_put, self.chats[chat], seq, lane, NOW)

    def lease(self, owner: str = "me", limit: int = 10) -> list[tuple[str, int]]:
        by_id = {value: key for key, value in self.chats.items()}
        self.leased = self.database.write_blocking(
            outbox.lease, "tg", owner, self.now, self.now + LEASE, limit
        )
        return [(by_id[one.conversation_id], one.seq) for one in self.leased]

    def settle(self, state: str, owner: str = "me", **more: Any) -> list[bool]:
        return [
            self.database.write_blocking(outbox.settle, one.id, owner, state, self.now, **more)
            for one in self.leased
        ]


def _put(db: Db, conversation_id: str, seq: int, lane: int, now: datetime) -> str:
    return outbox.put(
        db,
        conversation_id=conversation_id,
        channel="tg",
        account="bot",
        seq=seq,
        lane=lane,
        body={"text": f"句 {seq}"},
        now=now,
    )


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


def test_one_chat_is_sent_in_its_order_one_after_the_other(post: Post) -> None:
    post.put("a", 1)
    post.put("a", 2)
    assert post.lease() == [("a", 1)]
    assert post.leased[0].body == {"text": "句 1"}
    assert post.leased[0].attempts == 1
    assert post.lease("other") == []
    post.leased = post.leased or []
    post.now += LEASE + timedelta(seconds=1)
    assert post.lease() == [("a", 1)], "what was not settled is sent again"
    assert post.settle("sent", external_id="77") == [True]
    assert post.lease() == [("a", 2)]


def test_chats_do_not_wait_for_each_other_and_red_goes_first(post: Post) -> None:
    post.put("a", 1)
    post.put("b", 1)
    post.put("red", 1, 1)
    assert post.lease(limit=2) == [("red", 1), ("a", 1)]
    assert post.lease() == [("b", 1)]


def test_a_safety_sentence_overtakes_its_own_chat(post: Post) -> None:
    post.put("a", 1)
    post.put("a", 2)
    post.put("a", 3, 0)
    assert post.lease() == [("a", 3)]
    post.settle("sent")
    assert post.lease() == [("a", 1)]


def test_a_pause_holds_the_chat_but_not_its_safety(post: Post) -> None:
    post.put("a", 1)
    post.put("a", 2)
    post.lease()
    post.settle("queued", not_before=post.now + timedelta(seconds=5), error="429")
    assert post.lease() == []
    post.put("a", 3, 0)
    assert post.lease() == [("a", 3)]
    post.settle("sent")
    post.now += timedelta(seconds=5)
    assert post.lease() == [("a", 1)]
    assert post.leased[0].attempts == 2


def test_who_lost_the_lease_settles_nothing(post: Post) -> None:
    post.put("a", 1)
    post.lease("slow")
    post.now += LEASE + timedelta(seconds=1)
    post.lease("quick")
    assert post.settle("failed", "slow") == [False]
    assert post.settle("sent", "quick") == [True]
    assert post.database.write_blocking(outbox.waiting, "tg") == 0


def test_what_failed_for_good_lets_the_next_go(post: Post) -> None:
    post.put("a", 1)
    post.put("a", 2)
    assert post.database.write_blocking(outbox.waiting, "tg") == 2
    post.lease()
    post.settle("failed", error="blocked")
    assert post.lease() == [("a", 2)]
