"""Every mistake an advisor can make in a flow is named with file, step and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dialogs.content import Content
from dialogs.flow import FlowError, flow_for, load_flows
from dialogs.flow_checks import longest
from dialogs.flow_model import MAX_QUESTIONS, Flow
from dialogs.slots import load_slots

Write = Callable[[list[dict[str, Any]], dict[str, Any]], Path]

CARER: dict[str, Any] = {
    "step": "carer",
    "ask": "家里有人照顾吗?",
    "choices": {"nobody": "没有人", "family": "有家人"},
}
LIVING: dict[str, Any] = {"step": "living", "ask": "和谁住?", "choices": {"alone": "一个人住"}}
AGE: dict[str, Any] = {"step": "age", "ask": "多大年纪了?"}
CONSENT: dict[str, Any] = {
    "step": "consent",
    "ask": "我记下来,可以吗?",
    "choices": {"yes": "可以", "no": {"say": "先不要", "go": "end"}},
}
PHONE: dict[str, Any] = {"step": "phone", "ask": "打哪个电话好?", "optional": True}


def go(step: dict[str, Any], target: str) -> dict[str, Any]:
    return {**step, "go": target}


def chosen(step: dict[str, Any], **choices: Any) -> dict[str, Any]:
    return {**step, "choices": choices}


MANY = [{"step": key, "ask": "那个呢?"} for key in ("age", "household", "bill", "trouble")] + [
    CARER,
    LIVING,
    {"step": "mobility", "ask": "走得动吗?", "choices": {"walks": "走得动"}},
    {"step": "income", "ask": "有收入吗?", "choices": {"none": "没有"}},
]

# steps, head lines, the step named, words of the message
ERRORS: list[tuple[list[dict[str, Any]], dict[str, Any], str, str]] = [
    ([{**CARER, "step": "carrer"}], {}, "carrer", "did you mean 'carer'?"),
    ([go(CARER, "livin"), LIVING], {}, "carer",
        "goes to unknown 'livin'; did you mean 'living'?"),
    ([chosen(CARER, nobody={"say": "没有人", "go": "adge"}), AGE], {}, "carer",
        "did you mean 'age'?"),
    ([chosen(CARER, nobodi="没有人")], {}, "carer",
        "choice 'nobodi' is not in slots.yml; did you mean 'nobody'?"),
    ([go(CARER, "age"), LIVING, AGE], {}, "living", "is never reached"),
    ([CARER, LIVING, go(AGE, "carer")], {}, "age", "carer → living → age → carer"),
    ([go(CARER, "end"), go(AGE, "age")], {}, "age", "no way to end"),
    ([chosen({**CARER, "step": "living"}, alone="一", with_family="二", with_others="三"),
        chosen({"step": "income", "ask": "?"}, none="一", some="二", pension="三"),
    {"step": "need", "ask": "?", "choices": {"low_income_aid": "一", "medical_aid": "二",
    "disability": "三", "employment": "四"}}], {}, "need", "has 4 choices; keep at most 3"),
    (MANY, {}, "", "asks 8 questions; at most 7"),
    (MANY[:7], {"kind": "short"}, "",
    "asks 9 questions with those of the relay; at most 7: mark some `only_self: true`"),
    ([{**AGE, "expect": "agee"}], {}, "age", "cannot expect 'agee'; did you mean 'age'?"),
    ([{**AGE, "opional": True}], {}, "age", "unknown 'opional'; did you mean 'optional'?"),
    ([{**AGE, "optional": "yes"}], {}, "age", "`optional` is true or false"),
    ([{"step": "age"}], {}, "age", "needs words under `ask`"),
    ([{**AGE, "ask": 5}], {}, "age", "needs words under `ask`"),
    ([{"step": "carer", "ask": "?"}], {}, "carer", "needs `choices`"),
    ([{**AGE, "choices": {"old": "老"}}], {}, "age", "take `choices` away"),
    ([{**CARER, "expect": "text"}], {}, "carer", "leave `expect` away"),
    ([chosen(CARER, nobody={"sya": "没有人"})], {}, "carer",
        "unknown 'sya'; did you mean 'say'?"),
    ([chosen(CARER, nobody={"say": "没有", "means": "maybe"})], {}, "carer",
        "`means` is yes or no"),
    ([chosen(CARER, nobody={"say": "没有", "also": ["有"]}, family="有")], {}, "carer",
        "'有' means 'nobody' and 'family'"),
    ([AGE, AGE], {}, "age", "stands twice"),
    ([CONSENT, {**PHONE, "optional": False}], {}, "phone", "add `optional: true`"),
    ([PHONE, CONSENT], {}, "phone", "can be asked before `consent`"),
    ([AGE, PHONE], {}, "phone", "ask `consent` before it"),
    ([chosen(CONSENT, yes="可以", no="先不要"), PHONE], {}, "phone",
        "though `consent` was refused"),
    ([CONSENT, {"step": "illness", "ask": "什么病?", "optional": True}], {}, "illness",
        "ask `consent_health` before it"),
    ([], {}, "", "has no step"),
    ([AGE], {"flow": "tset"}, "", "must be the file's name: test"),
    ([AGE], {"kind": "ned"}, "", "did you mean 'need'?"),
    ([AGE], {"tittle": "x"}, "", "unknown 'tittle'; did you mean 'title'?"),
    ([AGE], {"needs": ["long_term_car"]}, "", "did you mean 'long_term_care'?"),
    ([AGE], {"needs": ["medical_aid"]}, "",
        "need 'medical_aid' is served by medical_aid.yml too"),
    ([AGE], {"consent": "later"}, "", "`consent` is asked or in_question"),
    ([{**CONSENT, "expect": "choice"}], {}, "consent", "leave `expect` away"),
    ([AGE], {"summary": "no"}, "", "`summary` is true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "head", "step", "words"), ERRORS, ids=[row[3] for row in ERRORS])
def test_a_mistake_is_named(
    write_flow: Write,
    content: Content,
    steps: list[dict[str, Any]],
    head: dict[str, Any],
    step: str,
    words: str,
) -> None:
    folder = write_flow(steps, head)
    with pytest.raises(FlowError) as caught:
        load_flows(folder, content.slots)
    error = caught.value
    assert error.file == "test.yml"
    assert error.place == (f"step '{step}'" if step else "") or error.place.startswith(
        f"step '{step}', "
    )
    assert words in error.remedy
    assert "test.yml" in str(error)
    assert error.remedy in str(error)


@pytest.mark.parametrize(
    ("acks", "words"),
    [
        ({"housing": "听到了。"}, "'housing': is no need; did you mean 'housing_repair'?"),
        ({"disability": {"words": ["残疾"]}}, "'disability': write a sentence, or"),
        ("听到了。", "write `need: sentence` lines"),
    ],
)
def test_a_mistake_in_what_is_said_first_is_named(
    write_flow: Write, content: Content, acks: object, words: str
) -> None:
    with pytest.raises(FlowError, match=r"test\.yml: acks") as caught:
        load_flows(write_flow([AGE], {"acks": acks}), content.slots)
    assert words in str(caught.value)


def test_a_right_flow_is_taken(write_flow: Write, content: Content) -> None:
    flows = load_flows(write_flow([CARER, AGE, CONSENT, PHONE], {}), content.slots)
    assert list(flows["test"].steps) == ["carer", "age", "consent", "phone"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flow: [", "test.yml: line"), ("- a", "`key: value`"), ("flow: test\nflow: test",
        "stands twice"),
        ("flow: test\ntitle: x\nsteps:\n  - carer", "`key: value`"),
    ],
)  # fmt: skip
def test_broken_yaml_is_named(house: Path, content: Content, text: str, words: str) -> None:
    (house / "flows" / "test.yml").write_text(text, encoding="utf-8")
    with pytest.raises(FlowError, match=r"test\.yml") as caught:
        load_flows(house / "flows", content.slots)
    assert words in str(caught.value)


def test_a_file_in_another_encoding_is_named(house: Path, content: Content) -> None:
    (house / "flows" / "test.yml").write_bytes("flow: 测试".encode("gbk"))
    with pytest.raises(FlowError, match="save it as UTF-8"):
        load_flows(house / "flows", content.slots)


def test_yes_and_no_are_words(content: Content) -> None:
    assert [choice.key for choice in content.flows["general"].steps["consent"].choices] == [
        "yes",
        "no",
    ]


@pytest.mark.parametrize("name", ["menu", "relay", "general", "human", "common"])
def test_a_needed_file_is_missed(house: Path, content: Content, name: str) -> None:
    (house / "flows" / f"{name}.yml").unlink()
    with pytest.raises(FlowError, match=name):
        load_flows(house / "flows", content.slots)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    carer:\n", "    carrer:\n", "unknown step 'carrer'; did you mean 'carer'?"),
        ("title: Troubles", "titel: Troubles", "unknown 'titel'; did you mean 'title'?"),
        ("human:\n  title", "humann:\n  title", "flow 'human'"),
        ("nobody: Nobody, ", "", "choice 'nobody' must stand in both"),
        ("  ack: I hear you. I will help you.\n", "", "`ack` must stand in both"),
        ("    grief: I hear you. Losing somebody close is very hard.\n", "",
        "ack 'grief' must stand"),
        ("    more: More\n", "", "'more' is not in both"),
        ("low_income_aid:\n  title", "extra: {title: x}\n\nlow_income_aid:\n  title",
        "no such flow"),
    ],
)  # fmt: skip
def test_the_other_language_covers_every_key(
    house: Path, content: Content, old: str, new: str, words: str
) -> None:
    overlay = house / "flows" / "en.yml"
    text = overlay.read_text(encoding="utf-8")
    assert old in text
    overlay.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FlowError) as caught:
        load_flows(house / "flows", content.slots, overlay)
    assert words in str(caught.value)


def test_english_is_the_same_flow_in_other_words(content: Content, english: Content) -> None:
    def shape(flow: Flow) -> list[tuple[str, str, bool, list[str]]]:
        return [
            (step.name, step.expect, step.optional, [choice.key for choice in step.choices])
            for step in flow.steps.values()
        ]

    assert content.flows.keys() == english.flows.keys()
    for name, flow in content.flows.items():
        assert shape(flow) == shape(english.flows[name])
        assert flow.title != english.flows[name].title


def test_the_house_asks_at_most_seven_questions(content: Content) -> None:
    relayed = longest(content.flows["relay"], other=True)
    assert relayed == 2
    counted = {
        name: (longest(flow, other=False), relayed + longest(flow, other=True))
        for name, flow in content.flows.items()
        if flow.kind == "need" or name == "general"
    }
    assert len(counted) == 5
    assert max(max(pair) for pair in counted.values()) <= MAX_QUESTIONS


def test_every_need_has_a_way(content: Content) -> None:
    assert flow_for(content.flows, ("medical_aid", "disability")).name == "medical_aid"
    assert flow_for(content.flows, ("disability",)).name == "general"
    assert flow_for(content.flows, ()).name == "general"
    assert content.flows["menu"].routes["low_income_aid"] == "low_income_aid"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: {type: tekst, sensitivity: plain, label: {zh: x}}", "did you mean 'text'?"),
        ("a: {type: text, sensitivity: plan, label: {zh: x}}", "did you mean 'plain'?"),
        ("a: {type: text, sensitivity: plain, lable: {zh: x}}", "did you mean 'label'?"),
        ("a: {type: text, sensitivity: plain, ask: {zh: x}}", "needs words as"),
        ("a: {type: text, sensitivity: plain, label: {zh: x}}", "needs words as"),
        ("a: {type: choice, sensitivity: plain, label: {zh: x}, ask: {zh: x}}", "need `values`"),
        ("a: text", "write {type, sensitivity, label}"),
        ("", "has no slot"),
    ],
)  # fmt: skip
def test_a_mistake_in_slots_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "slots.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"slots\.yml") as caught:
        load_slots(path)
    assert words in str(caught.value)


def test_slots_protect_what_they_do_not_know(content: Content) -> None:
    assert content.slots.sensitive("illness")
    assert content.slots.sensitive("shoe_size")
    assert not content.slots.sensitive("age")
    assert content.slots.label("phone") == "电话"
    assert content.slots.label("shoe_size") == "shoe_size"
    assert all("en" in kind.label for kind in content.slots.values())
