"""The linear model: what it must hear, and how well it does on messages it never saw."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.meaning.combine import combine
from dialogs.meaning.danger import find
from dialogs.meaning.data import DataError, Example
from dialogs.meaning.linear import Model, train
from dialogs.meaning.reading import Reading


def test_the_first_journey(model: Model) -> None:
    reading = model.read("我一个人住,身体不好,想进养老院,自己跑不动")
    assert reading.needs == ("long_term_care",)
    assert (reading.act, reading.who) == ("request_help", "self")
    assert reading.confidence >= 0.5


def test_the_volunteers_journey(model: Model) -> None:
    reading = model.read("我帮3号楼302的王阿婆问问,她一个人在家没人烧饭")
    assert "home_help" in reading.needs
    assert set(reading.needs) <= {"home_help", "long_term_care"}
    assert (reading.act, reading.who) == ("request_help", "other")


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("找人工", "human_request"),
        ("叫个人来听电话", "human_request"),
        ("我的事办到哪了", "status_query"),
        ("怎么还没人联系我", "status_query"),
        ("对额", "affirm"),
        ("好伐好呀", "affirm"),
        ("嗯", "affirm"),
        ("勿是", "deny"),
        ("覅", "deny"),
        ("没有", "deny"),
        ("刚才讲错了,是3号202", "correct_answer"),
        ("算了", "cancel"),
        ("不办了", "cancel"),
        ("侬好", "greet_thanks"),
        ("把我的信息删掉", "my_data"),
        ("今天天气怎么样", "out_of_scope"),
        ("我有困难", "request_help"),
        ("低保多少钱一个月", "policy_question"),
    ],
)
def test_acts_are_heard_with_confidence(model: Model, text: str, act: str) -> None:
    reading = model.read(text)
    assert reading.act == act
    assert reading.confidence >= 0.5


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "...", "😀", "zzzz vvvv", "مرحبا", "\ud800"])
def test_what_says_nothing_is_not_understood(model: Model, text: str) -> None:
    reading = model.read(text)
    assert (reading.act, reading.needs) == ("out_of_scope", ())
    assert reading.confidence < 0.5


@pytest.mark.parametrize(
    ("typed", "need"),
    [("想办残急证", "disability"), ("养佬院有位子伐,我想去", "long_term_care")],
)
def test_homophones_are_heard(model: Model, typed: str, need: str) -> None:
    assert need in model.read(typed).needs


@settings(deadline=None)
@given(text=st.text(st.characters(), max_size=200))
def test_it_never_raises(model: Model, text: str) -> None:
    assert 0 <= model.read(text).confidence <= 1


def test_floors_on_messages_never_learned(model: Model, evaluation: list[Example]) -> None:
    """Honest floors: just under what was measured when they were set; they only go up."""
    rows = [(e, combine([Reading(danger=find(e.text)), model.read(e.text)])) for e in evaluation]
    found, given_, right = 0, 0, 0
    alarms, dangers, heard = 0, 0, 0
    for e, r in rows:
        found, given_ = found + len(r.needs), given_ + len(e.needs)
        right += len({*r.needs} & {*e.needs})
        alarms, dangers = alarms + len(r.danger), dangers + len(e.danger)
        heard += len({*r.danger} & {*e.danger})
    f1 = 2 * right / (found + given_)
    recall, precision = heard / dangers, heard / alarms
    act = sum(e.act == r.act for e, r in rows) / len(rows)
    who = sum(e.who == r.who for e, r in rows) / len(rows)
    print(
        f"danger recall {recall:.3f} precision {precision:.3f} needs F1 {f1:.3f} "
        f"act {act:.3f} who {who:.3f} on {len(rows)}"
    )
    assert recall >= 0.97
    assert precision >= 0.9
    assert f1 >= 0.87
    assert act >= 0.9
    assert who >= 0.88


def test_a_message_takes_under_two_milliseconds(model: Model, evaluation: list[Example]) -> None:
    def mean() -> float:
        start = time.process_time()
        for e in evaluation:
            model.read(e.text)
        return (time.process_time() - start) / len(evaluation)

    assert min(mean() for _ in range(3)) < 0.002


def test_the_same_examples_give_the_same_model(model: Model, training: list[Example]) -> None:
    again = train(training)
    assert np.array_equal(again.weights, model.weights)


def test_it_survives_its_arrays(model: Model) -> None:
    back = Model.from_arrays(model.to_arrays())
    for text in ("我想进养老院", "找人工", "对额"):
        assert back.read(text) == model.read(text)


@pytest.mark.parametrize("name", ["weights", "idf", "bias", "labels", "vocabulary", "sounds"])
def test_arrays_that_are_not_whole_are_refused(model: Model, name: str) -> None:
    arrays = model.to_arrays()
    del arrays[name]
    with pytest.raises(KeyError):
        Model.from_arrays(arrays)
    if name != "sounds":
        arrays = model.to_arrays()
        arrays[name] = arrays[name][: len(arrays[name]) // 2]
        with pytest.raises(ValueError, match="stored model"):
            Model.from_arrays(arrays)


def test_data_without_a_label_is_refused_by_name(training: list[Example]) -> None:
    with pytest.raises(DataError, match="my_data"):
        train([e for e in training if e.act != "my_data"])


def test_reading_needs_no_training_library() -> None:
    assert "dialogs.meaning.linear" in sys.modules
    import subprocess

    code = (
        "import sys, dialogs.meaning.linear, dialogs.meaning.danger, dialogs.meaning.entities;"
        "print([m for m in ('sklearn', 'scipy', 'pypinyin') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "blows"),
    [
        ("打我电话13812345678", False),
        ("打我手机,幺三八一二三四五六七八", False),
        ("打我儿子电话13812345678", False),
        ("请打我女儿手机", False),
        ("老公打我,电话13812345678", True),
        ("打我儿子", True),
        ("打我手机都打坏了", True),
    ],
)
def test_where_to_call_is_no_blow(model: Model, text: str, blows: bool) -> None:
    """The answer to 「打哪个电话找得到您?」 is none to the model and the patterns together."""
    assert ("violence_abuse" in {*model.read(text).danger, *find(text)}) is blows
