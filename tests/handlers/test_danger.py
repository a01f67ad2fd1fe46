"""Danger, at any moment and in any state: a red case, a bell, a script, and then the question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import staff
from handlers.advisors import claim, close, reply
from handlers.ports import Refused
from storage.case_slots import CaseSlot
from storage.cases import Case, CaseEvent
from storage.notices import Notice
from tests.handlers.street import ANSWERS, CARE, DIE, FALL, Resident, Street

KIND = {DIE: "suicide_selfharm", FALL: "medical_emergency"}
LEADS = {DIE: "tel:962525", FALL: "tel:120"}
Prepare = Callable[[Street, Resident], None]


def answered(count: int) -> Prepare:
    def prepare(street: Street, chen: Resident) -> None:
        chen.says(CARE, *ANSWERS[:count])

    return prepare


def talked(street: Street, chen: Resident, minutes: float) -> None:
    li = street.member("周顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    chen.sees()
    street.advance(minutes=minutes)


def scripts(chen: Resident, words: str) -> list[str]:
    start = chen.street.house.danger[KIND[words]].acknowledge
    return [line["text"] for line in chen.log() if line["text"].startswith(start)]


def test_over_an_advisor_who_has_just_written_the_bell_rings_and_numbers_are_shown_once(
    street: Street, chen: Resident
) -> None:
    talked(street, chen, 4)
    before = chen.last_seq
    assert chen.says(DIE) == [street.house.danger["suicide_selfharm"].do_now]
    assert chen.case.urgency == "red"
    assert street.rows(Notice, kind="ring")
    assert chen.says(DIE) == []
    assert [line["from"] for line in chen.log() if line["seq"] > before] == ["me", "bot", "me"]


@pytest.mark.parametrize("prepared", [1, 2, 3])
def test_the_interrupted_question_waits_and_is_offered_later(
    street: Street, chen: Resident, prepared: int
) -> None:
    street.member()
    answered(prepared)(street, chen)
    asked = chen.question
    chen.says(DIE)
    assert chen.taps("一个人") == ["我在这里,您接着说。能叫个人来陪您更好。"]
    before = chen.last_seq
    street.advance(minutes=50)
    assert "上次的话说到一半。要不要接着说?" in chen.heard(before)
    assert chen.taps("接着说") == [asked["text"]]
    assert chen.question["choices"] == asked["choices"]


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("一个人", "我在这里,您接着说。能叫个人来陪您更好。"),
        ("2", "好,请他陪着您。您接着说,我在听。"),
        ("有人在。", "好,请他陪着您。您接着说,我在听。"),
        ("我心里乱", "我在这里。您接着说。"),
    ],
)
def test_the_scripts_question_is_answered_in_words_too(
    street: Street, chen: Resident, words: str, then: str
) -> None:
    street.member()
    chen.says(DIE)
    assert chen.says(words) == [then]
    assert chen.says("嗯嗯嗯") != [then]


def test_every_reply_of_every_script_has_its_sentence(street: Street, chen: Resident) -> None:
    street.member()
    chen.says(DIE)
    pairs = [
        (kind, reply) for kind, script in street.house.danger.items() for reply in script.choices
    ]
    assert len(pairs) >= 10
    pairs.sort(key=lambda pair: pair[1].key == "cannot_talk")  # after it nothing is said any more
    for kind, one in pairs:
        value = f"danger:{kind}:{one.key}"
        assert len(value.encode()) <= 64
        assert chen.taps(value)[0] == one.then


def test_a_call_that_was_begun_is_no_answer(street: Street, chen: Resident) -> None:
    street.member()
    answered(1)(street, chen)
    chen.says(DIE)
    assert chen.taps("tel:962525") == []
    assert chen.taps("一个人")[0] == "我在这里,您接着说。能叫个人来陪您更好。"


def test_a_script_is_said_once_in_half_an_hour_for_its_kind(street: Street, chen: Resident) -> None:
    street.member()
    answered(1)(street, chen)
    chen.says(DIE, "一个人")
    assert chen.says(DIE) == ["我在。请现在就打 962525。"], "never silence"
    assert chen.says("我心里乱") == ["我在这里。您接着说。"], "and no form"
    chen.says(FALL)
    assert (len(scripts(chen, DIE)), len(scripts(chen, FALL))) == (1, 1)
    street.advance(minutes=40)
    chen.says(DIE)
    assert len(scripts(chen, DIE)) == 2
    assert len(street.rows(Case)) == 1


def test_the_bell_rings_again_but_not_for_every_line(street: Street, chen: Resident) -> None:
    street.member()
    chen.says(DIE, DIE, DIE)
    assert len(street.rows(Notice, kind="ring")) == 1
    street.advance(seconds=61)
    chen.says(DIE)
    assert len(street.rows(Notice, kind="ring")) == 2


def test_what_is_known_stands_in_the_red_case(street: Street, chen: Resident) -> None:
    li = street.member()
    answered(4)(street, chen)
    chen.says(DIE)
    view = street.view(li, chen.case.id)
    assert {slot.key for slot in view.slots} >= {"carer", "living", "mobility", "age", "phone"}
    assert view.people["helped"].has_phone
    assert "long_term_care" in view.card.needs
    assert CARE in [line.text for line in view.entries]


def test_danger_does_not_wait_for_leave(street: Street, chen: Resident) -> None:
    li = street.member()
    street.reader.known[DIE] = street.reader.read(DIE).__class__(  # type: ignore[attr-defined]
        act="request_help", slots={"phone": "13812345678", "address": "康定路3号"}
    )
    chen.says(DIE)
    people = street.view(li, chen.case.id).people
    assert people["helped"].has_phone
    assert people["helped"].address == "康定路3号"


def test_the_dialog_goes_on_and_is_filed_in_the_red_case(street: Street, chen: Resident) -> None:
    street.member()
    answered(3)(street, chen)
    chen.says(DIE, "一个人", "接着说", "13812345678", "康定路3号")
    chen.taps("对的")
    (case,) = street.rows(Case)
    assert (case.flow, case.urgency) == ("long_term_care", "red")
    slots = [row.key for row in street.rows(CaseSlot, case_id=case.id)]
    assert sorted(slots) == sorted(set(slots)), "nothing stands twice"


def test_nobody_on_duty_is_said_honestly(street: Street, chen: Resident) -> None:
    (said,) = chen.says(DIE)
    assert "现在没有人在线。" in said
    labels = [choice["label"] for choice in chen.question["choices"]]
    assert labels[0].endswith("962525")
    assert "一个人" in labels, "the script's question can still be answered"
    li = street.member()
    assert chen.taps("一个人")[0].startswith("我在这里")
    street.write(staff.set_duty, li, False, street.now)
    assert "现在没有人在线。" in chen.says(FALL)[-1]


def test_an_edit_cancels_nothing_and_may_bring_danger(street: Street, chen: Resident) -> None:
    street.member()
    answered(1)(street, chen)
    chen.says(DIE)
    before = chen.last_seq
    chen.sends(kind="edit", text="我随便说说的")
    assert chen.case.urgency == "red"
    assert chen.heard(before) == []
    assert chen.log()[-1]["kind"] == "edited"
    other = street.resident("other")
    other.says("嗯嗯嗯")
    other.sends(kind="edit", text=FALL)
    assert other.case.urgency == "red"


def test_a_red_case_is_closed_by_two_people_and_asks_for_no_face(
    street: Street, chen: Resident
) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    chen.says(DIE, "一个人")
    case = chen.case
    with pytest.raises(Refused, match="not_claimed"):
        street.act(close.close, li, case.id, "done")
    street.act(claim.claim, li, case.id)
    assert street.act(close.close, li, case.id, "done") == "closing"
    assert chen.case.closed_at is None
    with pytest.raises(Refused, match="same_person"):
        street.act(close.close, li, case.id, "done")
    assert street.view(zhao, case.id).next.action == "confirm_close"
    proposed = street.view(li, case.id).next
    assert (proposed.action, proposed.text) == ("wait", "等另一位同意结案")
    assert street.act(close.close, zhao, case.id, "done") == "closed"
    assert street.view(li, case.id).next.text == "没有了,已经结案"
    assert chen.log()[-1]["text"] == "这件事先到这里。有事随时找我们。"
    assert not [line for line in chen.log() if line["tone"] == "face"]


def test_a_lowered_danger_still_needs_two(street: Street, chen: Resident) -> None:
    from handlers.advisors import attend

    li = street.member()
    chen.says(DIE, "一个人")
    street.act(claim.claim, li, chen.case.id)
    street.act(attend.change_urgency, li, chen.case.id, "yellow", "谈过了,家人在")
    assert street.act(close.close, li, chen.case.id, "done") == "closing"


def test_the_second_may_say_no(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    chen.says(DIE, "一个人")
    case = chen.case
    street.act(claim.claim, li, case.id)
    street.act(close.close, li, case.id, "done")
    street.act(close.reopen, zhao, case.id)
    assert chen.case.closing_by is None
    assert street.act(close.close, li, case.id, "done") == "closing"


def test_new_danger_undoes_a_proposal_to_close(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    chen.says(DIE, "一个人")
    case = chen.case
    street.act(claim.claim, li, case.id)
    street.act(close.close, li, case.id, "done")
    chen.says(DIE)
    with pytest.raises(Refused, match="not_yours"):
        street.act(close.close, zhao, case.id, "done")


def test_a_call_for_a_human_is_heard_before_the_scripts_answer(
    street: Street, chen: Resident
) -> None:
    street.member()
    chen.says(DIE)
    said = chen.says("找人工")
    assert said[0] == "好的,我请人来。您先别走开。"
    kinds = [row.kind for row in street.rows(CaseEvent, case_id=chen.case.id)]
    assert "human_requested" in kinds
    assert len(street.rows(Case)) == 1


def test_an_old_scripts_question_does_not_swallow_another_days_words(
    street: Street, chen: Resident
) -> None:
    street.member()
    chen.says(DIE)
    street.advance(hours=20)
    assert chen.says("我的事办到哪了")[0].startswith(f"{chen.case.number} 号")
