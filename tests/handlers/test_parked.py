"""What nobody can handle is put before human eyes, and the talk goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers import alarm, waiting
from handlers.advisors import attend
from handlers.desk import lists, parked
from handlers.ports import Refused
from handlers.residents import sessions
from storage.audit import Audit
from storage.inbox import Inbox
from tests.handlers.street import CARE, DIE, OWNER, Resident, Street
from tests.handlers.taking import LEASE, fail, handle, mine, take


def test_a_shutdown_and_our_own_trouble_count_for_nothing(street: Street, chen: Resident) -> None:
    chen.posts(text=CARE)
    for _ in range(5):
        (stored,) = take(street)
        assert stored.attempts == 1
        street.write(waiting.give_back, stored, OWNER, street.now, street.house, failed=False)
    (stored,) = take(street)
    street.write(
        waiting.give_back, stored, OWNER, street.now, street.house, failed=False, pause=True
    )
    assert take(street) == [], "a pause first"
    street.now += waiting.RETRY_PAUSE + timedelta(milliseconds=1)
    (stored,) = take(street)
    assert stored.attempts == 1
    handle(street, stored)
    assert mine(chen) == [CARE]


def test_who_has_lost_the_lease_gives_nothing_back(street: Street, chen: Resident) -> None:
    chen.posts(text=CARE)
    (late,) = take(street)
    street.now += LEASE + timedelta(seconds=1)
    (mine_now,) = take(street, "another")
    street.write(waiting.give_back, late, OWNER, street.now, street.house, failed=False)
    assert street.rows(Inbox)[0].attempts == mine_now.attempts == 2


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
    (item,) = street.write(parked.parked, li, street.now)
    assert item.text == "坏了的话"
    assert street.write(lists.queue, li, street.now, street.house).counts.parked == 1
    (card,) = street.queue(li)
    assert card.urgency == "yellow", "somebody can answer: it stands in the queue too"
    assert (item.case_id, item.number) == (card.id, card.number), "and is opened from here"
    street.write(attend.parked_taken, li, item.id, street.now)
    assert street.write(parked.parked, li, street.now) == []
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

    monkeypatch.setattr(alarm, "raise_alarm", broken)
    li = street.member()
    chen.posts(text=DIE)
    chen.posts(text="喂")
    three_times(street)
    street.work()
    assert [row.state for row in sorted(street.rows(Inbox), key=lambda row: row.arrival)] == [
        "parked",
        "done",
    ]
    assert [item.text for item in street.write(parked.parked, li, street.now)] == [DIE]
    told = [one for one in street.told(li) if one["kind"] == "parked"]
    assert told[-1]["sound"] == "red", "danger that could not be handled still makes a sound"
    assert mine(chen) == ["喂"]


def test_a_failure_undoes_the_whole_attempt(
    street: Street, chen: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("after much was written")

    chen.posts(text="喂")
    (stored,) = take(street)
    with monkeypatch.context() as patch:
        patch.setattr(sessions, "begin", broken)
        with pytest.raises(RuntimeError):
            handle(street, stored)
    assert chen.log() == []
    handle(street, stored)
    assert mine(chen) == ["喂"]


def test_a_stored_dialog_that_cannot_be_read_goes_to_a_human(
    street: Street, chen: Resident
) -> None:
    from storage import sessions as kept

    chen.says(CARE, "没有人")

    def spoil(db: Any) -> None:
        row = conversations_of_db(db, chen.who)
        state, _ = kept.load(db, row) or ({}, None)
        state["session"]["step"] = "gone"
        kept.save(db, row, "long_term_care", state, street.now)

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


def test_another_unit_neither_sees_nor_takes_it(street: Street, chen: Resident) -> None:
    li, stranger = street.member(), street.member("外区顾问", unit="别的居委")
    chen.posts(text="坏了的话")
    three_times(street)
    (item,) = street.write(parked.parked, li, street.now)
    assert street.write(parked.parked, stranger, street.now) == []
    counts = [
        street.write(lists.queue, one, street.now, street.house).counts for one in (li, stranger)
    ]
    assert [count.parked for count in counts] == [1, 0]
    with pytest.raises(Refused, match="forbidden"):
        street.write(attend.parked_taken, stranger, item.id, street.now)
    assert len(street.write(parked.parked, li, street.now)) == 1, "and it waits on"
    looks = street.rows(Audit, act="parked")
    assert {row.staff_id for row in looks} == {li.id}
    assert looks[0].data == {"rows": [item.id], "cases": [chen.case.id]}
    assert "坏了" not in str([row.data for row in looks])


def test_what_belongs_to_no_case_is_the_whole_offices(
    street: Street, chen: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the alarm itself is at fault")

    monkeypatch.setattr(alarm, "raise_alarm", broken)
    stranger = street.member("外区顾问", unit="别的居委")
    chen.posts(text=DIE)
    three_times(street)
    (item,) = street.write(parked.parked, stranger, street.now)
    street.write(attend.parked_taken, stranger, item.id, street.now)
    assert street.write(parked.parked, stranger, street.now) == []
