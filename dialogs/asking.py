"""Putting a question: the present one, its buttons, and the summary that is read back."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.flow_model import MAX_CHOICES, Flow, Step
from dialogs.outcomes import Ask, Button
from dialogs.paths import about_other, lines, shown_words, step_of
from dialogs.session import Session

LINE = "line:"
COMMAND = "cmd:"
ONCE = frozenset({"cmd:skip", "cmd:more"})
_LABEL_LENGTH = 14  # characters of an answer on a button; the summary above shows it whole
_LINE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be tapped now: its key and its words."""

    key: str
    label: str


def step_now(flow: Flow, session: Session) -> Step | None:
    """The step that is asked now; None in the summary and while a line is chosen."""
    return step_of(flow, session.step) if session.step else None


def options(flow: Flow, session: Session) -> tuple[Option, ...]:
    """Everything that can be tapped at the present question, in the order shown."""
    say = flow.common.say
    if session.phase == "summary":
        return (Option("yes", say["right"]), Option(COMMAND + "fix", say["fix"]))
    step = step_now(flow, session)
    if step is None:
        found = [
            Option(LINE + key, _line_label(flow, session, key)) for key in lines_now(flow, session)
        ]
        return _paged(found, session.page, say["more"])
    found = [Option(choice.key, choice.say) for choice in step.choices]
    more = say["more_needs"] if flow.kind == "menu" else say["more"]
    shown = _paged(found, session.page, more)
    return (*shown, Option(COMMAND + "skip", say["skip"])) if step.optional else shown


def pages(flow: Flow, session: Session) -> int:
    """How many pages of three the present list has."""
    step = step_now(flow, session)
    count = len(step.choices) if step else len(lines_now(flow, session))
    return max(1, -(-count // MAX_CHOICES))


def lines_now(flow: Flow, session: Session) -> tuple[str, ...]:
    """The slots that can be corrected now."""
    return lines(flow, session.slots)


def present(flow: Flow, session: Session) -> Ask:
    """The present question; asked again it is the same, with the same values."""
    buttons = tuple(
        Button(option.label, value_of(session, option.key)) for option in options(flow, session)
    )
    if session.phase == "summary":
        return Ask(_summary(flow, session), buttons, "summary")
    step = step_now(flow, session)
    if step is None:
        return Ask(flow.common.say["fix_ask"], buttons)
    return Ask(step.question(about_other(session.slots)), buttons)


def value_of(session: Session, key: str) -> str:
    """What a button carries: `<session>:<question>:<key>`; commands lead with `cmd:`.

    Skipping and paging carry the question too, because a trembling hand taps twice.
    """
    if not key.startswith(COMMAND):
        return f"{session.id}:{session.question}:{key}"
    return f"{key}:{session.id}:{session.question}" if key in ONCE else key


def _paged(found: list[Option], page: int, more: str) -> tuple[Option, ...]:
    if len(found) <= MAX_CHOICES:
        return tuple(found)
    start = page * MAX_CHOICES
    return (*found[start : start + MAX_CHOICES], Option(COMMAND + "more", more))


def _line_label(flow: Flow, session: Session, key: str) -> str:
    words = _clip(shown_words(flow, key, session.slots[key]), _LABEL_LENGTH)
    return f"{flow.slots.label(key, flow.language)}{flow.common.say['colon']}{words}"


def _summary(flow: Flow, session: Session) -> str:
    say = flow.common.say
    told = [
        f"{flow.slots.label(key, flow.language)}{say['colon']}"
        f"{_clip(shown_words(flow, key, session.slots[key]), _LINE_LENGTH)}"
        for key in lines_now(flow, session)
    ]
    return "\n".join([say["summary"], *told, say["summary_ask"]])


def _clip(words: str, length: int) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= length else one_line[: length - 1] + "…"
