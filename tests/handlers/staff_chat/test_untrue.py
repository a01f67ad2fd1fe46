"""What stands in a chat of staff stays true: receipts, headlines, times nobody lays out anew."""

from __future__ import annotations

from datetime import timedelta

from handlers.advisors import close, correct, reply
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import DIE, Resident


def test_a_corrections_receipt_says_that_it_is_the_corrections(
    office: Office, chen: Resident
) -> None:
    phone, viewer = office.joined("李顾问")
    case = chen.files()
    phone.news()
    phone.presses("我来")
    (first,) = phone.says("三点来", reply_to=phone.find("您在跟").id)
    (second,) = phone.sends("edit", text="四点来", edits=phone.wrote, external_id="e1.1")
    assert (first.text, second.text) == (
        "给 #1 · 在网页上了,还没看到",
        "给 #1 · 更正 · 在网页上了,还没看到",
    )
    office.street.act(correct.correct, viewer, case.id, chen.log()[-2]["seq"], "五点来")
    chen.sees()
    phone.news()
    assert (first.text, second.text) == ("给 #1 · 看到了", "给 #1 · 更正 · 看到了")


def test_a_second_person_can_open_again_what_they_closed(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    boss, _ = office.joined("王主管", "supervisor")
    chen.says(DIE)
    li.news()
    li.presses("我来")
    office.street.act(close.close, viewer, chen.case.id, "done")
    pushed = [one for one in boss.news() if "提议结案" in one.title][-1]
    assert pushed.labels == ["看对话", "同意结案", "先不结"]
    boss.presses("同意结案", pushed)
    boss.news()
    assert pushed.title == f"#{chen.case.number} 结案了"
    assert "先不结" not in pushed.labels


def test_an_answer_that_was_seen_after_all_is_not_called_unseen(
    office: Office, chen: Resident
) -> None:
    li, viewer = office.joined("李顾问")
    case = chen.files()
    li.news()
    li.presses("我来")
    office.street.act(reply.reply, viewer, case.id, "d1", "三点来")
    office.street.advance(hours=9)
    (pushed,) = [one for one in li.news() if "没被看到" in one.title]
    chen.sees()
    li.news()
    assert pushed.title == f"#{case.number} 联系上了"


def test_a_card_does_not_count_the_seconds_it_does_not_follow(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    chen.says(DIE)
    li.news()
    office.street.advance(minutes=1.1)
    late = [one for one in li.news() if "应接手" in one.text][-1]
    assert "前应接手(晚了)" in late.text
    edits = late.edits
    office.street.now += timedelta(minutes=3)
    li.says(f"#{chen.case.number}")
    assert "晚了)" in li.last.text
    assert late.edits == edits
