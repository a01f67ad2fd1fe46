"""The training data keeps its promises, and wrong data is named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dialogs.meaning.data import DataError, Example, parse
from dialogs.meaning.plain import squeeze
from dialogs.meaning.reading import ACTS, DANGERS, NEEDS

NLU_DATA = Path(__file__).parents[3] / "nlu_data"


def test_each_message_stands_once(training: list[Example], evaluation: list[Example]) -> None:
    assert len(training) > 1_000
    assert len(evaluation) > 150
    together = Counter(e.text for e in (*training, *evaluation))
    assert [text for text, times in together.items() if times > 1] == []


def test_nothing_evaluated_was_learned(training: list[Example], evaluation: list[Example]) -> None:
    """Not even with other punctuation or spaces."""
    learned = {squeeze(e.text) for e in training}
    assert [e.text for e in evaluation if squeeze(e.text) in learned] == []


def test_every_label_has_enough_examples(training: list[Example]) -> None:
    counts = Counter(label for e in training for label in (*e.needs, *e.danger, e.act))
    assert {label: counts[label] for label in (*NEEDS, *DANGERS, *ACTS) if counts[label] < 25} == {}
    who = Counter(e.who for e in training)
    assert min(who["self"], who["other"], who["unknown"]) > 200


def test_needs_stand_only_beside_a_request_or_a_question(training: list[Example]) -> None:
    """The model decides needs and act together on this ground."""
    odd = [e.text for e in training if e.needs and e.act not in ("request_help", "policy_question")]
    assert odd == []


def test_each_need_and_danger_has_its_file() -> None:
    files = {file.stem for file in NLU_DATA.glob("*.yml")}
    assert {*NEEDS, *DANGERS, *ACTS} <= files


GOOD = """
nlu:
- intent: long_term_care+home_help
  examples:
  - text: 没人照顾,也没人烧饭
    metadata: {danger: [], act: request_help, who: self}
"""


def test_a_message_is_read_whole() -> None:
    assert parse(GOOD) == [
        Example("没人照顾,也没人烧饭", "long_term_care+home_help", (), "request_help", "self")
    ]
    assert parse(GOOD)[0].needs == ("long_term_care", "home_help")


@pytest.mark.parametrize("other", ["", "language: zh", "[]", "nlu:"])
def test_a_file_of_something_else_holds_no_examples(other: str) -> None:
    assert parse(other) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("long_term_care+home_help", "longterm", "longterm"),
        ("danger: []", "danger: [fire]", "fire"),
        ("danger: []", "danger: no", "danger"),
        ("request_help", "beg", "beg"),
        ("who: self", "who: me", "me"),
        ("text: 没人照顾,也没人烧饭", "text: ''", "text"),
        ("metadata: {danger: [], act: request_help, who: self}", "note: 1", "metadata"),
        ("  examples:", "  example:", "examples"),
        ("nlu:", "nlu: {", "YAML"),
    ],
)
def test_wrong_data_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(DataError, match=named):
        parse(GOOD.replace(old, new))
