"""A session is plain JSON: it goes out and in again, and what is broken keeps its slots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs import session as module
from dialogs.content import Content
from dialogs.engine import Answer, Ask, Handoff, advance, ask_again
from dialogs.session import SESSION_V, Session, SessionError, Slot

SAMPLES = sorted((Path(__file__).parent / "samples").glob("v*.json"))

slots = st.dictionaries(
    st.text(max_size=8),
    st.builds(Slot, st.text(max_size=8), st.text(max_size=8), st.sampled_from(module.SOURCES)),
    max_size=4,
)
sessions = st.builds(
    Session,
    id=st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=8, max_size=8),
    flow=st.text(max_size=8),
    step=st.none() | st.text(max_size=8),
    question=st.integers(0, 1000),
    asked=st.lists(st.text(max_size=8), max_size=5).map(tuple),
    slots=slots,
    phase=st.sampled_from(module.PHASES),
    tries=st.integers(0, 2),
    page=st.integers(0, 5),
    v=st.just(SESSION_V),
)


@settings(deadline=None)
@given(sessions)
def test_out_and_in_again(session: Session) -> None:
    assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session


def test_there_are_samples_of_every_version() -> None:
    assert {path.name.partition("_")[0] for path in SAMPLES} == {
        f"v{number}" for number in range(1, SESSION_V + 1)
    }


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_stored_session_goes_on(path: Path, content: Content) -> None:
    session = Session.from_json(json.loads(path.read_text(encoding="utf-8")))
    _, outcomes = ask_again(content.flows[session.flow], session)
    assert isinstance(outcomes[-1], Ask)
    _, outcomes = advance(content.flows[session.flow], session, Answer("返回"))
    assert isinstance(outcomes[-1], Ask)


def sample() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(SAMPLES[0].read_text(encoding="utf-8"))
    return raw


@pytest.mark.parametrize(
    "change",
    [
        {"v": 99}, {"v": "1"}, {"v": None}, {"id": 7}, {"flow": None}, {"step": 3},
        {"question": -1},
        {"question": True}, {"asked": [1]}, {"asked": None}, {"phase": "dreaming"},
        {"tries": "0"},
        {"slots": {"age": ["83", "八十三", "guessed"], "carer": ["nobody", "没有人", "asked"]}},
        {"slots": {"age": "83", "carer": ["nobody", "没有人", "asked"]}},
    ],
)  # fmt: skip
def test_a_broken_session_says_so_and_keeps_its_slots(change: dict[str, Any]) -> None:
    with pytest.raises(SessionError) as caught:
        Session.from_json({**sample(), **change})
    assert caught.value.slots["carer"] == Slot("nobody", "没有人", "asked")


@pytest.mark.parametrize("raw", [None, [], "session", 7, {}, {"v": 1}])
def test_what_is_no_session(raw: Any) -> None:
    with pytest.raises(SessionError) as caught:
        Session.from_json(raw)
    assert caught.value.slots == {}


def test_an_older_version_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def to_one(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "v": 1, "page": 0}

    def to_zero(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "v": 0}

    monkeypatch.setattr(module, "UPCASTERS", {-1: to_zero, 0: to_one})
    old = sample() | {"v": -1}
    del old["page"]
    assert Session.from_json(old).v == SESSION_V


@pytest.mark.parametrize(
    "change",
    [
        {"step": "shoe_size"}, {"asked": ["shoe_size"]}, {"flow": "general"}, {"step": None},
        {"slots": {"shoe_size": ["44", "44", "asked"]}},
        {"slots": {"carer": ["robot", "机器人", "asked"]}},
        {"slots": {"age": ["old", "老", "asked"]}},
    ],
)  # fmt: skip
def test_a_session_the_flow_does_not_know_goes_to_a_human(
    change: dict[str, Any], content: Content
) -> None:
    raw = sample()
    raw["slots"] = {**raw["slots"], **change.pop("slots", {})}
    session = Session.from_json({**raw, **change})
    for turn in (
        ask_again(content.flows["long_term_care"], session),
        advance(content.flows["long_term_care"], session, Answer("1")),
    ):
        after, (outcome,) = turn
        assert after is None
        assert isinstance(outcome, Handoff)
        assert outcome.reason == "session_broken"
        assert set(outcome.slots) >= {"living"}
