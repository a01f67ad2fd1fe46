"""Advisors' answers on a channel that pushes: who speaks, files, and corrections."""

from __future__ import annotations

import pytest

from handlers.advisors import attend, claim, close, reply
from handlers.advisors.correct import correct
from handlers.advisors.reply import MOST_CHARACTERS
from handlers.desk.lists import due_tasks
from handlers.ports import Refused, Viewer
from handlers.residents import page
from storage import media
from storage.audit import Audit
from storage.cases import Case, CaseEvent
from storage.due import Due
from storage.media import Media
from tests.handlers.chats import Chatter, from_staff
from tests.handlers.street import ANSWERS, CARE, RELAY, Resident, Street, conversations_of


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


@pytest.fixture
def case(street: Street, chen: Chatter, li: Viewer) -> Case:
    made: Case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, made.id)
    chen.gets()
    return made


def say(street: Street, viewer: Viewer, case: Case, key: str, text: str, file: str | None) -> int:
    given = (case.id, key, text, street.now, street.house, file)
    return street.write(reply.reply, viewer, *given)


# --- what a chat is sent ----------------------------------------------------------------------


def test_a_chat_is_told_who_speaks(street: Street, chen: Chatter, li: Viewer, case: Case) -> None:
    seq = street.act(reply.reply, li, case.id, "a1", "您好")
    joined, said = chen.gets()
    assert (joined["kind"], joined["text"]) == ("human_joined", "李顾问来了。您直接说就行。")
    assert {key: said[key] for key in ("kind", "from", "seq", "ref", "name", "text")} == {
        "kind": "message",
        "from": "advisor",
        "seq": seq,
        "ref": None,
        "name": "李顾问",
        "text": "您好",
    }


