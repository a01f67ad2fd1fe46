"""Loading guided dialogs from YAML; every mistake is named with file, step and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dialogs.acks import lay_over_acks, read_acks
from dialogs.flow_checks import check_flow, check_house
from dialogs.flow_model import (
    END,
    KINDS,
    SKIPPED,
    Choice,
    Common,
    Flow,
    FlowError,
    Step,
)
from dialogs.reading_yaml import ContentError, nearest, read
from dialogs.slots import Slots

__all__ = [
    "END", "SKIPPED", "Choice", "Common", "Flow", "FlowError", "Step", "flow_for", "load_flows",
]  # fmt: skip

COMMON = "common.yml"
OVERLAYS = frozenset({"en.yml"})  # languages beside Chinese lie over the flows, by key
EXPECTS = (
    "choice", "consent", "text", "story", "phone", "age", "name", "address", "money", "number",
)  # fmt: skip
_FLOW_KEYS = frozenset(
    {"flow", "title", "needs", "kind", "ack", "ack_other", "acks", "summary", "consent", "steps"}
)
_STEP_KEYS = frozenset(
    {"step", "ask", "ask_other", "expect", "choices", "optional", "go", "only_self"}
)
_CHOICE_KEYS = frozenset({"say", "go", "also", "means", "unless"})


def load_flows(folder: Path, slots: Slots, overlay: Path | None = None) -> dict[str, Flow]:
    """Every flow of the folder by name, checked as a whole.

    `overlay`: a file of words by key in another language, such as flows/en.yml; it must cover
    every key, so that nobody reads two languages at once. Raises FlowError.
    """
    words = _mapping(overlay, read_file(overlay)) if overlay else {}
    language = overlay.stem if overlay else "zh"
    common = _common(folder / COMMON, words.pop("common", None), overlay)
    flows: dict[str, Flow] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name == COMMON or path.name in OVERLAYS:
            continue
        raw = _mapping(path, read_file(path))
        if overlay:
            _lay_over(overlay, path.stem, raw, words.pop(path.stem, None))
        flows[path.stem] = _flow(path, raw, slots, common, language)
    if words and overlay:
        name = next(iter(words))
        raise FlowError(overlay.name, f"'{name}'", f"no such flow; {nearest(name, flows)}")
    routes = check_house(folder.name, flows)
    return {
        name: replace(flow, routes=routes) if flow.kind in {"menu", "relay"} else flow
        for name, flow in flows.items()
    }


def flow_for(flows: Mapping[str, Flow], needs: tuple[str, ...]) -> Flow:
    """The flow of the first need that has one; the general short one otherwise."""
    for need in needs:
        for flow in flows.values():
            if need in flow.needs:
                return flow
    return flows["general"]


def read_file(path: Path) -> Any:
    """A YAML file; what is wrong with it is a FlowError."""
    try:
        return read(path)
    except ContentError as error:
        raise FlowError(error.file, error.place, error.remedy) from error


def _mapping(path: Path, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise FlowError(path.name, "", "write `key: value` lines")
    return raw


def _known(file: str, place: str, raw: Any, known: frozenset[str]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise FlowError(file, place, "write `key: value` lines")
    for key in raw:
        if key not in known:
            raise FlowError(file, place, f"unknown '{key}'; {nearest(str(key), known)}")
    return raw


def _text(file: str, place: str, raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FlowError(file, place, f"needs words under `{key}`")
    return value.strip()


def _maybe(file: str, place: str, raw: Mapping[str, Any], key: str) -> str | None:
    return _text(file, place, raw, key) if key in raw else None


def _flag(file: str, place: str, raw: Mapping[str, Any], key: str, default: bool) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise FlowError(file, place, f"`{key}` is true or false")
    return value


def _common(path: Path, words: Any, overlay: Path | None) -> Common:
    raw = _known(path.name, "", read_file(path), frozenset({"say", "words"}))
    say, commands = dict(raw.get("say") or {}), dict(raw.get("words") or {})
    if overlay:
        other = _known(overlay.name, "common", words, frozenset({"say", "words"}))
        for part, into in (("say", say), ("words", commands)):
            given = other.get(part) or {}
            for key in into.keys() | given.keys():
                if key not in given or key not in into:
                    raise FlowError(overlay.name, f"common.{part}", f"'{key}' is not in both")
        say = dict(other["say"])
        # Chinese command words stay understood on a page in another language.
        commands = {key: [*other["words"][key], *value] for key, value in commands.items()}
    return Common(
        say={key: str(value) for key, value in say.items()},
        words={key: tuple(str(word).lower() for word in value) for key, value in commands.items()},
    )


def _lay_over(overlay: Path, name: str, raw: dict[str, Any], words: Any) -> None:
    """Puts the overlay's words into the raw flow; every key of one must be in the other."""
    place = f"flow '{name}'"
    known = frozenset({"title", "ack", "ack_other", "acks", "steps"})
    given = _known(overlay.name, place, words, known)
    lay_over_acks(overlay.name, place, raw, given.get("acks"))
    for key in ("title", "ack", "ack_other"):
        if (key in raw) != (key in given):
            raise FlowError(overlay.name, place, f"`{key}` must stand in both languages")
        if key in given:
            raw[key] = given[key]
    steps = {step.get("step"): step for step in raw.get("steps") or () if isinstance(step, dict)}
    told = given.get("steps") or {}
    for step_name in told:
        if step_name not in steps:
            hint = nearest(step_name, [str(key) for key in steps])
            raise FlowError(overlay.name, place, f"unknown step '{step_name}'; {hint}")
    for step_name, step in steps.items():
        where = f"{place}, step '{step_name}'"
        new = _known(
            overlay.name, where, told.get(step_name), frozenset({"ask", "ask_other", "choices"})
        )
        for key in ("ask", "ask_other"):
            if (key in step) != (key in new):
                raise FlowError(overlay.name, where, f"`{key}` must stand in both languages")
            if key in new:
                step[key] = new[key]
        choices, said = step.get("choices") or {}, new.get("choices") or {}
        for key in {**choices, **said}:
            if key not in said or key not in choices:
                raise FlowError(overlay.name, where, f"choice '{key}' must stand in both languages")
            entry = choices[key] if isinstance(choices[key], dict) else {"say": choices[key]}
            words_of = said[key] if isinstance(said[key], dict) else {"say": said[key]}
            also = [*words_of.get("also", ()), *entry.get("also", ()), entry.get("say")]
            choices[key] = {**entry, "say": words_of.get("say"), "also": also}


