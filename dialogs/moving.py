"""Where a session goes next: on, back, to the summary, out to a human or to another flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogs.asking import present
from dialogs.flow_model import SKIPPED, Flow, Step
from dialogs.outcomes import Drop, File, Handoff, Outcome, Say, Switch, Turn
from dialogs.paths import known, walk
from dialogs.session import Session, Slot

TRIES = 2  # so often not understood, and a human takes over (design §5)


def go_on(flow: Flow, session: Session, *before: Outcome) -> Turn:
    """The next open question, or what follows when none is open."""
    _, name = walk(flow, session.slots)
    session = replace(session, tries=0, page=0, step=name, phase="asking")
    if name is None:
        if flow.kind in {"menu", "relay"}:
            return None, (*before, _switch(flow, session.slots))
        if not flow.summary:
            return None, (*before, File(known(flow, session.slots)))
        session = replace(session, phase="summary")
    return put(flow, session, *before)


def put(flow: Flow, session: Session, *before: Outcome) -> Turn:
    """A new question: counted up, so that older buttons change nothing any more."""
    session = replace(session, question=session.question + 1)
    return session, (*before, present(flow, session))


def again(flow: Flow, session: Session, *before: Outcome) -> Turn:
    """The present question once more, unchanged."""
    return session, (*before, present(flow, session))


def keep(flow: Flow, session: Session, key: str, slot: Slot, *before: Outcome) -> Turn:
    """Stores an answer and goes on."""
    slots = {**session.slots, key: slot}
    personal = flow.slots[key].sensitivity != "plain"
    if flow.consent_in_question and personal and slot.key != SKIPPED:
        yes = flow.slots["consent"].said("yes", flow.language)
        slots["consent"] = Slot("yes", yes, "asked")
    asked = session.asked
    if session.phase == "asking" and key not in asked:
        asked = (*asked, key)
    return go_on(flow, replace(session, slots=slots, asked=asked), *before)


def skip(flow: Flow, session: Session, step: Step, words: str) -> Turn:
    """An answer that is not given is a good answer too; for leave it counts as no."""
    consent = flow.slots[step.name].type == "consent"
    if flow.kind == "menu":
        return None, (Switch("general", dict(session.slots)),)
    return keep(flow, session, step.name, Slot("no" if consent else SKIPPED, words, "asked"))


def back(flow: Flow, session: Session) -> Turn:
    """One question back; out of a correction to where it began."""
    if session.phase == "correcting":
        return go_on(flow, session)
    if session.page:
        return put(flow, replace(session, page=session.page - 1))
    order = _before(flow, session)
    if not order:
        return again(flow, session, Say("engine.at_first"))
    # The old answer stands until there is a new one, so nothing is lost on the way.
    return put(flow, replace(session, step=order[-1], phase="asking", tries=0, page=0))


def is_first(flow: Flow, session: Session) -> bool:
    """Whether nothing lies behind the present question, so that 返回 could do nothing."""
    return session.phase != "correcting" and not session.page and not _before(flow, session)


def _before(flow: Flow, session: Session) -> list[str]:
    """The questions that were answered before the present one, oldest first."""
    passed, _ = walk(flow, session.slots)
    order = [name for name in passed if name in session.asked]
    return order[: order.index(session.step)] if session.step in order else order


def to_human(flow: Flow, session: Session, reason: str) -> Turn:
    """A human takes over with what is known; on the way to one already, it is simply filed."""
    slots = known(flow, session.slots)
    on_the_way = flow.kind == "short" and not flow.summary and reason != "my_data"
    return None, (File(slots) if on_the_way else Handoff(reason, slots),)


def drop(flow: Flow, session: Session) -> Turn:
    """The person gave up."""
    return None, (Drop(known(flow, session.slots)),)


def not_understood(flow: Flow, session: Session, kind: str) -> Turn:
    """Once: said kindly and asked again; twice: a human."""
    if session.tries + 1 >= TRIES:
        return to_human(flow, session, "not_understood")
    return again(
        flow, replace(session, tries=session.tries + 1), Say(f"engine.not_understood.{kind}")
    )


def _switch(flow: Flow, slots: Mapping[str, Slot]) -> Switch:
    need = slots.get("need")
    target = flow.routes.get(need.key if need else "", "general")
    return Switch(target, {k: slot for k, slot in slots.items() if slot.key != SKIPPED})
