"""What waits: order, repeats, leases, too much, and what nobody can handle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dialogs.meaning.reading import Reading
from handlers import inbound, waiting
from handlers.advisors import attend
from handlers.desk import lists
from handlers.ports import InboxFull, Refused, Update
from handlers.receive import receive
from handlers.residents import meaning
from storage.cases import Case
from storage.conversations import Conversation
from storage.database import Database
from storage.inbox import DifferentBody, Inbox, Stored
from tests.handlers.street import CARE, DIE, OWNER, WHERE, Resident, Street, conversations_of

LEASE = timedelta(seconds=30)


@pytest.fixture
def chen(street: Street) -> Resident:
    return street.resident()


def take(street: Street, owner: str = OWNER) -> list[Stored]:
    return street.write(
        waiting.take_waiting, owner, street.now, street.now + LEASE, 16, street.house
    )


def handle(street: Street, stored: Stored, owner: str = OWNER) -> Stored | None:
    until = street.now + LEASE
    reading = street.reader.read(stored.body["text"])
    return street.write(inbound.handle, stored, reading, street.now, street.house, owner, until)


def fail(street: Street, stored: Stored) -> None:
    street.write(waiting.give_back, stored, OWNER, street.now, street.house, failed=True)


def mine(chen: Resident) -> list[str]:
    return [line["text"] for line in chen.log() if line["from"] == "me"]


def test_messages_that_came_together_are_handled_in_their_order(
    street: Street, chen: Resident
) -> None:
    words = [CARE, "没有人", "76", "可以", "13812345678"]
    for text in words:
        chen.posts(text=text)
    street.work()
    assert mine(chen) == words
    assert chen.question["text"] == "您住在哪里?"


def test_a_repeated_id_is_one_message(street: Street, chen: Resident) -> None:
    chen.posts("once", text=CARE)
    chen.posts("once", text=CARE)
    street.work()
    chen.posts("once", text=CARE)
    assert street.work() == 0
    assert mine(chen) == [CARE]
    assert conversations_of(street, chen.who).pending == 0


def test_the_same_id_with_other_words_overwrites_nothing(street: Street, chen: Resident) -> None:
    chen.posts("once", text=CARE)
    with pytest.raises(DifferentBody):
        chen.posts("once", text="别的话")
    street.work()
    assert mine(chen) == [CARE]


def test_two_repeats_at_the_same_moment_are_one_message(street: Street, chen: Resident) -> None:
    start = threading.Barrier(8)
    answers: list[bool] = []

    def post() -> None:
        start.wait()
        update = Update(*chen.who, "once", "text", CARE)
        answers.append(street.write(receive, update, (), street.now, street.house))

    threads = [threading.Thread(target=post) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [False] * 7 + [True]
    assert conversations_of(street, chen.who).pending == 1
    assert street.work() == 1


def test_handling_twice_does_nothing_the_second_time(street: Street, chen: Resident) -> None:
    chen.posts(text=CARE)
    (stored,) = take(street)
    handle(street, stored)
    lines = chen.log()
    street.write(_lend, stored.conversation_id, OWNER)
    handle(street, stored)
    assert chen.log() == lines


def _lend(db: Any, conversation_id: str, owner: str) -> None:
    from storage import conversations

    conversations.lock(db, conversation_id).lease_owner = owner


def test_a_leased_conversation_is_nobody_elses(street: Street, chen: Resident) -> None:
    chen.posts(text=CARE)
    (stored,) = take(street)
    assert take(street, "another") == []
    street.now += LEASE + timedelta(seconds=1)
    (again,) = take(street, "another")
    assert (again.id, again.attempts) == (stored.id, 2)
    with pytest.raises(inbound.LeaseLost):
        handle(street, stored)
    assert chen.log() == []
    handle(street, again, "another")
    assert mine(chen) == [CARE]


def test_one_conversation_waits_for_none_of_the_others(street: Street) -> None:
    for number in range(20):
        street.resident(f"r{number}").posts(text="喂")
    assert len(take(street)) == 16
    assert len(take(street)) == 4


def test_danger_is_taken_first(street: Street) -> None:
    for number in range(5):
        street.resident(f"r{number}").posts(text="喂")
    last = street.resident("last")
    last.posts(text=DIE)
    first = street.write(
        waiting.take_waiting, OWNER, street.now, street.now + LEASE, 1, street.house
    )
    assert [stored.body["text"] for stored in first] == [DIE]


def test_who_waits_longest_comes_first_however_much_others_write(street: Street) -> None:
    early, late = street.resident("early"), street.resident("late")
    early.posts(text="一")
    street.now += timedelta(seconds=1)
    late.posts(text="二")
    street.now += timedelta(seconds=1)
    early.posts(text="三")
    (first,) = street.write(
        waiting.take_waiting, OWNER, street.now, street.now + LEASE, 1, street.house
    )
    assert first.body["text"] == "一"


# --- what nobody can handle -------------------------------------------------------------------


def three_times(street: Street, count: int = 3) -> None:
    """It raises each time it is tried."""
    for _ in range(count):
        (stored,) = take(street)
        fail(street, stored)
        street.now += timedelta(seconds=2)


def test_after_three_failures_it_is_parked_and_the_talk_goes_on(
    street: Street, chen: Resident
) -> None:
    li = street.member()
    chen.says(CARE)
    chen.posts(text="坏了的话")
    chen.posts(text="没有人")
    three_times(street)
    street.work()
    assert mine(chen) == [CARE, "坏了的话", "没有人"]
    assert "您的话我收到了。请人来看。" in chen.heard()
    assert chen.question["text"] == "您多大年纪了?"
    (item,) = street.write(lists.parked, li)
    assert item.text == "坏了的话"
    assert street.write(lists.queue, li, street.now, street.house).counts.parked == 1
    (card,) = street.queue(li)
    assert card.urgency == "yellow", "somebody can answer: it stands in the queue too"
    street.write(attend.parked_taken, li, item.id, street.now)
    assert street.write(lists.parked, li) == []
    with pytest.raises(Refused, match="not_parked"):
        street.write(attend.parked_taken, li, item.id, street.now)


def test_a_failure_pauses_only_its_own_conversation(street: Street, chen: Resident) -> None:
    chen.posts(text="坏了的话")
    (stored,) = take(street)
    fail(street, stored)
    assert take(street) == []
    other = street.resident("other")
    other.posts(text="喂")
    assert len(take(street)) == 1
    street.now += timedelta(seconds=2)
    assert len(take(street)) == 1


def test_what_kills_the_process_three_times_is_parked_too(street: Street, chen: Resident) -> None:
    chen.posts(text="杀手")
    for attempt in (1, 2, 3):
        (stored,) = take(street)  # and the process dies: nobody gives it back
        assert stored.attempts == attempt
        street.now += LEASE + timedelta(seconds=1)
    assert take(street) == []
    assert [row.state for row in street.rows(Inbox)] == ["parked"]
    assert mine(chen) == ["杀手"]
    chen.says("还在吗")
    assert mine(chen)[-1] == "还在吗"


def test_giving_back_without_a_fault_costs_no_attempt_of_others(
    street: Street, chen: Resident
) -> None:
    chen.posts(text="喂")
    (stored,) = take(street)
    street.write(waiting.give_back, stored, OWNER, street.now, street.house, failed=False)
    assert len(take(street)) == 1


def test_danger_in_a_parked_update_opens_the_red_case(street: Street, chen: Resident) -> None:
    li = street.member()
    chen.posts(text=DIE)
    three_times(street)
    case = chen.case
    assert (case.urgency, case.dangers) == ("red", ["suicide_selfharm"])
    assert any(line["tone"] == "danger" for line in chen.log())
    assert "ring" in [one["kind"] for one in street.told(li)]


def test_a_parked_voice_note_waits_to_be_heard(street: Street, chen: Resident) -> None:
    from handlers.ports import MediaInfo

    li = street.member()
    media = MediaInfo("e" * 32, "voice", "audio/webm", 9, "0" * 64, 7.0)
    chen.posts(kind="voice", media=media)
    three_times(street)
    assert [task.kind for task in street.write(lists.due_tasks, li, street.house)] == ["listen"]


def test_what_fails_even_while_it_is_parked_holds_up_nobody(
    street: Street, chen: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the alarm itself is at fault")

    monkeypatch.setattr(waiting.alarm, "raise_alarm", broken)
    li = street.member()
    chen.posts(text=DIE)
    chen.posts(text="喂")
    three_times(street)
    street.work()
    assert [row.state for row in sorted(street.rows(Inbox), key=lambda row: row.arrival)] == [
        "parked",
        "done",
    ]
    assert [item.text for item in street.write(lists.parked, li)] == [DIE]
    parked = [one for one in street.told(li) if one["kind"] == "parked"]
    assert parked[-1]["sound"] == "red", "danger that could not be handled still makes a sound"
    assert mine(chen) == ["喂"]


def test_a_failure_undoes_the_whole_attempt(
    street: Street, chen: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("after much was written")

    chen.posts(text="喂")
    (stored,) = take(street)
    with monkeypatch.context() as patch:
        patch.setattr(meaning.sessions, "begin", broken)
        with pytest.raises(RuntimeError):
            handle(street, stored)
    assert chen.log() == []
    handle(street, stored)
    assert mine(chen) == ["喂"]


def test_a_stored_dialog_that_cannot_be_read_goes_to_a_human(
    street: Street, chen: Resident
) -> None:
    from storage import conversations

    chen.says(CARE, "没有人")

    def spoil(db: Any) -> None:
        row = conversations_of_db(db, chen.who)
        state, _ = conversations.load_session(db, row) or ({}, None)
        state["session"]["step"] = "gone"
        conversations.save_session(db, row, "long_term_care", state, street.now)

    street.write(spoil)
    said = chen.says("76")
    assert said[0] == "我这里出了点岔子。我请人来帮您。"
    case = chen.case
    assert "session_lost" in case.reasons
    assert case.needs == ["long_term_care"]


def conversations_of_db(db: Any, who: tuple[str, str, str]) -> str:
    from storage import conversations

    found = conversations.find(db, *who)
    assert found is not None
    return found


# --- too much ---------------------------------------------------------------------------------


def test_a_flood_is_kept_and_answered_once(street: Street, chen: Resident) -> None:
    limit = street.house.office.messages_a_minute
    for number in range(limit + 10):
        chen.posts(text=f"喂{number}")
    street.work()
    assert len(mine(chen)) == limit + 10
    assert chen.heard().count("您说的我都收着了。慢慢来,不着急。") == 1
    assert chen.heard()[-1] == "您说的我都收着了。慢慢来,不着急。"
    street.now += timedelta(minutes=1)
    assert chen.says(WHERE) != []


def test_a_human_can_be_called_in_a_flood_once(street: Street, chen: Resident) -> None:
    for _ in range(street.house.office.messages_a_minute + 1):
        chen.posts(text=WHERE)
    street.work()
    assert chen.says("找人工")[0] == "好的,我请人来。您先别走开。"
    assert chen.says("找人工") == []
    assert len(street.rows(Case)) == 1


def test_in_a_live_talk_a_flood_is_the_advisors(street: Street, chen: Resident) -> None:
    from handlers.advisors import claim, reply

    li = street.member()
    chen.says("找人工")
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "a1", "您说")
    before = chen.last_seq
    for _ in range(street.house.office.messages_a_minute + 5):
        chen.posts(text="喂")
    street.work()
    assert chen.heard(before) == []


def test_a_full_inbox_takes_danger_and_what_it_knows_but_nothing_else(
    street: Street, chen: Resident
) -> None:
    office = replace(street.house.office, inbox_limit=2)
    street.house = replace(street.house, office=office)
    chen.posts("a", text="喂")
    chen.posts("b", text="喂喂")
    with pytest.raises(InboxFull):
        chen.posts("c", text="喂喂喂")
    chen.posts("b", text="喂喂")
    chen.posts("d", text=DIE)
    street.work()
    assert mine(chen) == ["喂", "喂喂", DIE]
    chen.posts("c", text="喂喂喂")


def test_two_processes_handle_every_message_once(
    street: Street, open_database: Callable[..., Database]
) -> None:
    people = [street.resident(f"r{number}") for number in range(6)]
    for one in people:
        for text in (CARE, "没有人", "76"):
            one.posts(text=text)
    other = Street(open_database(), street.house, street.reader, street.now)
    workers = [
        threading.Thread(target=each.work, args=(name,))
        for name, each in (("one", street), ("two", other))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    street.work()
    for one in people:
        assert mine(one) == [CARE, "没有人", "76"]
        assert [line["seq"] for line in one.log()] == list(range(1, len(one.log()) + 1))
    assert {row.pending for row in street.rows(Conversation)} == {0}


@pytest.mark.parametrize("text", ["", "\u200b\u202e", "👍", "a" * 100_000, "{x} %s <b>", "\x00"])
def test_any_text_is_stored_as_sent_and_answered(street: Street, chen: Resident, text: str) -> None:
    assert chen.says(text) != []
    assert mine(chen) == [text]


@pytest.mark.parametrize(
    "choice", ["", "x", "cmd:", "cmd:unknown", "rate:", "rate:x:good", "reopen:x", "danger:x:y",
               "danger:", "a" * 500, "tel:", "00000000:1:yes"],
)  # fmt: skip
@pytest.mark.parametrize("asked", [False, True])
def test_any_tap_is_survived(street: Street, chen: Resident, choice: str, asked: bool) -> None:
    if asked:
        chen.says(CARE)
    chen.sends(kind="choice", choice=choice)
    assert [row.state for row in street.rows(Inbox)][-1] == "done"
    assert chen.says(CARE) != []


def test_a_reading_is_optional(street: Street, chen: Resident) -> None:
    """The patterns alone must do: the reader may be down."""
    chen.posts(text=DIE)
    (stored,) = take(street)
    street.write(
        inbound.handle, stored, Reading(), street.now, street.house, OWNER, street.now + LEASE
    )
    assert chen.case.urgency == "red"
