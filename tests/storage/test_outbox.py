"""What pushing channels send: in order per chat, safety first, red before other chats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage import conversations, outbox, outbox_next
from storage.database import Database, Db

NOW = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


class Post:
    """A channel that pushes, with a clock."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW
        self.chats: dict[str, str] = {}

    def put(self, chat: str, seq: int, lane: int = 2, *, by_lane: bool = False) -> str:
        if chat not in self.chats:
            self.chats[chat] = self.database.write_blocking(
                conversations.open_for, "tg", "bot", chat, f"chat {chat}", NOW
            )
        return self.database.write_blocking(_put, self.chats[chat], seq, lane, NOW, by_lane)

    def lease(self, owner: str = "me", limit: int = 10, **more: Any) -> list[tuple[str, int]]:
        by_id = {value: key for key, value in self.chats.items()}
        self.leased = self.database.write_blocking(
            outbox_next.lease, "tg", "bot", owner, self.now, self.now + LEASE, limit, **more
        )
        return [(by_id[one.conversation_id], one.seq) for one in self.leased]

    def settle(self, state: str, owner: str = "me", **more: Any) -> list[bool]:
        return [
            self.database.write_blocking(outbox.settle, one.id, owner, state, self.now, **more)
            for one in self.leased
        ]


def _put(
    db: Db, conversation_id: str, seq: int, lane: int, now: datetime, by_lane: bool = False
) -> str:
    return outbox.put(
        db,
        conversation_id=conversation_id,
        channel="tg",
        account="bot",
        seq=seq,
        lane=lane,
        body={"text": f"句 {seq}"},
        now=now,
        by_lane=by_lane,
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


def test_red_hurries_what_stands_before_it_in_its_chat(post: Post) -> None:
    for chat in ("b", "a"):
        post.put(chat, 1)
        post.put(chat, 2)
    post.put("a", 3, 1)
    order = []
    while taken := post.lease(limit=1):
        order += taken
        post.settle("sent")
    assert order == [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)]


def test_by_lane_every_lane_overtakes_those_after_it(post: Post) -> None:
    for seq, lane in enumerate((4, 3, 3, 2, 1), start=1):
        post.put("a", seq, lane, by_lane=True)
    post.put("b", 1, 3, by_lane=True)
    order = []
    while taken := post.lease(limit=1, by_lane=True):
        order += taken
        post.settle("sent")
    assert order == [("a", 5), ("a", 4), ("a", 2), ("a", 3), ("b", 1), ("a", 1)]


def test_by_lane_a_chat_is_still_sent_one_after_the_other(post: Post) -> None:
    post.put("a", 1, 3, by_lane=True)
    assert post.lease(by_lane=True) == [("a", 1)]
    post.put("a", 2, 1, by_lane=True)
    assert post.lease("other", by_lane=True) == []


def test_a_chat_that_rests_takes_no_slot_and_gives_its_safety(post: Post) -> None:
    for chat in "abc":
        post.put(chat, 1)
    resting = [post.chats["a"], post.chats["b"]]
    post.put("b", 2, 0)
    assert post.lease(limit=2, resting=resting) == [("b", 2), ("c", 1)]
    post.settle("sent")
    assert post.lease(limit=2) == [("a", 1), ("b", 1)]


def test_by_lane_a_chat_rests_whatever_waits(post: Post) -> None:
    post.put("a", 1, lane=0)
    post.put("b", 1, lane=0)
    resting = [post.chats["a"]]
    assert post.lease(resting=resting, by_lane=True) == [("b", 1)]
    assert post.lease(resting=resting) == [("a", 1)]


def test_only_what_is_urgent(post: Post) -> None:
    post.put("a", 1)
    post.put("b", 1, 1)
    post.put("c", 1, 0)
    assert post.lease(urgent=True) == [("c", 1), ("b", 1)]
    assert post.lease(urgent=True) == []