def test_what_became_of_a_message_and_their_own_lines_are_not_sent_to_them(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    chen.sends(kind="photo", media=chen.file())
    chen.gets()
    assert {body["kind"] for body in chen.bodies} <= {"message"}
    assert {body["from"] for body in chen.bodies} == {"bot"}
    assert all(body["media_id"] is None for body in chen.bodies)


def test_who_was_answered_is_not_told_that_they_were_read(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    street.act(reply.reply, li, case.id, "a1", "您好")
    street.act(attend.read_up_to, li, case.id, chen.last_seq)
    assert [body["kind"] for body in chen.gets()] == ["human_joined", "message"]
    chen.sends(text="几点来?")
    street.act(attend.read_up_to, li, case.id, chen.last_seq)
    assert [body["kind"] for body in chen.gets()] == ["seen"]


# --- files ------------------------------------------------------------------------------------


def test_an_advisor_answers_with_a_file_and_no_words(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    file = from_staff(street)
    seq = say(street, li, case, "a1", "", file)
    line = next(line for line in chen.log() if line["seq"] == seq)
    assert (line["text"], line["media"]["id"], line["from"]) == ("", file, "advisor")
    assert chen.gets()[-1]["media"]["id"] == file
    assert street.rows(Due, kind="unseen"), "and it must be seen, as words must"


def test_the_file_is_the_residents_from_then_on(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    file = from_staff(street)
    assert street.write(page.may_see_media, chen.who, file) is None
    say(street, li, case, "a1", "看这张", file)
    assert street.write(page.may_see_media, chen.who, file) is not None
    other = Chatter(street, "other")
    other.says("喂")
    assert street.write(page.may_see_media, other.who, file) is None


def test_an_advisors_voice_is_nobodys_work_to_hear(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    say(street, li, case, "a1", "", from_staff(street, "voice", 3.0))
    assert street.write(media.unheard, {conversations_of(street, chen.who).id}) == set()
    assert street.write(due_tasks, li, street.house) == []


def test_the_same_file_again_is_said_once(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    file = from_staff(street)
    seq = say(street, li, case, "a1", "", file)
    assert say(street, li, case, "a1", "", file) == seq
    with pytest.raises(Refused, match="same_id"):
        say(street, li, case, "a1", "", from_staff(street))


def test_nothing_of_another_resident_can_be_sent_on(
    street: Street, chen: Chatter, li: Viewer, case: Case
) -> None:
    other = Chatter(street, "other")
    theirs = other.file()
    other.sends(kind="photo", media=theirs)
    for file in (theirs.id, "f" * 32):
        with pytest.raises(Refused, match="not_found"):
            say(street, li, case, "a1", "", file)
    row = next(row for row in street.rows(Media) if row.id == theirs.id)
    assert row.conversation_id == conversations_of(street, other.who).id


def test_without_a_file_there_must_be_words(street: Street, li: Viewer, case: Case) -> None:
    with pytest.raises(Refused, match="empty"):
        say(street, li, case, "a1", " ", None)


# --- corrections ------------------------------------------------------------------------------


@pytest.fixture
def answer(street: Street, chen: Chatter, li: Viewer, case: Case) -> int:
    seq = street.act(reply.reply, li, case.id, "a1", "明天三点来")
    chen.gets()
    chen.sends(text="好的")
    assert street.rows(Due, kind="unseen") == []
    return seq


def test_a_correction_reaches_the_resident_as_one(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    seq = street.act(correct, li, case.id, answer, "明天四点来")
    line = next(line for line in chen.log() if line["seq"] == seq)
    assert (line["kind"], line["ref"], line["text"]) == ("edited", answer, "明天四点来")
    (body,) = chen.gets()
    assert (body["kind"], body["text"], body["name"]) == ("edited", "更正:明天四点来", "李顾问")
    assert body["reply_to"] == chen.numbers[answer]
    assert body["choices"] == [{"label": "看到了", "value": f"seen:{seq}"}]


def test_a_correction_must_be_seen_too(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    street.act(correct, li, case.id, answer, "明天四点来")
    chen.gets()
    street.advance(minutes=16)
    assert [task.kind for task in street.write(due_tasks, li, street.house)] == ["call"]


def test_a_correction_is_said_once(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    seq = street.act(correct, li, case.id, answer, "明天四点来")
    assert street.act(correct, li, case.id, answer, "明天四点来") == seq
    assert street.act(correct, li, case.id, seq, "明天四点来") == seq

    def once(text: str) -> int:
        return street.write(
            correct, li, case.id, answer, text, street.now, street.house, client_id="c1"
        )

    assert once("明天五点来") == once("明天五点来")
    with pytest.raises(Refused, match="same_id"):
        once("明天六点来")
    assert [line["text"] for line in chen.log() if line["kind"] == "edited"] == [
        "明天四点来",
        "明天五点来",
    ]


def test_a_correction_of_a_correction_belongs_to_the_first_answer(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    second = street.act(correct, li, case.id, answer, "明天四点来")
    street.act(correct, li, case.id, second, "明天五点来")
    entry = street.view(li, case.id).entries[-1]
    assert (entry.ref, entry.text, entry.original) == (answer, "明天五点来", "明天四点来")
    assert street.act(correct, li, case.id, answer, "明天三点来") > second, "the first words again"


def test_a_correction_is_kept_with_who_made_it(
    street: Street, li: Viewer, case: Case, answer: int
) -> None:
    street.act(correct, li, case.id, answer, "明天四点来")
    (event,) = [row for row in street.rows(CaseEvent, case_id=case.id) if row.kind == "corrected"]
    assert (event.staff_id, event.data) == (li.id, {"seq": answer})
    assert [row.staff_id for row in street.rows(Audit) if row.act == "correct"] == [li.id]


def test_only_who_wrote_it_or_a_supervisor_corrects(
    street: Street, wang: Viewer, case: Case, answer: int
) -> None:
    with pytest.raises(Refused, match="forbidden"):
        street.act(correct, street.member("周顾问"), case.id, answer, "明天四点来")
    assert street.act(correct, wang, case.id, answer, "明天四点来")


def test_a_correction_is_no_answer(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    street.advance(hours=1)
    chen.sends(text="几点来?")
    waiting = {row.key for row in street.rows(Due, kind="answer")}
    assert waiting
    street.act(correct, li, case.id, answer, "明天四点来")
    assert {row.key for row in street.rows(Due, kind="answer")} == waiting
    assert chen.says("几点来?") != [], "no talk is live by it"


def test_what_is_no_answer_of_this_case_cannot_be_corrected(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    theirs = chen.mine[-1]["seq"]
    bots = next(line["seq"] for line in chen.log() if line["from"] == "bot")
    joined = next(line["seq"] for line in chen.log() if line["kind"] == "human_joined")
    for seq in (theirs, bots, joined, 0, 9_999):
        with pytest.raises(Refused, match="not_found"):
            street.act(correct, li, case.id, seq, "明天四点来")
    with pytest.raises(Refused, match="empty"):
        street.act(correct, li, case.id, answer, " ")
    with pytest.raises(Refused, match="too_long"):
        street.act(correct, li, case.id, answer, "长" * (MOST_CHARACTERS + 1))


def test_an_answer_of_another_case_of_the_chat_is_no_answer_of_this_one(
    street: Street, chen: Chatter, li: Viewer, case: Case, answer: int
) -> None:
    street.advance(hours=1)
    chen.says(RELAY)
    for _ in range(10):
        if chen.log()[-1]["tone"] == "summary":
            chen.taps("对的")
        if chen.log()[-1]["tone"] != "question":
            break
        chen.sends(kind="choice", choice=chen.log()[-1]["choices"][0]["value"])
    assert chen.case.id != case.id
    street.act(claim.claim, li, chen.case.id)
    with pytest.raises(Refused, match="not_found"):
        street.act(correct, li, chen.case.id, answer, "明天四点来")


def test_a_closed_case_is_opened_before_its_answers_are_corrected(
    street: Street, li: Viewer, case: Case, answer: int
) -> None:
    street.act(close.close, li, case.id, "done")
    with pytest.raises(Refused, match="closed"):
        street.act(correct, li, case.id, answer, "明天四点来")


def test_on_the_web_a_correction_is_a_line_as_well(street: Street, li: Viewer) -> None:
    web: Resident = street.resident()
    case = web.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    seq = street.act(reply.reply, li, case.id, "a1", "明天三点来")
    street.act(correct, li, case.id, seq, "明天四点来")
    line = web.log()[-1]
    assert (line["kind"], line["ref"], line["text"], line["name"]) == (
        "edited",
        seq,
        "明天四点来",
        "李顾问",
    )


def test_only_a_voice_can_be_heard(street: Street, chen: Chatter, li: Viewer, case: Case) -> None:
    photo = chen.file("photo")
    chen.sends(kind="photo", media=photo)
    with pytest.raises(Refused) as refused:
        street.act(attend.heard, li, photo.id)
    assert refused.value.code == "not_found"
