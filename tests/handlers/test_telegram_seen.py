"""What a chat shows counts as seen by what the person does; and who shut us out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.advisors import attend, claim, reply
from handlers.desk.lists import due_tasks
from handlers.ports import Viewer
from storage.cases import Case, CaseEvent
from storage.due import Due, Task
from tests.handlers.chats import Chatter
from tests.handlers.street import ANSWERS, CARE, DIE, Street, conversations_of


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


@pytest.fixture
def answered(street: Street, chen: Chatter, li: Viewer) -> Case:
    """A case with an advisor's answer that waits to be sent."""
    case: Case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    chen.gets()
    street.act(reply.reply, li, case.id, "a1", "您好")
    return case


def waiting_to_be_seen(street: Street) -> list[Any]:
    return street.rows(Due, kind="unseen")


# --- seen -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "update",
    [
        {"text": "好的"},
        {"kind": "choice", "choice": "cmd:where"},
        {"kind": "place", "text": "31.1,121.4"},
        {"kind": "start"},
    ],
    ids=["words", "tap", "place", "start"],
)
def test_whatever_they_do_they_have_seen_what_was_sent(
    street: Street, chen: Chatter, li: Viewer, answered: Case, update: dict[str, Any]
) -> None:
    chen.gets()
    assert waiting_to_be_seen(street)
    chen.sends(**update)
    assert waiting_to_be_seen(street) == []
    assert "seen" in {event.kind for event in street.rows(CaseEvent, case_id=answered.id)}
    street.advance(minutes=16)
    assert not street.rows(Task)


def test_what_is_still_on_its_way_was_not_seen(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    chen.sends(text="喂")
    assert waiting_to_be_seen(street)


def test_what_was_sent_after_they_wrote_was_not_seen(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    chen.posts(text="喂")
    street.now += timedelta(seconds=5)
    chen.gets()
    street.work()
    assert waiting_to_be_seen(street)


def test_what_could_not_be_sent_is_telephone_work_whatever_they_write(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    chen.loses(error="bad_file")  # the line that says who comes
    chen.loses(error="bad_file")
    street.act(reply.reply, li, answered.id, "a2", "在吗")
    chen.gets()
    chen.sends(text="在的")
    assert [row.ref for row in waiting_to_be_seen(street)] == [str(seq_of(chen, "您好"))]
    street.advance(minutes=16)
    (task,) = street.write(due_tasks, li, street.house)
    assert task.kind == "call"


def test_what_a_safety_sentence_overtook_is_seen_when_it_has_come(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    street.advance(hours=1)
    assert street.write(due_tasks, li, street.house)
    chen.says(DIE)
    assert chen.gets_one()["tone"] == "danger"
    street.now += timedelta(seconds=5)
    chen.says("喂")
    assert street.write(due_tasks, li, street.house), "what waits behind it was not seen"
    chen.gets()
    chen.says("看见了")
    assert street.write(due_tasks, li, street.house) == []


def test_confirming_a_later_answer_confirms_none_that_failed(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    chen.loses(error="bad_file")
    chen.loses(error="bad_file")
    street.act(reply.reply, li, answered.id, "a2", "在吗")
    body = chen.gets_unrecorded()
    chen.taps_under(body, "看到了")
    assert [row.ref for row in waiting_to_be_seen(street)] == [str(seq_of(chen, "您好"))]


def test_on_the_web_writing_alone_is_no_proof(street: Street, li: Viewer) -> None:
    web = street.resident()
    case = web.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    web.says("喂")
    assert waiting_to_be_seen(street)


# --- 看到了 ------------------------------------------------------------------------------------


def test_the_button_stands_under_an_advisors_words_in_the_chat_alone(
    street: Street, chen: Chatter, answered: Case
) -> None:
    said = {body["text"]: body for body in chen.gets()}
    seq = seq_of(chen, "您好")
    assert said["您好"]["choices"] == [{"label": "看到了", "value": f"seen:{seq}"}]
    assert said["李顾问来了。您直接说就行。"]["choices"] is None
    assert next(line for line in chen.log() if line["seq"] == seq)["choices"] is None


def test_the_tap_is_confirmation_only(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    chen.gets()
    body = next(one for one in chen.bodies if one["text"] == "您好")
    before = {row.key for row in street.rows(Due)}
    assert chen.taps_under(body, "看到了") == []
    assert chen.mine[-1]["text"] == "看到了"
    assert before - {row.key for row in street.rows(Due)} == {
        f"unseen:{conversations_of(street, chen.who).id}:{body['seq']}"
    }
    shown = [line for line in street.view(li, answered.id).entries if line.from_ == "resident"]
    assert shown[-1].text == "看到了"


def test_the_tap_is_nothing_to_read_and_is_not_read_back_to_them(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    chen.gets()
    street.act(attend.read_up_to, li, answered.id, chen.last_seq)
    body = next(one for one in chen.bodies if one["text"] == "您好")
    chen.taps_under(body, "看到了")
    assert street.view(li, answered.id).card.unread == 0
    street.act(attend.read_up_to, li, answered.id, chen.last_seq)
    assert chen.gets() == []


def test_the_tap_ends_the_call(street: Street, chen: Chatter, li: Viewer, answered: Case) -> None:
    chen.gets()
    street.advance(minutes=16)
    assert len(street.write(due_tasks, li, street.house)) == 1
    body = next(one for one in chen.bodies if one["text"] == "您好")
    chen.taps_under(body, "看到了")
    assert street.write(due_tasks, li, street.house) == []


@pytest.mark.parametrize("value", ["seen:", "seen:99999", "seen:1", "seen:x", "seen:²", "seen:-1"])
def test_a_made_up_confirmation_confirms_nothing(
    street: Street, chen: Chatter, answered: Case, value: str
) -> None:
    chen.sends(kind="choice", choice=value)
    assert chen.heard(chen.last_seq) == []
    assert waiting_to_be_seen(street)


def test_the_tap_answers_no_question(street: Street, chen: Chatter, answered: Case) -> None:
    chen.gets()
    body = next(one for one in chen.bodies if one["text"] == "您好")
    street.advance(hours=1)
    chen.says("看病没钱")
    chen.taps("cmd:menu")
    asked = chen.question
    assert chen.taps_under(body, "看到了") == []
    assert chen.question == asked


# --- left and back ----------------------------------------------------------------------------


def test_who_shut_us_out_says_nothing_and_is_telephone_work(
    street: Street, chen: Chatter, li: Viewer, answered: Case
) -> None:
    before = len(chen.mine)
    chen.sends(kind="left")
    assert len(chen.mine) == before
    assert "blocked" in {event.kind for event in street.rows(CaseEvent, case_id=answered.id)}
    assert [task.kind for task in street.write(due_tasks, li, street.house)] == ["call"]
    assert conversations_of(street, chen.who).blocked_at == street.now


@pytest.mark.parametrize(
    "update",
    [{"kind": "back"}, {"text": "我又来了"}, {"kind": "start"}],
    ids=["back", "word", "start"],
)
def test_who_comes_back_is_let_in(
    street: Street, chen: Chatter, answered: Case, update: dict[str, Any]
) -> None:
    chen.sends(kind="left")
    chen.sends(**update)
    assert conversations_of(street, chen.who).blocked_at is None
    assert "unblocked" in {event.kind for event in street.rows(CaseEvent, case_id=answered.id)}


def seq_of(chen: Chatter, text: str) -> int:
    (found,) = [line["seq"] for line in chen.log() if line["text"] == text]
    return int(found)