def test_another_bot_of_the_channel_sends_nothing_of_this_one(post: Post) -> None:
    post.put("a", 1)
    taken = post.database.write_blocking(
        outbox_next.lease, "tg", "other bot", "me", post.now, post.now + LEASE, 10
    )
    assert taken == []
    assert post.database.read_blocking(outbox.waiting, "tg", "other bot") == 0
    assert post.database.read_blocking(outbox.waiting, "tg", "bot") == 1


def test_an_attempt_that_does_not_count(post: Post) -> None:
    post.put("a", 1)
    for _ in range(3):
        assert post.lease() == [("a", 1)]
        assert post.leased[0].attempts == 1
        post.settle("queued", counted=False)
    post.lease()
    post.settle("queued")
    post.lease()
    assert post.leased[0].attempts == 2


def test_parts_are_kept_and_the_tries_begin_anew(post: Post) -> None:
    write, own_id = post.database.write_blocking, post.put("a", 1)
    post.lease()
    post.settle("queued")
    post.lease()
    assert write(outbox.part_sent, own_id, "me", 1, post.now + LEASE)
    assert post.lease() == [], "the next part follows at once"
    post.now += LEASE + timedelta(seconds=1)
    post.lease("next")
    assert (post.leased[0].parts_sent, post.leased[0].attempts) == (1, 2)
    assert not write(outbox.part_sent, own_id, "me", 2, None), "the lease was lost"
    assert write(outbox.part_sent, own_id, "next", 2, None)
    post.put("a", 2)
    assert post.lease() == [("a", 1)], "it waits for its chat, and keeps its place"
    assert (post.leased[0].parts_sent, post.leased[0].attempts) == (2, 1)


def test_a_late_word_counts_until_somebody_else_has_taken_it(post: Post) -> None:
    post.put("a", 1)
    post.put("b", 1)
    post.lease("slow")
    post.now += LEASE + timedelta(seconds=1)
    late = post.leased
    assert post.lease("quick", limit=1) == [("a", 1)]
    post.leased = late
    assert post.settle("sent", "slow") == [False, True]


def test_nothing_that_waits_in_a_chat_can_be_sent(post: Post) -> None:
    write, read = post.database.write_blocking, post.database.read_blocking
    for seq in (1, 2, 3):
        post.put("a", seq)
    post.put("b", 1)
    post.lease(limit=1)
    assert read(outbox.more_waits, post.chats["a"])
    assert write(outbox.fail_waiting, post.chats["a"], "blocked") == [2, 3]
    assert not read(outbox.more_waits, post.chats["a"])
    assert read(outbox.marks, post.chats["a"], [1, 2, 3, 9]) == {
        1: ("sending", None), 2: ("failed", "blocked"), 3: ("failed", "blocked"),
    }  # fmt: skip
    assert post.lease() == [("b", 1)]
    assert read(outbox.marks, post.chats["a"], range(2000)).keys() == {1, 2, 3}


CHATS = 1000


@pytest.fixture
def crowd(post: Post) -> Post:
    """A message in each of many chats, and a chat with many."""
    return post.database.write_blocking(_fill, post)


def _fill(db: Db, post: Post) -> Post:
    for number in range(CHATS):
        chat = conversations.open_for(db, "tg", "bot", f"chat{number}", "x", NOW)
        _put(db, chat, 1, 2, NOW)
        post.chats[f"chat{number}"] = chat
    for seq in range(2, 200):
        _put(db, post.chats["chat0"], seq, 2, NOW)
    return post


def test_taking_a_few_of_many_does_not_look_at_all(crowd: Post) -> None:
    """Counted in steps of SQLite's machine, which no busy host makes slower."""
    if not crowd.database.is_sqlite:
        assert len(crowd.lease(limit=3)) == 3
        return

    def steps(db: Db) -> int:
        counted = [0]
        raw: Any = db.connection().connection.driver_connection
        raw.set_progress_handler(lambda: counted.__setitem__(0, counted[0] + 1), 100)
        taken = outbox_next.lease(db, "tg", "bot", "me", crowd.now, crowd.now + LEASE, 3)
        raw.set_progress_handler(None, 0)
        assert len(taken) == 3
        return counted[0] * 100

    few = crowd.database.write_blocking(steps)
    assert few < CHATS, "less than one step for each message that waits"
