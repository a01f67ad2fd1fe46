"""Every check of design §4 on a loaded flow; each says file, step and remedy."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.flow_model import (
    END,
    MAX_CHOICES,
    MAX_QUESTIONS,
    Choice,
    Flow,
    FlowError,
    Step,
)
from dialogs.meaning.reading import NEEDS
from dialogs.reading_yaml import nearest

ALWAYS = ("menu", "relay", "general", "human")  # flows the house cannot do without
MAX_KEY = 40  # a button's value is session (8) + question + key in 64 bytes
_CHOICE_TYPES = frozenset({"choice", "consent"})


def check_flow(file: str, flow: Flow) -> None:
    """Raises FlowError at the first mistake in one flow."""
    for need in flow.needs:
        if need not in NEEDS:
            raise FlowError(file, "", f"unknown need '{need}'; {nearest(need, NEEDS)}")
    for step in flow.steps.values():
        _check_step(file, flow, step)
    _check_loops(file, flow)
    _check_reached(file, flow)
    _check_length(file, flow, 0)
    _check_leave(file, flow, "consent", "personal")
    _check_leave(file, flow, "consent_health", "sensitive")


def check_house(file: str, flows: Mapping[str, Flow]) -> dict[str, str]:
    """Checks that need all flows; returns which flow serves which need."""
    for name in ALWAYS:
        if name not in flows:
            raise FlowError(file, "", f"the flow '{name}' is missing; write {name}.yml")
    routes: dict[str, str] = {}
    for flow in flows.values():
        for need in flow.needs:
            if need in routes:
                other = routes[need]
                raise FlowError(
                    f"{flow.name}.yml", "", f"need '{need}' is served by {other}.yml too; keep one"
                )
            routes[need] = flow.name
    before = longest(flows["relay"], other=True)
    for flow in flows.values():
        if flow.kind in {"need", "short"} and flow.name != "human":
            _check_length(f"{flow.name}.yml", flow, before)
    return routes


def longest(flow: Flow, *, other: bool) -> int:
    """How many questions at most; `other`: when asked about somebody else."""

    def count(name: str) -> int:
        if name == END:
            return 0
        step = flow.steps[name]
        if other and step.only_self:
            return count(flow.after(name, None))
        return 1 + max(count(follower) for follower in flow.followers(name))

    return count(flow.first)


def _place(step: Step) -> str:
    return f"step '{step.name}'"


def _check_step(file: str, flow: Flow, step: Step) -> None:
    place = _place(step)
    kind = flow.slots[step.name]
    chosen = kind.type in _CHOICE_TYPES
    if chosen and not step.choices:
        raise FlowError(file, place, "needs `choices`, because its slot has values")
    if (step.expect != kind.type) if chosen else (step.expect in _CHOICE_TYPES):
        remedy = "leave `expect` away" if chosen else "take `choices` away"
        raise FlowError(file, place, f"its slot is of type {kind.type}; {remedy}")
    if flow.kind != "menu" and len(step.choices) > MAX_CHOICES:
        raise FlowError(file, place, f"has {len(step.choices)} choices; keep at most {MAX_CHOICES}")
    if kind.sensitivity != "plain" and not step.optional:
        raise FlowError(file, place, "asks for personal data; add `optional: true`")
    for target in (step.go, *(choice.go for choice in step.choices)):
        if target is not None and target != END and target not in flow.steps:
            known = [*flow.steps, END]
            raise FlowError(file, place, f"goes to unknown '{target}'; {nearest(target, known)}")
    seen: dict[str, str] = {}
    for choice in step.choices:
        if choice.key not in kind.values:
            hint = nearest(choice.key, kind.values)
            raise FlowError(file, place, f"choice '{choice.key}' is not in slots.yml; {hint}")
        if len(choice.key.encode()) > MAX_KEY:
            raise FlowError(file, place, f"choice '{choice.key}' is longer than {MAX_KEY} bytes")
        for word in words_of(choice):
            other = seen.setdefault(word, choice.key)
            if other != choice.key:
                raise FlowError(
                    file, place, f"'{word}' means '{other}' and '{choice.key}'; keep one"
                )


def words_of(choice: Choice) -> tuple[str, ...]:
    """All words by which a choice is known, the said ones first."""
    return (choice.say, *choice.also)


def _check_loops(file: str, flow: Flow) -> None:
    """No way back to an earlier step: known answers are passed over, so it would never end."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name == END or name in done:
            return
        if name in above:
            round_trip = " → ".join([*above[above.index(name) :], name])
            raise FlowError(
                file,
                f"step '{above[-1]}'",
                f"goes round without a new answer ({round_trip}) and may have no way to end; "
                "send it to a later step or to `end` (返回 is always there)",
            )
        for follower in flow.followers(name):
            visit(follower, (*above, name))
        done.add(name)

    # Each step is a start: a ring that nothing leads to has no way to end either.
    for name in flow.steps:
        visit(name, ())


def _reached(flow: Flow, without: str | None = None) -> set[str]:
    seen: set[str] = set()
    waiting = [flow.first]
    while waiting:
        name = waiting.pop()
        if name in (END, without) or name in seen:
            continue
        seen.add(name)
        waiting.extend(flow.followers(name))
    return seen


def _check_reached(file: str, flow: Flow) -> None:
    for name in flow.steps.keys() - _reached(flow):
        raise FlowError(file, f"step '{name}'", "is never reached; name it in a `go` or move it up")


def _check_length(file: str, flow: Flow, before: int) -> None:
    count = before + longest(flow, other=before > 0)
    if count > MAX_QUESTIONS:
        about = " with those of the relay" if before else ""
        hint = "mark some `only_self: true`" if before else "take some away"
        raise FlowError(file, "", f"asks {count} questions{about}; at most {MAX_QUESTIONS}: {hint}")


def _check_leave(file: str, flow: Flow, consent: str, sensitivity: str) -> None:
    """Nothing personal before leave was asked, and nothing after it was refused (design §8)."""
    guarded = {n for n in flow.steps if flow.slots[n].sensitivity == sensitivity}
    if not guarded or (sensitivity == "personal" and flow.consent_in_question):
        return
    if consent not in flow.steps:
        name = min(guarded, key=list(flow.steps).index)
        raise FlowError(file, f"step '{name}'", f"is {sensitivity}; ask `{consent}` before it")
    for name in guarded & _reached(flow, without=consent):
        raise FlowError(file, f"step '{name}'", f"can be asked before `{consent}`; move it behind")
    refused: set[str] = set()
    waiting = [flow.after(consent, "no")]
    while waiting:
        name = waiting.pop()
        if name != END and name not in refused:
            refused.add(name)
            waiting.extend(flow.followers(name))
    for name in guarded & refused:
        raise FlowError(
            file, f"step '{name}'", f"is asked though `{consent}` was refused; send `no` past it"
        )
