"""The door: /start, a poster's link, what nobody can read, and how this works."""

from __future__ import annotations

from handlers import scripts
from handlers.residents import sessions, taps
from handlers.residents.file import HUMAN, open_case
from handlers.residents.sessions import Draft
from handlers.talk import Talk


def opened(talk: Talk, payload: str, draft: Draft | None, *, first: bool) -> bool:
    """They opened the chat; ``payload`` is what the link carried, a flow's name from a poster.

    Nothing begins anew by it: over a human nothing is said, and what was asked last is asked
    again. Who has a case hears how far it is; a menu would swallow their words to the advisor.
    """
    flow = talk.house.flows.get(payload)
    if talk.live:
        taps.let_desk_see(talk)
    elif scripts.waits_for_answer(talk):
        scripts.ask_again(talk)
    elif draft is not None and (flow is None or not _in_menu(draft)):
        sessions.ask_again(talk, draft)
    elif flow is not None:
        if first:
            _greet(talk)
        if flow.name == HUMAN:
            taps.call_human(talk, "asked")
        else:
            sessions.begin(talk, flow.name, draft.slots if draft else {})
    elif open_case(talk) is not None:
        talk.say("greet.again")
        taps.say_status(talk)
    else:
        _greet(talk)
        sessions.begin(talk, "menu", {})
    return True


def unreadable(talk: Talk, draft: Draft | None) -> bool:
    """Asked kindly to write or speak; then what was asked last is asked again."""
    if talk.live:
        taps.let_desk_see(talk)
        return True
    talk.say("engine.unreadable")
    repeat(talk, draft)
    return True


def repeat(talk: Talk, draft: Draft | None) -> None:
    """What was asked last, once more; the menu where there is nothing yet to speak of."""
    if scripts.waits_for_answer(talk):
        scripts.ask_again(talk)
    elif draft is not None:
        sessions.ask_again(talk, draft)
    elif open_case(talk) is None:
        sessions.begin(talk, "menu", {})
    else:
        taps.let_desk_see(talk)


def _greet(talk: Talk) -> None:
    talk.say("greet.start", name=talk.house.office.name)
    talk.say("greet.start_always")


def _in_menu(draft: Draft) -> bool:
    return draft.flow is not None and draft.flow.kind == "menu"
