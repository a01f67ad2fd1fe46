"""From any state, whatever comes: nothing raises, nothing is lost, and the ways out stay open."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.content import Content
from dialogs.engine import (
    Answer,
    Ask,
    Drop,
    File,
    Handoff,
    Outcome,
    Say,
    Session,
    Slot,
    Switch,
    Tell,
    advance,
    ask_again,
    start,
)
from dialogs.flow_model import Flow
from dialogs.meaning.reading import ACTS, NEEDS, Reading

# What people and machines send that has broken other programs.
NAUGHTY = [
    "", " ", "\u200b\u200f\u202e", "\ufeff", "undefined", "null", "NaN", "true", "0", "-1",
    "1e309",
    "{words}", "{0}", "%s%n", "${7*7}", "'; DROP TABLE cases; --", "<script>alert(1)</script>",
    "\u202e没有人", "田中さんにあげて下さい", "😀👨‍👩‍👧‍👦", "ﷺ", "Z̮̞̠͙͔ͅA̷̶̢L̵G̸O̷", "\x00\x01\x7f",
    "没有人" * 4_000,
    "cmd:back", "abcd1234:1:nobody", "tel:110", "../../etc/passwd",
    "一" * 500, "万亿" * 50, "第第第",
    "①②③", "1️⃣", "０", "١٢٣", "½", "Ⅷ", "九" * 400 + "岁", "9" * 5_000, "13812345678" * 30,
    "\ud800", "a\u0300" * 100, "?", "……", "。", "不不不不", "没没没", "是不是", "改改改",
    "算了算了算了",
]  # fmt: skip
EVERYDAY = [
    "没有人", "要人扶", "八十三", "可以", "不要", "13812345678", "康定路1号302", "对的", "不对",
    "改一下",
    "返回", "跳过", "不知道", "电话不对", "刚才讲错了,有家人", "1", "2", "3", "4", "别的",
    "别的事", "8000",
    "我儿子照顾", "年纪错了,应该是84", "嗯", "👍", "看病没钱",
    "电话勿能讲的,骗子多", "侬会唱沪剧伐", "1381234567",
]  # fmt: skip

readings = st.none() | st.builds(
    Reading,
    needs=st.lists(st.sampled_from(NEEDS), max_size=2).map(tuple),
    act=st.sampled_from(ACTS),
    confidence=st.floats(0, 1),
    slots=st.dictionaries(
        st.sampled_from(["age", "phone", "address", "carer", "living", "helped_name", "nonsense"]),
        st.sampled_from(["83", "13812345678", "3号202", "nobody", "alone", "", "王阿婆", "\x00"]),
        max_size=3,
    ),
)
words = st.sampled_from(EVERYDAY) | st.sampled_from(NAUGHTY) | st.text(max_size=30)
commands = st.sampled_from(
    ["back", "human", "fix", "skip", "drop", "menu", "more", "where", "sing"]
).map(lambda name: Answer(choice=f"cmd:{name}"))
moves = (
    st.builds(Answer, text=words, reading=readings)
    | st.integers(0, 5)  # taps the n-th button
    | commands
    | st.builds(Answer, text=st.sampled_from(["", "看这个"]), media=st.sampled_from(["voice",
    "photo", "place", "film"]))
    | st.builds(Answer, choice=st.text(max_size=20))
)  # fmt: skip
flow_names = st.sampled_from(
    [
        "long_term_care",
        "medical_aid",
        "low_income_aid",
        "general",
        "human",
        "menu",
        "relay",
        "psychological_support",
    ]
)
known = st.dictionaries(
    st.sampled_from(["living", "age", "address", "helped_name", "about", "need", "nonsense"]),
    st.sampled_from(["alone", "83", "3号楼302", "other", "medical_aid", "x"]),
    max_size=3,
)


def check_turn(
    content: Content, before: Session | None, turn: tuple[Session | None, tuple[Outcome, ...]]
) -> None:
    """What holds after every turn."""
    session, outcomes = turn
    asks = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    ends = [o for o in outcomes if isinstance(o, File | Handoff | Switch | Drop)]
    for outcome in outcomes:
        if isinstance(outcome, Say):
            assert content.phrases.params(outcome.key) == outcome.params.keys()
        if isinstance(outcome, Tell):
            assert outcome.text
    if session is None:
        assert (len(asks), len(ends)) == (0, 1)
        assert outcomes[-1] is ends[0]
        slots: Mapping[str, Slot] = getattr(ends[0], "slots", {})
        assert all(slot.key != "skipped" for slot in slots.values())
        return
    assert (len(asks), len(ends)) == (1, 0)
    assert outcomes[-1] is asks[0]
    assert asks[0].text.strip()
    for button in asks[0].choices:
        assert button.label
        assert button.value.isascii()
        assert len(button.value) <= 64
    answers = [button for button in asks[0].choices if not button.value.startswith("cmd:")]
    assert len(answers) <= 3
    assert len({button.value for button in asks[0].choices}) == len(asks[0].choices)
    if before is not None:
        assert session.question in {before.question, before.question + 1}


def follow(
    content: Content, name: str, slots: dict[str, str], way: list[Answer | int]
) -> tuple[Flow, Session | None, Ask | None]:
    """Goes a way through a flow, with the session out to JSON and in again between the turns."""
    flow = content.flows[name]
    session, outcomes = start(flow, "abcd1234", slots)
    check_turn(content, None, (session, outcomes))
    for move in way:
        if session is None:
            break
        ask = outcomes[-1]
        assert isinstance(ask, Ask)
        if isinstance(move, int):
            buttons = ask.choices
            move = Answer(choice=buttons[move % len(buttons)].value) if buttons else Answer("好")
        stored = json.loads(json.dumps(session.to_json()))
        before = Session.from_json(stored)
        assert before == session
        session, outcomes = advance(flow, before, move)
        check_turn(content, before, (session, outcomes))
    last = outcomes[-1]
    return flow, session, last if isinstance(last, Ask) else None


@settings(max_examples=300, deadline=None)
@given(flow_names, known, st.lists(moves, max_size=14))
def test_whatever_comes_a_turn_is_whole(
    content: Content, name: str, slots: dict[str, str], way: list[Answer | int]
) -> None:
    follow(content, name, slots, way)


@settings(max_examples=200, deadline=None)
@given(flow_names, known, st.lists(moves, max_size=10))
def test_the_ways_out_are_open_in_every_state(
    content: Content, name: str, slots: dict[str, str], way: list[Answer | int]
) -> None:
    flow, session, asked = follow(content, name, slots, way)
    if session is None or asked is None:
        return
    assert ask_again(flow, session) == (session, (asked,))
    for answer in (Answer(choice="cmd:human"), Answer("找人工")):
        after, outcomes = advance(flow, session, answer)
        assert after is None
        assert isinstance(outcomes[-1], File if name == "human" else Handoff)
    for answer in (
        Answer(choice="cmd:back"),
        Answer("返回"),
        Answer(choice="cmd:fix"),
        Answer("改一下"),
    ):
        after, outcomes = advance(flow, session, answer)
        check_turn(content, session, (after, outcomes))
        assert after is not None
        # going back or asking for a correction never loses an answer
        assert after.slots == session.slots
    stale = Answer(choice=f"abcd1234:{session.question + 1}:yes")
    assert advance(flow, session, stale) == (session, (Say("engine.stale_choice"), asked))


@settings(max_examples=100, deadline=None)
@given(flow_names, known, st.lists(moves, max_size=10), st.integers(0, 6))
def test_every_answer_can_be_corrected_in_every_state(
    content: Content, name: str, slots: dict[str, str], way: list[Answer | int], which: int
) -> None:
    flow, session, _ = follow(content, name, slots, way)
    if session is None:
        return
    session, outcomes = advance(flow, session, Answer(choice="cmd:fix"))
    assert session is not None
    if session.phase != "correcting":
        assert Say("engine.nothing_to_fix") in outcomes
        return
    ask = outcomes[-1]
    assert isinstance(ask, Ask)
    for _ in range(which):
        more = [b.value for b in ask.choices if b.value.startswith("cmd:more")]
        if session.step is not None or not more:
            break
        session, outcomes = advance(flow, session, Answer(choice=more[0]))
        assert session is not None
        ask = outcomes[-1]
        assert isinstance(ask, Ask)
    if session.step is None:
        session, outcomes = advance(flow, session, Answer(choice=ask.choices[0].value))
    assert session is not None
    assert session.step is not None
    before = session
    after, outcomes = advance(flow, session, Answer("返回"))
    assert after is not None
    assert after.slots == before.slots
    assert after.phase in {"asking", "summary"}


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_words_at_every_step(content: Content, text: str) -> None:
    reached = set()
    for name in content.flows:
        flow, session, asked = follow(content, name, {}, [])
        while session is not None and asked is not None:
            check_turn(content, session, advance(flow, session, Answer(text)))
            reached.add((name, session.step))
            # The first choice, or what an open question can do without.
            tap = Answer(choice=asked.choices[0].value) if asked.choices else Answer("漏水")
            session, outcomes = advance(flow, session, tap)
            last = outcomes[-1]
            asked = last if isinstance(last, Ask) else None
    # every step of every flow, and the summaries
    assert {step for _, step in reached} - {None} == {
        step for flow in content.flows.values() for step in flow.steps
    }
    assert len(reached) > 25


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        ["long_term_care", "medical_aid", "low_income_aid", "general", "psychological_support"]
    ),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
)
def test_at_most_seven_questions_to_the_summary(
    content: Content, name: str, taps: list[int]
) -> None:
    flow, session, _ = follow(content, name, {}, [])
    asked = 0
    for tap in taps:
        assert session is not None
        if session.phase == "summary":
            break
        asked += 1
        ask = ask_again(flow, session)[1][0]
        assert isinstance(ask, Ask)
        answer = (
            Answer(choice=ask.choices[tap % len(ask.choices)].value)
            if ask.choices
            else Answer("漏水了")
        )
        session, _ = advance(flow, session, answer)
    assert session is not None
    assert session.phase == "summary"
    assert asked <= 7
