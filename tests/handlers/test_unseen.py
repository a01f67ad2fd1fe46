"""An answer nobody reads, a voice note nobody hears, a photo: work for people, kept and shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.advisors import attend, claim, close, reply
from handlers.desk.lists import due_tasks
from handlers.ports import MediaInfo, Refused, Viewer
from handlers.residents import page
from storage.case_slots import CaseSlot
from storage.cases import Case
from storage.due import Due, Task
from storage.media import Media
from storage.notices import Notice
from tests.handlers.street import ANSWERS, CARE, MORNING, Resident, Street


@pytest.fixture
def answered(street: Street, chen: Resident, li: Viewer) -> Case:
    case: Case = chen.files(CARE, ANSWERS)
    chen.sees()
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    return case


def test_an_unseen_answer_becomes_a_call(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=14)
    assert street.write(due_tasks, li, street.house) == []
    street.advance(minutes=2)
    (task,) = street.write(due_tasks, li, street.house)
    assert (task.kind, task.case_id, task.text) == ("call", answered.id, "回话没被看到,打电话")
    assert [one["text"] for one in street.told(li) if one["kind"] == "push"] == [
        f"#{answered.number} 回话没被看到"
    ]
    view = street.view(li, answered.id)
    assert view.next.action == "call"
    assert [line.mark for line in view.entries if line.from_ == "advisor"][-1] == "unseen"


def test_seen_in_time_there_is_no_call(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=10)
    chen.sees()
    street.advance(hours=2)
    assert street.write(due_tasks, li, street.house) == []
    marks = [line.mark for line in street.view(li, answered.id).entries if line.from_ == "advisor"]
    assert marks[-1] == "seen"


def test_seeing_only_what_came_before_does_not_count(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    before = chen.last_seq - 2
    street.write(page.seen, chen.who, before, street.now, street.house)
    street.advance(minutes=16)
    assert len(street.write(due_tasks, li, street.house)) == 1


def test_a_page_cannot_have_seen_what_is_not_written(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.write(page.seen, chen.who, 9_999, street.now, street.house)
    street.act(reply.reply, li, answered.id, "a2", "还在吗")
    street.advance(minutes=16)
    assert len(street.write(due_tasks, li, street.house)) == 1


def test_several_unseen_answers_are_one_call_and_one_push(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=1)
    street.act(reply.reply, li, answered.id, "a2", "您在吗")
    street.advance(minutes=30)
    assert len(street.write(due_tasks, li, street.house)) == 1
    assert len(street.rows(Notice, kind="push")) == 1


def test_a_late_look_ends_the_call(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=16)
    chen.sees()
    assert street.write(due_tasks, li, street.house) == []
    (task,) = street.rows(Task)
    assert task.result == "seen"


def test_a_call_that_reached_nobody_comes_again(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=16)
    (task,) = street.write(due_tasks, li, street.house)
    street.act(attend.task_done, li, task.id, False)
    (again,) = street.write(due_tasks, li, street.house)
    assert again.due_at > task.due_at
    street.act(attend.task_done, li, task.id, True)
    assert street.write(due_tasks, li, street.house) == []
    with pytest.raises(Refused, match="already_done"):
        street.act(attend.task_done, li, task.id, True)
    with pytest.raises(Refused, match="not_found"):
        street.act(attend.task_done, li, "nothing", True)


def test_who_was_reached_by_telephone_is_called_for_nothing_else(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=10)
    street.act(reply.reply, li, answered.id, "a2", "您在吗")
    street.advance(minutes=6)
    (task,) = street.write(due_tasks, li, street.house)
    street.act(attend.task_done, li, task.id, True)
    street.advance(hours=1)
    assert street.write(due_tasks, li, street.house) == []


def test_a_closed_case_calls_nobody(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    street.advance(minutes=16)
    street.act(close.close, li, answered.id, "unreachable")
    assert street.write(due_tasks, li, street.house) == []
    assert street.rows(Due) == []


# --- voice ------------------------------------------------------------------------------------


def test_a_voice_note_is_a_case_at_once_and_orange(
    street: Street, chen: Resident, li: Viewer
) -> None:
    chen.sends_voice()
    assert chen.heard() == ["录音收到了,有人会听。您也可以点下面的。", "您遇到什么难处了?"]
    assert chen.question["choices"], "what can be tapped stands below, as the words say"
    (card,) = street.queue(li)
    assert (card.urgency, card.voice_unheard) == ("orange", True)
    assert card.due_kind == "unheard"
    (task,) = street.write(due_tasks, li, street.house)
    assert (task.kind, task.text) == ("listen", "听语音")


def test_a_voice_note_in_a_dialog_keeps_the_question_and_what_is_known(
    street: Street, chen: Resident, li: Viewer
) -> None:
    chen.says(CARE, "没有人")
    asked = chen.question
    media = chen.sends_voice()
    assert chen.log()[-1]["text"] == asked["text"]
    assert chen.log()[-1]["choices"] == asked["choices"]
    case = chen.case
    assert (case.urgency, case.needs) == ("orange", ["long_term_care"])
    assert "carer" in {row.key for row in street.rows(CaseSlot, case_id=case.id)}
    chen.says("76", "可以", "13812345678", "康定路3号")
    chen.taps("对的")
    assert [row.id for row in street.rows(Case)] == [case.id]
    assert chen.log()[-4]["media"] is None
    assert street.view(li, case.id).card.voice_unheard
    assert any(
        line.media and line.media.id == media and not line.media.heard
        for line in street.view(li, case.id).entries
    )


@pytest.mark.parametrize("hour", [0, 14], ids=["morning", "night"])
def test_unheard_it_is_pushed_after_ten_minutes_at_any_hour(
    street: Street, chen: Resident, hour: int
) -> None:
    street.now = MORNING + timedelta(hours=hour)
    wang = street.member("王主管", "supervisor")
    chen.sends_voice()
    street.advance(minutes=9)
    assert street.rows(Notice, kind="push") == []
    street.advance(minutes=2)
    pushes = [one for one in street.told(wang) if one["kind"] == "push"]
    assert [one["text"] for one in pushes] == [f"#{chen.case.number} 语音没人听"]


def test_heard_it_waits_no_more(street: Street, chen: Resident, li: Viewer) -> None:
    media = chen.sends_voice()
    street.act(attend.heard, li, media)
    street.act(attend.heard, li, media)
    (row,) = street.rows(Media)
    assert (row.heard_by, row.heard_at) == (li.id, street.now)
    assert street.write(due_tasks, li, street.house) == []
    street.advance(minutes=15)
    assert street.rows(Notice, kind="push") == []
    assert not street.queue(li)[0].voice_unheard
    with pytest.raises(Refused, match="not_found"):
        street.act(attend.heard, li, "f" * 32)


def test_done_on_the_desk_means_heard(street: Street, chen: Resident, li: Viewer) -> None:
    chen.sends_voice()
    (task,) = street.write(due_tasks, li, street.house)
    street.act(attend.task_done, li, task.id, True)
    (row,) = street.rows(Media)
    assert row.heard_by == li.id


def test_in_a_live_talk_a_voice_note_is_the_advisors_work_without_a_word(
    street: Street, chen: Resident, li: Viewer, answered: Case
) -> None:
    before = chen.last_seq
    chen.sends_voice()
    assert chen.heard(before) == []
    assert [task.kind for task in street.write(due_tasks, li, street.house)] == ["listen"]


# --- photo ------------------------------------------------------------------------------------


def photo(number: str = "f") -> MediaInfo:
    return MediaInfo(number * 32, "photo", "image/jpeg", 9, "0" * 64)


def test_a_photo_is_an_answer_kept_and_shown(street: Street, chen: Resident, li: Viewer) -> None:
    chen.says("看病没钱")
    assert chen.question["text"] == "看病自己花了多少钱?"
    chen.sends(kind="photo", media=photo())
    assert chen.heard()[-2:] == ["照片收到了,顾问会看。", "您有医保吗?"]
    chen.says("有医保", "先不要", "先不要")
    chen.taps("对的")
    view = street.view(li, chen.case.id)
    assert [line.media.kind for line in view.entries if line.media] == ["photo"]
    assert next(slot for slot in view.slots if slot.key == "bill").source == "media"
    found = street.write(attend.media_for, li, photo().id, street.now)
    assert (found.id, found.mime) == (photo().id, "image/jpeg")


def test_a_photo_of_an_address_is_no_address(street: Street, chen: Resident, li: Viewer) -> None:
    chen.says(CARE, "没有人", "76", "可以", "13812345678")
    chen.sends(kind="photo", media=photo())
    chen.taps("对的")
    assert street.view(li, chen.case.id).people["helped"].address == ""


def test_ones_own_media_and_nobody_elses(street: Street, chen: Resident) -> None:
    media = chen.sends_voice()
    other = street.resident("other")
    other.says("喂")
    assert street.write(page.may_see_media, chen.who, media) is not None
    assert street.write(page.may_see_media, other.who, media) is None
    assert street.write(page.may_see_media, other.who, "f" * 32) is None
    assert street.write(page.may_see_media, ("web", "house", "nobody"), media) is None
