"""Silence is heard of: pushes once each, a case given by one tap, bells that pause, not clocks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers import remind
from handlers.advisors import claim, reply
from handlers.desk import feed
from handlers.desk.lists import mine
from handlers.ports import Refused, Viewer
from handlers.supervisors import assign
from storage.cases import CaseEvent
from storage.database import Database
from storage.due import Due
from storage.notices import Notice
from tests.handlers.street import ANSWERS, CARE, DIE, Resident, Street


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
    assert chen.heard(before) == ["还没人回您。请先打 962525。\n您现在一个人吗?"]
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


def test_a_complaint_rings_once_until_somebody_has_heard_it(
    street: Street, chen: Resident, wang: Viewer
) -> None:
    chen.files(CARE, ANSWERS)
    chen.says(*["你们态度太差"] * 5)

    def complaints() -> list[Notice]:
        pushed = street.rows(Notice, kind="push")
        return [row for row in pushed if row.data["key"] == "complaint"]

    (first,) = complaints()
    street.act(assign.acknowledge, wang, first.seq)
    chen.says("你们态度太差")
    assert len(complaints()) == 2


def test_a_page_that_opens_hears_the_last_of_each_case(street: Street, wang: Viewer) -> None:
    loud, other = street.resident("a"), street.resident("b")
    other.says(DIE)
    for _ in range(205):
        loud.says(DIE)
        street.now += timedelta(minutes=1)
    street.resident("c").says(DIE)

    def rings() -> list[dict[str, Any]]:
        found = street.write(feed.ringing, wang)
        return [row for row in found if row["kind"] == "ring"]

    assert [row["number"] for row in rings()] == [1, 2, 3]
    street.act(assign.acknowledge, wang, rings()[1]["seq"])
    assert [row["number"] for row in rings()] == [1, 3], "what rang before it was heard with it"


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
    for words in ("康定路", "13812345678", "76岁", ",76", "养老", "不想活"):  # 76 stands in ids
        assert words not in told
