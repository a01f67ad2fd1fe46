"""The shape of a reading, and how several become one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.meaning.combine import combine
from dialogs.meaning.reading import ACTS, DANGERS, NEEDS, WHO, Reading


def test_the_labels_are_the_taxonomys() -> None:
    assert (len(DANGERS), len(NEEDS), len(ACTS), len(WHO)) == (5, 13, 12, 3)
    assert len({*DANGERS, *NEEDS, *ACTS}) == 30


def test_a_reading_survives_json() -> None:
    reading = Reading(
        ("violence_abuse",), ("family_legal",), "request_help", "self", 0.75, {"age": "83"}
    )
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"danger": "suicide_selfharm", "needs": None, "act": 7, "who": [], "confidence": "high"},
        {"danger": ["plague"], "needs": ["money"], "act": "dance", "who": "they", "slots": 1},
        {"confidence": float("nan")},
        {"confidence": True},
    ],
)
def test_what_another_engine_says_oddly_is_left_out(odd: dict[str, object]) -> None:
    assert Reading.from_json(odd) == Reading()


def test_labels_come_back_in_their_order_and_once() -> None:
    read = Reading.from_json({"needs": ["fraud_consumer", "medical_aid", "fraud_consumer"]})
    assert read.needs == ("medical_aid", "fraud_consumer")


def test_nothing_read_means_nothing_understood() -> None:
    assert combine([]) == Reading()


def test_danger_is_the_union_and_the_surest_names_the_rest() -> None:
    joined = combine(
        [
            Reading(danger=("no_food_shelter",), slots={"age": "83"}),
            Reading(("suicide_selfharm",), ("home_help",), "request_help", "other", 0.6),
            Reading((), ("medical_aid",), "policy_question", "unknown", 0.9, {"age": "38"}),
        ]
    )
    assert joined.danger == ("suicide_selfharm", "no_food_shelter")
    assert joined.needs == ("medical_aid",)
    assert joined.who == "other"
    assert joined.slots == {"age": "83"}, "the first reading in the order given is the exact one"


@pytest.mark.parametrize(
    ("act", "expected"),
    [("cancel", "request_help"), ("deny", "request_help"), ("human_request", "human_request")],
)
def test_danger_is_never_a_cancellation(act: str, expected: str) -> None:
    joined = combine([Reading(("suicide_selfharm",), act=act, confidence=0.99)])
    assert joined.act == expected


_READINGS = st.builds(
    Reading,
    danger=st.lists(st.sampled_from(DANGERS), unique=True).map(
        lambda found: tuple(d for d in DANGERS if d in found)
    ),
    act=st.sampled_from(ACTS),
    who=st.sampled_from(WHO),
    confidence=st.floats(0, 1),
)


@given(st.lists(_READINGS, max_size=4))
def test_no_reader_can_take_anothers_danger_back(readings: list[Reading]) -> None:
    assert set(combine(readings).danger) == {d for r in readings for d in r.danger}
