"""Silence is heard of: pushes once each, a case given by one tap, bells that pause, not clocks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers import remind
from handlers.advisors import attend, claim, close, reply
from handlers.desk import feed
from handlers.desk.lists import mine
from handlers.ports import Refused, Viewer
from handlers.supervisors import assign
from storage.cases import Case, CaseEvent
from storage.database import Database
from storage.due import Due
from storage.notices import Notice
from tests.handlers.street import CARE, DIE, Resident, Street

ANSWERS = ("没有人", "76", "可以", "13812345678", "康定路3号")  # orange


@pytest.fixture
def chen(street: Street) -> Resident:
    return street.resident()


@pytest.fixture
def wang(street: Street) -> Viewer:
    return street.member("王主管", "supervisor")


def pushed(street: Street, viewer: Viewer) -> list[dict[str, Any]]:
    return [one for one in street.told(viewer) if one["kind"] == "push"]


def test_an_untouched_case_is_pushed_at_its_time(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.advance(minutes=29)
    assert pushed(street, wang) == []
    street.advance(minutes=2)
    (push,) = pushed(street, wang)
    assert push["text"] == f"#{case.number} 等了 30 分,没人碰"
    assert (push["sound"], push["case_id"], push["urgency"]) == ("push", case.id, "orange")
    assert pushed(street, li) == [], "the first rung of orange is the supervisors'"
    street.advance(minutes=30)
    assert len(pushed(street, wang)) == 2
    assert len(pushed(street, li)) == 1, "the second rung is everybody's"
    street.advance(days=3)
    assert len(pushed(street, wang)) == 2, "the top is told once"
    assert [row.kind for row in street.rows(Due, case_id=case.id)] == ["claim"]


def test_two_ticks_at_once_push_once(
    street: Street, chen: Resident, wang: Viewer, open_database: Callable[..., Database]
) -> None:
    chen.files(CARE, ANSWERS)
    street.now += timedelta(minutes=31)
    (due_id,) = street.write(remind.due_ids, street.now)
    databases = [street.database, open_database()]
    start = threading.Barrier(6)
    kinds: list[str | None] = []

    def tick(database: Database) -> None:
        start.wait()
        kinds.append(database.write_blocking(remind.fire, due_id, street.now, street.house))

    threads = [threading.Thread(target=tick, args=(databases[n % 2],)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [kind for kind in kinds if kind is not None] == ["claim"]
    assert len(pushed(street, wang)) == 1


def test_after_a_stop_of_the_house_only_the_highest_rung_is_told(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    street.now += timedelta(hours=5)
    for due_id in street.write(remind.due_ids, street.now):
        street.write(remind.fire, due_id, street.now, street.house)
    pushes = street.rows(Notice, kind="push")
    assert [row.audience for row in pushes] == ["all"]
    assert street.write(remind.due_ids, street.now) == []
    (event,) = street.rows(CaseEvent, case_id=case.id, kind="escalated")
    assert event.data["rung"] == 1


def test_red_climbs_to_everybody_and_shows_the_numbers_again(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    street.member()
    chen.says(DIE)
    before = chen.last_seq
    street.advance(minutes=1)
    street.advance(minutes=1)
    audiences = [row.audience for row in street.rows(Notice, kind="push")]
    assert audiences == ["all", "supervisors"]
    assert chen.heard(before) == []
    street.advance(minutes=3)
    assert [row.audience for row in street.rows(Notice, kind="push")][-1] == "all"
    said = chen.heard(before)
    assert said[0] == "还没人回您。请先打这个电话。"
    assert chen.question["choices"][0]["value"] == "tel:962525"
    assert {one["sound"] for one in pushed(street, wang)} == {"red"}


def test_one_tap_assigns_and_the_advisors_desk_shows_it(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.advance(minutes=31)
    street.act(assign.assign, wang, case.id, li.id)
    assert [card.id for card in street.write(mine, li, street.house)] == [case.id]
    (push,) = pushed(street, li)
    assert push["text"] == f"#{case.number} 派给您了"
    assert push["sound"] == "push"
    ringing = street.write(feed.ringing, wang)
    assert [one for one in ringing if one["case_id"] == case.id] == []
    assert chen.case.status == "assessing"


def test_only_a_supervisor_assigns_or_reminds(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    for act, args in ((assign.assign, (li.id,)), (assign.remind, ())):
        with pytest.raises(Refused) as refused:
            street.act(act, li, case.id, *args)
        assert (refused.value.code, refused.value.status) == ("only_supervisor", 403)
    assert chen.case.assignee_id is None


def test_after_a_claim_the_bell_pauses_and_the_clock_goes_on(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.advance(minutes=29)
    street.act(claim.claim, li, case.id)
    (row,) = street.rows(Due, case_id=case.id)
    assert row.kind == "answer"
    assert row.since == case.created_at, "the person has waited since the beginning"
    street.advance(minutes=4)
    assert pushed(street, wang) == [], "the bell is quiet for five minutes"
    street.advance(minutes=2)
    (push,) = pushed(street, wang)
    assert "没回话" in push["text"]


def test_an_answer_ends_the_waiting(street: Street, chen: Resident, wang: Viewer) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    chen.sees()
    street.advance(hours=3)
    assert pushed(street, wang) == []
    assert chen.case.promised_at is None


def test_words_of_the_resident_start_the_clock_again(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    chen.sees()
    street.advance(minutes=10)
    chen.says("还有一件事")
    street.advance(minutes=29)
    assert pushed(street, wang) == []
    street.advance(minutes=2)
    assert len(pushed(street, wang)) == 1


def test_acknowledging_pauses_the_bell_and_stops_the_ringing(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li = street.member()
    chen.says(DIE)
    seq = next(one["seq"] for one in street.told(wang) if one["kind"] == "ring")
    street.act(assign.acknowledge, wang, seq)
    street.act(assign.acknowledge, li, seq)  # twice is no fault
    assert street.write(feed.ringing, wang) == []
    street.advance(minutes=4)
    assert pushed(street, wang) == []
    street.advance(minutes=2)
    assert len(pushed(street, wang)) == 1, "all that was due is told as one"
    (event,) = street.rows(CaseEvent, kind="acknowledged")
    assert event.staff_id == wang.id


def test_what_was_said_to_others_cannot_be_acknowledged(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li = street.member()
    chen.files(CARE, ANSWERS)
    street.advance(minutes=31)
    seq = pushed(street, wang)[0]["seq"]
    with pytest.raises(Refused, match="forbidden"):
        street.act(assign.acknowledge, li, seq)
    with pytest.raises(Refused, match="not_found"):
        street.act(assign.acknowledge, wang, 10_000)


def test_reminding_rings_the_desk_of_the_one_who_has_it(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    with pytest.raises(Refused, match="not_claimed"):
        street.act(assign.remind, wang, case.id)
    street.act(claim.claim, li, case.id)
    street.act(assign.remind, wang, case.id)
    assert [one["text"] for one in pushed(street, li)] == [f"#{case.number} 主管提醒您看一看"]
    assert pushed(street, zhao) == []


def test_lowered_and_raised_urgency_moves_the_clock(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    first: Case = chen.case
    assert first.promised_at == first.created_at + timedelta(minutes=30)
    street.act(attend.change_urgency, wang, case.id, "yellow", "家人在")
    assert chen.case.promised_at > first.promised_at
    street.advance(minutes=40)
    assert pushed(street, wang) == []
    street.act(attend.change_urgency, wang, case.id, "red", "家人走了")
    assert "ring" in [one["kind"] for one in street.told(wang)]
    street.advance(seconds=1)
    assert len(pushed(street, wang)) == 1, "by red's clock it has waited too long already"


def test_a_change_of_urgency_needs_a_reason_and_keeps_it_out_of_the_events(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    with pytest.raises(Refused, match="reason_missing"):
        street.act(attend.change_urgency, wang, case.id, "green", " ")
    with pytest.raises(Refused, match="bad_request"):
        street.act(attend.change_urgency, wang, case.id, "blue", "因为")
    street.act(attend.change_urgency, wang, case.id, "green", "家人在")
    view = street.view(wang, case.id)
    assert "家人在" in [entry.text for entry in view.entries if entry.from_ == "note"]
    (event,) = street.rows(CaseEvent, kind="lowered")
    assert "家人在" not in str(event.data)


def test_a_complaint_reaches_the_supervisors(street: Street, chen: Resident, wang: Viewer) -> None:
    chen.files(CARE, ANSWERS)
    said = chen.says("你们态度太差")
    assert said[0] == "对不起,让您受委屈了。主管会看到。"
    assert "有意见" in pushed(street, wang)[-1]["text"]
    assert "complaint" in chen.case.reasons


def test_nothing_personal_is_in_the_feed(street: Street, chen: Resident, wang: Viewer) -> None:
    case = chen.files(CARE, ANSWERS)
    chen.says(DIE)
    street.advance(hours=1)
    told = str(street.told(wang))
    assert str(case.number) in told
    for words in ("康定路", "13812345678", "76", "养老", "不想活"):
        assert words not in told


def test_others_may_raise_and_only_who_holds_it_lowers(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    with pytest.raises(Refused, match="not_claimed"):
        street.act(attend.change_urgency, li, case.id, "green", "家人在")
    street.act(claim.claim, li, case.id)
    street.act(attend.change_urgency, li, case.id, "green", "家人在")
    street.act(attend.change_urgency, zhao, case.id, "orange", "家人走了")
    assert chen.case.urgency == "orange"
    with pytest.raises(Refused, match="not_yours"):
        street.act(attend.change_urgency, zhao, case.id, "green", "家人在")
    assert chen.case.urgency == "orange"
    assert "lower" not in street.view(zhao, case.id).allowed
    assert {"urgency", "lower"} <= set(street.view(li, case.id).allowed)


def test_the_urgency_of_a_closed_case_is_settled(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    street.act(close.close, wang, case.id, "done")
    before = chen.case.urgency
    with pytest.raises(Refused, match="closed"):
        street.act(attend.change_urgency, wang, case.id, "red", "家人走了")
    assert (chen.case.urgency, chen.case.promised_at) == (before, case.promised_at)
    assert "ring" not in [one["kind"] for one in street.told(wang)]
