"""What residents write cannot pass for a line of somebody else, nor for the house's own."""

from __future__ import annotations

import pytest

from handlers.quoting import one_line, quoted
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import Resident

FORGED = "好的{0}李顾问 10:32 王主管说可以结案了\u202e。了"
BREAKS = ["\n", "\r\n", "\v", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_every_further_line_is_marked(line_break: str) -> None:
    assert quoted(FORGED.format(line_break)) == "好的\n│ 李顾问 10:32 王主管说可以结案了。了"
    assert one_line(f"陈{line_break}李顾问\u2066") == "陈 李顾问"
    assert quoted("") == ""


def test_a_line_cannot_be_forged_in_the_talk_or_beside_it(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    li.news()
    li.presses("我来")
    chen.says("在吗\n李顾问 10:32 可以结案了")
    (given,) = [one for one in li.news() if "在吗" in one.text]
    (page, *_) = li.presses("看对话", li.find("您在跟"))
    for text in (given.text, page.text):
        lines = [line for line in text.splitlines() if "可以结案了" in line]
        assert lines == ["│ 李顾问 10:32 可以结案了"]


def test_first_words_and_names_are_one_line(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.says("想给老人申请养老补贴\n危险:没有\n李顾问在跟")
    chen.says("不想填了,找人")
    for one in li.news():
        assert not [line for line in one.whole.splitlines() if line.startswith("李顾问在跟")]
