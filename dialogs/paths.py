"""The way through a flow follows from what is known; nothing else is remembered for it."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.answers import Found
from dialogs.flow_model import END, MEDIA, SKIPPED, Choice, Flow, Step
from dialogs.session import Session, SessionError, Slot


def about_other(slots: Mapping[str, Slot]) -> bool:
    """True when the request is about somebody else than the writer."""
    about = slots.get("about")
    return about is not None and about.key == "other"


def walk(flow: Flow, slots: Mapping[str, Slot]) -> tuple[tuple[str, ...], str | None]:
    """The steps passed so far, and the first one without an answer (None: all are answered)."""
    other = about_other(slots)
    passed: list[str] = []
    name = flow.first
    while name != END:
        slot = slots.get(name)
        if slot is None and not (other and flow.steps[name].only_self):
            return tuple(passed), name
        if slot is not None:
            passed.append(name)
        name = flow.after(name, slot.key if slot else None)
    return tuple(passed), None


def step_of(flow: Flow, key: str) -> Step:
    """The flow's step for a slot, or one made from slots.yml for what the flow never asks."""
    step = flow.steps.get(key)
    if step is not None:
        return step
    kind = flow.slots[key]
    language = flow.language
    choices = tuple(Choice(value, kind.said(value, language)) for value in kind.values)
    return Step(
        name=key,
        ask=kind.ask.get(language, kind.ask["zh"]),
        expect=kind.type,
        choices=choices,
        optional=True,
    )


def fit(flow: Flow, given: Mapping[str, Slot | str]) -> dict[str, Slot]:
    """What may be taken over into this flow: known keys with values that it can use.

    A bare string is a machine value found in the words. Leave is never taken from words.
    """
    fitting: dict[str, Slot] = {}
    for key, value in given.items():
        kind = flow.slots.get(key)
        if kind is None:
            continue
        slot = (
            value
            if isinstance(value, Slot)
            else Slot(value, kind.said(value, flow.language), "words")
        )
        if not slot.key or (kind.type == "consent" and slot.source == "words"):
            continue
        if usable(flow, key, slot):
            fitting[key] = slot
    return fitting


def usable(flow: Flow, key: str, slot: Slot) -> bool:
    """False for a machine value that neither the step nor slots.yml knows."""
    if slot.key == SKIPPED or slot.key.startswith(MEDIA):
        return True
    kind = flow.slots[key]
    if kind.type in {"age", "number", "money", "phone"}:
        return slot.key.isascii() and slot.key.isdigit()
    step = flow.steps.get(key)
    if step is not None and step.choices:
        return step.choice(slot.key) is not None
    return not kind.values or slot.key in kind.values


def check(flow: Flow, session: Session) -> None:
    """Raises SessionError when the flow no longer knows what the session stands on."""
    for key, slot in session.slots.items():
        if key not in flow.slots or not usable(flow, key, slot):
            raise SessionError(f"unknown slot or value '{key}'", session.slots)
    names = [*session.asked, *([session.step] if session.step else [])]
    for name in names:
        if name not in flow.steps and not (session.phase == "correcting" and name in flow.slots):
            raise SessionError(f"unknown step '{name}'", session.slots)
    if session.phase == "asking" and session.step is None:
        raise SessionError("a session that asks needs a step", session.slots)
    if session.flow != flow.name:
        raise SessionError(f"session of flow '{session.flow}'", session.slots)


def lines(flow: Flow, slots: Mapping[str, Slot]) -> tuple[str, ...]:
    """The slots read back in the summary, in the order asked, then what was only heard."""
    passed, _ = walk(flow, slots)
    extra = [
        key
        for key in flow.slots
        if key in slots and key not in passed and _stays(flow, key, slots[key])
    ]
    shown = [key for key in (*passed, *extra) if flow.slots[key].shown]
    if not about_other(slots) or flow.kind == "relay" or "relay_consent" in slots:
        shown = [key for key in shown if key != "about"]  # only what can be a mistake is read out
    return tuple(key for key in shown if _allowed(flow, key, slots))


def known(flow: Flow, slots: Mapping[str, Slot]) -> dict[str, Slot]:
    """What goes to a human: without skipped answers, dead ends, and what may not be kept."""
    passed, _ = walk(flow, slots)
    return {
        # A photo says something to people, but is no machine value.
        key: Slot("", slot.words, slot.source) if slot.key.startswith(MEDIA) else slot
        for key, slot in slots.items()
        if slot.key != SKIPPED
        and (key in passed or _stays(flow, key, slot))
        and _allowed(flow, key, slots)
    }


def _stays(flow: Flow, key: str, slot: Slot) -> bool:
    """A slot beside the way: from words or another flow it stays, from a left branch it goes."""
    return key not in flow.steps or slot.source == "words"


def _allowed(flow: Flow, key: str, slots: Mapping[str, Slot]) -> bool:
    """Personal data stays out when leave was refused, health data unless leave was given."""
    kind = flow.slots.get(key)
    if kind is None or kind.sensitivity == "plain":
        return kind is not None
    if kind.sensitivity == "sensitive":
        return "consent_health" in slots and slots["consent_health"].key == "yes"
    return "consent" not in slots or slots["consent"].key != "no"


def heard_slot(found: Found, source: str = "asked") -> Slot:
    """A heard answer as a slot."""
    return Slot(found.key, found.words, source)


def shown_words(flow: Flow, key: str, slot: Slot) -> str:
    """A slot as it is read back: what the house understood, in the flow's words."""
    common = flow.common.say
    if slot.key == SKIPPED:
        return common["not_said"]
    if slot.key.startswith(MEDIA):
        return common[slot.key.removeprefix(MEDIA)]
    step = flow.steps.get(key)
    choice = step.choice(slot.key) if step else None
    if choice:
        return choice.say
    return flow.slots[key].said(slot.key, flow.language)
