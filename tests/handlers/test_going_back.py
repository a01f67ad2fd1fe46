"""返回 stands only where it leads somewhere: the log says which question is the first."""

from __future__ import annotations

from tests.handlers.street import CARE, RELAY, Resident, Street


def asked(chen: Resident) -> tuple[str, bool]:
    question = chen.question
    return question["text"], question["first"]


def test_the_first_question_of_a_dialog_is_marked(street: Street) -> None:
    chen = street.resident()
    chen.says("侬好")
    assert asked(chen) == ("您遇到什么难处了?", True)
    chen.taps("养老照顾")
    assert asked(chen) == ("家里有人照顾您吗?", True), "the menu is nothing to go back to"
    chen.says("没有人")
    assert not chen.question["first"]
    chen.taps("cmd:back")
    assert asked(chen) == ("家里有人照顾您吗?", True)


def test_after_a_relay_and_where_the_summary_is_all(street: Street) -> None:
    wang = street.resident("wang")
    wang.says(RELAY)
    assert wang.question["first"]
    wang.taps("知道也愿意")
    assert not wang.question["first"]
    wang.taps("告诉我")
    assert wang.question["first"]


def test_what_belongs_to_no_dialog_has_nothing_behind_it(street: Street) -> None:
    chen = street.resident()
    chen.says(CARE)
    street.advance(minutes=street.house.office.reminder.total_seconds() / 60 + 1)
    assert chen.question["text"] == "上次的话说到一半。要不要接着说?"
    assert chen.question["first"]