def _flow(path: Path, raw: dict[str, Any], slots: Slots, common: Common, language: str) -> Flow:
    file = path.name
    _known(file, "", raw, _FLOW_KEYS)
    name = _text(file, "", raw, "flow")
    if name != path.stem:
        raise FlowError(file, "", f"`flow: {name}` must be the file's name: {path.stem}")
    kind = str(raw.get("kind", "need"))
    if kind not in KINDS:
        raise FlowError(file, "", f"unknown kind '{kind}'; {nearest(kind, KINDS)}")
    if raw.get("consent", "asked") not in ("asked", "in_question"):
        raise FlowError(file, "", "`consent` is asked or in_question")
    steps: dict[str, Step] = {}
    for entry in raw.get("steps") or ():
        step = _step(file, entry, slots)
        if step.name in steps:
            raise FlowError(file, f"step '{step.name}'", "stands twice; keep one")
        steps[step.name] = step
    if not steps:
        raise FlowError(file, "", "has no step; write `steps:` with `- step: …`")
    flow = Flow(
        name=name,
        title=_text(file, "", raw, "title"),
        needs=tuple(str(need) for need in raw.get("needs") or ()),
        ack=_maybe(file, "", raw, "ack") or "",
        ack_other=_maybe(file, "", raw, "ack_other"),
        acks=read_acks(file, raw.get("acks")),
        steps=steps,
        kind=kind,
        slots=slots,
        common=common,
        summary=_flag(file, "", raw, "summary", kind in {"need", "short"}),
        consent_in_question=raw.get("consent") == "in_question",
        language=language,
    )
    check_flow(file, flow)
    return flow


def _step(file: str, raw: Any, slots: Slots) -> Step:
    name = str(raw.get("step")) if isinstance(raw, dict) else "?"
    place = f"step '{name}'"
    _known(file, place, raw, _STEP_KEYS)
    if name not in slots:
        raise FlowError(file, place, f"is no slot of slots.yml; {nearest(name, slots)}")
    choices = tuple(
        _choice(file, place, str(key), value) for key, value in (raw.get("choices") or {}).items()
    )
    type_ = slots[name].type
    usual = "choice" if choices and type_ != "consent" else type_
    expect = str(raw.get("expect") or usual)
    if expect not in EXPECTS:
        raise FlowError(file, place, f"cannot expect '{expect}'; {nearest(expect, EXPECTS)}")
    return Step(
        name=name,
        ask=_text(file, place, raw, "ask"),
        expect=expect,
        choices=choices,
        optional=_flag(file, place, raw, "optional", False),
        go=None if raw.get("go") is None else str(raw["go"]),
        ask_other=_maybe(file, place, raw, "ask_other"),
        only_self=_flag(file, place, raw, "only_self", False),
    )


def _choice(file: str, place: str, key: str, raw: Any) -> Choice:
    where = f"{place}, choice '{key}'"
    if isinstance(raw, str):
        raw = {"say": raw}
    _known(file, where, raw, _CHOICE_KEYS)
    if raw.get("means") not in (None, "yes", "no"):
        raise FlowError(file, where, "`means` is yes or no")
    return Choice(
        key=key,
        say=_text(file, where, raw, "say"),
        go=None if raw.get("go") is None else str(raw["go"]),
        also=tuple(str(word) for word in raw.get("also") or ()),
        means=raw.get("means"),
        unless=tuple(str(word) for word in raw.get("unless") or ()),
    )
