"""Going back, correcting any line at any time, and the leave that is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.content import Content
from dialogs.engine import Answer, File, Slot
from dialogs.meaning.reading import Reading
from tests.dialogs.talk import Talk, to_summary


def test_back_keeps_the_old_answer_until_there_is_a_new_one(content: Content) -> None:
    talk = Talk(content, "long_term_care").do("没有人", "一个人住", "要人扶", "返回")
    assert talk.ask.text == "您平时走得动吗?"
    assert talk.keys()["mobility"] == "helped"
    talk.do(Answer(choice="cmd:back"))
    assert talk.ask.text == "您现在和谁一起住?"
    talk.do("和家人住")
    assert talk.keys()["living"] == "with_family"
    assert talk.ask.text == "您多大年纪了?"
    talk.do("返回", "返回", "返回", "返回")
    assert talk.said == ["engine.at_first"]
    assert talk.ask.text == "家里有人照顾您吗?"


def test_a_new_branch_drops_what_it_does_not_ask(content: Content) -> None:
    talk = Talk(content, "long_term_care").do("没有人", "一个人住", "讲错了,有家人")
    assert talk.said == ["engine.corrected"]
    talk.do("2", "跳过", "不要", "对")
    assert isinstance(talk.last, File)
    assert {key: slot.key for key, slot in talk.last.slots.items()} == {
        "carer": "family",
        "mobility": "helped",
        "consent": "no",
    }


@pytest.mark.parametrize("words", ["改一下", "讲错了", "不对", "不是"])
def test_every_line_of_the_summary_can_be_corrected(content: Content, words: str) -> None:
    before = to_summary(content)
    lines = [line for line in before.ask.text.split("\n") if ":" in line]
    assert len(lines) == 7
    for number, line in enumerate(lines):
        talk = to_summary(content).do(words)
        assert talk.ask.text == "您要改哪一条?"
        for _ in range(number // 3):
            talk.tap("别的")
        talk.tap(line)
        assert talk.session is not None
        assert (talk.session.phase, talk.ask.text[-1]) == ("correcting", "?")
        talk.do("返回")
        assert talk.ask == replace(before.ask, choices=talk.ask.choices), (
            "back out of a correction changes nothing"
        )


@pytest.mark.parametrize(
    ("words", "reading", "changed"),
    [
        ("电话不对,是13912345678", None, {"phone": "13912345678"}),
        ("年纪错了,应该是84", None, {"age": "84"}),
        ("地址改成胶州路2号", None, {"address": "胶州路2号"}),
        ("刚才讲错了,有家人", None, {"carer": "family"}),
        ("地址不是302,是502", None, {"address": "康定路1号502"}),
        ("应该是84岁不是83岁,讲错了", None, {"age": "84"}),
        (
            "刚才讲错了,是3号202",
            Reading(act="correct_answer", confidence=0.9, slots={"address": "3号202"}),
            {"address": "康定路3号202"},
        ),
        ("是84", Reading(act="correct_answer", confidence=0.9, slots={"age": "84"}), {"age": "84"}),
    ],
)
def test_a_correction_in_one_sentence(
    content: Content, words: str, reading: Reading | None, changed: dict[str, str]
) -> None:
    talk = to_summary(content)
    before = talk.keys()
    talk.do(Answer(words, reading=reading))
    assert talk.keys() == {**before, **changed}
    assert talk.said == ["engine.corrected"]
    assert talk.ask.tone == "summary"


def test_a_line_named_without_a_value_is_asked(content: Content) -> None:
    talk = to_summary(content).do("电话不对")
    assert talk.ask.text == "打哪个电话找得到您?"
    talk.do("13912345678")
    assert talk.keys()["phone"] == "13912345678"
    assert talk.ask.tone == "summary"


def test_nothing_to_correct_yet(content: Content) -> None:
    assert Talk(content, "long_term_care").do("改一下").said == ["engine.nothing_to_fix"]


def test_leave_refused_keeps_nothing_personal(content: Content) -> None:
    talk = Talk(content, "long_term_care", {"phone": "13812345678", "address": "康定路1号"})
    talk.do("有家人", "1", "跳过", "先不要")
    assert "13812345678" not in talk.ask.text
    talk.do("对的")
    assert isinstance(talk.last, File)
    assert talk.last.slots.keys() == {"carer", "mobility", "consent"}


def test_leave_taken_back_in_the_summary_takes_the_number_out(content: Content) -> None:
    talk = to_summary(content).do("改一下").tap("别的").tap("记电话住址:可以").do("先不要", "对")
    assert isinstance(talk.last, File)
    assert not {"phone", "address"} & talk.last.slots.keys()


def test_unsure_about_leave_is_no(content: Content) -> None:
    talk = Talk(content, "general", {"trouble": "漏水"}).do("说不清")
    assert talk.keys()["consent"] == "no"


def test_health_needs_its_own_leave(content: Content) -> None:
    talk = Talk(content, "low_income_aid", {"illness": "尿毒症"})
    talk.do("没有收入", "3", "1", "可以", "跳过", "跳过")
    assert "尿毒症" not in talk.ask.text
    talk.do("对")
    assert isinstance(talk.last, File)
    assert "illness" not in talk.last.slots


def test_the_call_for_a_human_asks_leave_in_its_question(content: Content) -> None:
    talk = Talk(content, "human").do("13812345678")
    assert isinstance(talk.last, File)
    assert talk.last.slots["consent"].key == "yes"
    assert Talk(content, "human").tap("跳过").last == File({})
    # already on the way to a human: never a second handoff
    assert Talk(content, "human").do("找人工").last == File({})
    assert Talk(content, "human").do("啊呀", "啊呀").last == File({})


def test_a_story_with_wrong_in_it_is_an_answer(content: Content) -> None:
    talk = Talk(content, "general").do("医生写错了名字,报销不了")
    assert talk.keys()["trouble"] == "医生写错了名字,报销不了"


@pytest.mark.parametrize(
    ("old", "words", "new"),
    [
        ("康定路1号302", "讲错了,是3号202", "康定路3号202"),
        ("康定路20弄1号302", "讲错了,是3号202", "康定路20弄3号202"),
        ("康定路20弄1号302", "讲错了,是30弄3号", "康定路30弄3号"),
        ("康定路1号302", "讲错了,是胶州路5号", "胶州路5号"),
        ("1号302", "讲错了,是3号202", "3号202"),
    ],
)
def test_a_corrected_house_number_keeps_its_road(
    content: Content, old: str, words: str, new: str
) -> None:
    talk = Talk(content, "general", {"trouble": "漏水"}).do("可以", old, words)
    assert talk.keys()["address"] == new


def test_a_part_that_may_stand_anywhere_is_asked(content: Content) -> None:
    talk = Talk(content, "general", {"trouble": "漏水"}).do("可以", "康定路1号302", "讲错了,是三楼")
    assert talk.ask.text == "您住在哪里?"
    assert talk.keys()["address"] == "康定路1号302"


def test_whom_it_is_for_is_read_back_and_can_be_corrected(content: Content) -> None:
    """「我老太婆一个人」 taken for somebody else: one line in the summary sets it right."""
    known: dict[str, Slot | str] = {"about": "other", "trouble": Slot("烧不动", "烧不动", "words")}
    talk = Talk(content, "general", known).do("可以", "康定路3号", "13812345678")
    assert "为谁办:为别人" in talk.ask.text
    talk.tap("改一下")
    talk.do(Answer("为谁办"))
    assert talk.ask.text == "是为谁办?"
    talk.tap("为自己")
    assert "为谁办" not in talk.ask.text
    assert talk.keys()["about"] == "self"


def test_what_is_for_the_writer_needs_no_such_line(content: Content) -> None:
    known: dict[str, Slot | str] = {"trouble": Slot("烧不动", "烧不动", "words")}
    talk = Talk(content, "general", known).do("可以", "康定路3号", "13812345678")
    assert "为谁办" not in talk.ask.text
