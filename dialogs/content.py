"""All content of the house in one call, and what a person sees of a flow: played or drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dialogs.danger_scripts import Script, load_danger
from dialogs.engine import (
    Answer,
    Ask,
    Button,
    Drop,
    File,
    Handoff,
    Outcome,
    Say,
    Switch,
    Tell,
    advance,
)
from dialogs.engine import start as begin
from dialogs.flow import load_flows
from dialogs.flow_model import END, Flow
from dialogs.session import Slot
from dialogs.slots import Slots, load_slots
from dialogs.wording import Phrases, lint_flow, lint_phrases

HERE = Path(__file__).parent
UNLINTED = ("staff.", "cli.", "when.")  # for staff, for operators, and mere parts of sentences


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that advisors write: slots, flows, phrases, safety scripts."""

    slots: Slots
    flows: Mapping[str, Flow]
    phrases: Phrases
    danger: Mapping[str, Script]


def load_content(language: str = "zh", folder: Path = HERE) -> Content:
    """Loads and checks all content; raises ContentError (FlowError) at the first mistake."""
    slots = load_slots(folder / "slots.yml")
    overlay = None if language == "zh" else folder / "flows" / f"{language}.yml"
    return Content(
        slots=slots,
        flows=load_flows(folder / "flows", slots, overlay),
        phrases=Phrases.load(folder / "phrases", language),
        danger=load_danger(folder / "phrases" / "danger.yml", language),
    )


def check_wording(content: Content) -> list[str]:
    """The rules of talk over all flows and all phrases that residents read (`flows check`)."""
    said = {k: v for k, v in content.phrases.items() if not k.startswith(UNLINTED)}
    wrong = [fault for flow in content.flows.values() for fault in lint_flow(flow)]
    any_flow = next(iter(content.flows.values()))
    wrong += lint_phrases(any_flow.common.say, any_flow.language)
    return wrong + lint_phrases(said, content.phrases.language)


def play(
    content: Content,
    flow: str,
    answers: Iterable[str | Answer],
    slots: Mapping[str, Slot | str] | None = None,
) -> Iterator[str]:
    """A flow as a transcript, line by line: `> ` what the person does, then what is said back.

    A string is typed words; `[words]` taps the button with these words, `(photo)`, `(voice)`,
    `(document)` and `(place)` send one. Outcomes for the house stand in brackets: (file …),
    (human …), (drop …). Another flow that takes over is played on.
    """
    session, outcomes = begin(content.flows[flow], "playing0", slots)
    waiting = iter(answers)
    while True:
        buttons: tuple[Button, ...] = ()
        following: Switch | None = None
        for outcome in outcomes:
            yield from shown(content, outcome)
            buttons = outcome.choices if isinstance(outcome, Ask) else buttons
            following = outcome if isinstance(outcome, Switch) else following
        if following is not None:
            session, outcomes = begin(content.flows[following.flow], "playing0", following.slots)
            continue
        said = next(waiting, None)
        if session is None or said is None:
            return
        answer = heard(said, buttons) if isinstance(said, str) else said
        yield "> " + (said if isinstance(said, str) else said.text or said.choice or "")
        session, outcomes = advance(content.flows[session.flow], session, answer)


def heard(said: str, buttons: Sequence[Button]) -> Answer:
    """A line of a transcript as an answer; see `play`."""
    if said in {"(photo)", "(voice)", "(document)", "(place)"}:
        return Answer(media=said.strip("()"))
    if said.startswith("[") and said.endswith("]"):
        label = said[1:-1]
        values = [button.value for button in buttons if button.label == label]
        return Answer(choice=values[0] if values else said)
    return Answer(text=said)


def shown(content: Content, outcome: Outcome) -> list[str]:
    """One outcome in the lines that a person would read."""
    match outcome:
        case Say(key, params):
            return [content.phrases.say(key, **params)]
        case Tell(text):
            return [text]
        case Ask(text, choices, _):
            labels = " ".join(f"[{button.label}]" for button in choices)
            return [*text.split("\n"), *([labels] if labels else [])]
        case File(slots):
            return [f"(file {_pairs(content, slots)}".rstrip() + ")"]
        case Handoff(reason, slots):
            return [f"(human {reason} {_pairs(content, slots)}".rstrip() + ")"]
        case Switch(flow, slots):
            return [f"(flow {flow} {_pairs(content, slots)}".rstrip() + ")"]
        case Drop(slots):
            return [f"(drop {_pairs(content, slots)}".rstrip() + ")"]


def _pairs(content: Content, slots: Mapping[str, Slot]) -> str:
    ordered = [key for key in content.slots if key in slots]
    return " ".join(f"{key}={slots[key].key or slots[key].words}" for key in ordered)


def draw(flow: Flow) -> str:
    """The flow as a mermaid flowchart, for the README and for advisors who change it."""
    numbers = {name: f"s{number}" for number, name in enumerate(flow.steps)}
    numbers[END] = "finish"
    last = {"menu": "need", "relay": "need"}.get(flow.kind, "summary" if flow.summary else "file")
    found = ["flowchart TD", f'  begin(["{_quoted(flow.title)}"]) --> {numbers[flow.first]}']
    for name, step in flow.steps.items():
        mark = " ?" if step.optional else ""
        found.append(f'  {numbers[name]}["{_quoted(step.ask)}<br/>{name}{mark}"]')
        arrows: dict[str, list[str]] = {}
        for choice in step.choices:
            arrows.setdefault(flow.after(name, choice.key), []).append(choice.say)
        if not step.choices:
            arrows[flow.after(name, None)] = []
        for target, words in arrows.items():
            label = f'|"{_quoted(" / ".join(words))}"|' if words else ""
            found.append(f"  {numbers[name]} -->{label} {numbers[target]}")
    found.append(f"  finish([{last}])")
    return "\n".join(found)


def _quoted(words: str) -> str:
    return words.replace('"', "&quot;")
