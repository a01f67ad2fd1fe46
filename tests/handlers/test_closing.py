"""How a case ends, what is asked then, and the one tap that opens it again."""

from __future__ import annotations

import pytest

from handlers.advisors import attend, claim, close, reply
from handlers.ports import Refused
from storage.cases import CaseEvent
from storage.sessions import DialogSession
from tests.handlers.street import ANSWERS, CARE, Resident, Street


def kinds(street: Street, case_id: str) -> list[str]:
    rows = sorted(street.rows(CaseEvent, case_id=case_id), key=lambda row: row.seq)
    return [row.kind for row in rows]


def closed(street: Street, chen: Resident, resolution: str = "done") -> str:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "办好了")
    chen.sees()
    assert street.act(close.close, li, case.id, resolution) == "closed"
    return str(case.id)


def test_closing_asks_with_three_faces(street: Street, chen: Resident) -> None:
    closed(street, chen)
    last = chen.log()[-1]
    assert last["tone"] == "face"
    assert [choice["label"] for choice in last["choices"]] == ["很好", "一般", "不好", "还没办好"]
    assert [choice.get("icon") for choice in last["choices"]][:3] == [
        "face_good",
        "face_fair",
        "face_bad",
    ]
    assert chen.log()[-3]["kind"] == "human_left"
    assert chen.taps("很好") == ["谢谢您。有事随时来。"]
    assert chen.case.status == "closed"


def test_a_bad_face_is_brought_to_the_supervisors(street: Street, chen: Resident) -> None:
    wang = street.member("王主管", "supervisor")
    case_id = closed(street, chen)
    after = street.told(wang)[-1]["seq"]
    assert chen.taps("不好") == ["对不起。主管会来问问您。"]
    pushed = [one for one in street.told(wang, after) if one["kind"] == "push"]
    assert [one["case_id"] for one in pushed] == [case_id]
    chen.taps(f"rate:{case_id}:good")
    for _ in range(5):
        chen.taps(f"rate:{case_id}:bad")
    assert len([one for one in street.told(wang, after) if one["kind"] == "push"]) == 1
    assert kinds(street, case_id).count("rated") == 7, "the last one counts"


def test_a_face_is_for_a_closed_case_and_each_closing_is_asked_anew(
    street: Street, chen: Resident
) -> None:
    wang = street.member("王主管", "supervisor")
    case_id = closed(street, chen)
    chen.taps("不好")
    chen.taps(f"reopen:{case_id}")
    after = street.told(wang)[-1]["seq"]
    assert chen.taps(f"rate:{case_id}:bad") == ["这件事还在办着呢。"]
    assert kinds(street, case_id).count("rated") == 1
    street.act(close.close, wang, case_id, "done")
    chen.taps(f"rate:{case_id}:bad")
    pushed = [one for one in street.told(wang, after) if one.get("key") == "rated_bad"]
    assert len(pushed) == 1


def test_a_face_of_somebody_elses_case_is_refused(street: Street, chen: Resident) -> None:
    case_id = closed(street, chen)
    stranger = street.resident("stranger")
    said = stranger.taps(f"rate:{case_id}:bad")
    assert said == ["这里没有这一条。请再选一次。"]
    assert "rated" not in kinds(street, case_id)


def test_one_tap_reopens_and_the_case_is_back_with_its_advisor(
    street: Street, chen: Resident
) -> None:
    case_id = closed(street, chen)
    street.advance(hours=3)
    said = chen.taps("还没办好")
    assert said[0].startswith("好的,重新办。")
    case = chen.case
    assert (case.id, case.status, case.resolution, case.closed_at) == (
        case_id,
        "received",
        None,
        None,
    )
    assert case.assignee_id is not None
    assert chen.taps("还没办好") == ["这件事还在办着呢。"]
    assert kinds(street, case_id).count("reopened_by_resident") == 1


def test_an_open_case_cannot_be_closed_twice_and_a_closed_one_takes_no_words(
    street: Street, chen: Resident
) -> None:
    case_id = closed(street, chen)
    wang = street.member("王主管", "supervisor")
    for act, args in ((close.close, ("done",)), (reply.reply, ("x", "还有"))):
        with pytest.raises(Refused, match="closed"):
            street.act(act, wang, case_id, *args)
    street.act(reply.note, wang, case_id, "n1", "看过了")
    street.act(close.reopen, wang, case_id)
    assert chen.case.assignee_id == wang.id
    with pytest.raises(Refused, match="not_closed"):
        street.act(close.reopen, wang, case_id)


@pytest.mark.parametrize("resolution", ["", "finished"])
def test_a_resolution_must_be_one_of_the_table(
    street: Street, chen: Resident, resolution: str
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    with pytest.raises(Refused):
        street.act(close.close, li, case.id, resolution)
    assert chen.case.status == "assessing"


def test_after_a_death_nothing_automatic_is_said(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    chen.says("看病没钱")  # a dialog that would be reminded of
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "我打电话来")
    before = chen.last_seq
    street.act(close.close, li, case.id, "deceased")
    street.advance(days=3)
    assert chen.heard(before) == []
    assert street.rows(DialogSession) == []


def test_a_case_that_was_ever_red_is_closed_by_two(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(attend.change_urgency, li, case.id, "red", "门打不开")
    street.act(attend.change_urgency, li, case.id, "green", "开了")
    assert street.act(close.close, li, case.id, "done") == "closing"
    with pytest.raises(Refused, match="same_person"):
        street.act(close.close, li, case.id, "done")
    assert street.act(close.close, zhao, case.id, "done") == "closed"
