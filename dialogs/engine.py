"""The engine: pure functions on frozen data. A turn is the next session and its outcomes.

Where a session stands follows from what is known (`paths.walk`), so going back, correcting an
earlier line and leaving out what was already said are one mechanism, not three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dialogs.acks import ack_first
from dialogs.answers import is_empty
from dialogs.asking import COMMAND, step_now
from dialogs.commands import chosen, command
from dialogs.flow_model import MEDIA, SKIPPED, Flow
from dialogs.hearing import said
from dialogs.moving import again, go_on, is_first, keep
from dialogs.outcomes import (
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
    Turn,
)
from dialogs.paths import about_other, check, fit
from dialogs.session import Session, SessionError, Slot

__all__ = [
    "Answer", "Ask", "Button", "Drop", "File", "Handoff", "Outcome", "Say", "Session",
    "SessionError", "Slot", "Switch", "Tell", "Turn", "advance", "ask_again", "is_first",
    "start",
]  # fmt: skip


def start(flow: Flow, session_id: str, slots: Mapping[str, Slot | str] | None = None) -> Turn:
    """Begins a flow; what is already known is not asked again.

    `slots`: from another flow (Slot) or heard in the words (bare machine values, as in
    Reading.slots); what the flow cannot use is left out.
    """
    given = fit(flow, slots or {})
    if flow.kind == "relay":
        given["about"] = Slot("other", flow.slots["about"].said("other", flow.language), "asked")
    ack = ack_first(flow, given, other=about_other(given))
    session = Session(id=session_id, flow=flow.name, step=None, slots=given)
    return go_on(flow, session, *((Tell(ack),) if ack else ()))


def ask_again(flow: Flow, session: Session) -> Turn:
    """The present question unchanged, as after a danger script."""
    try:
        check(flow, session)
    except SessionError as error:
        return _broken(error)
    return again(flow, session)


def advance(flow: Flow, session: Session, answer: Answer) -> Turn:
    """Takes one answer. Never raises on what a person sends; a broken session goes to a human."""
    try:
        check(flow, session)
    except SessionError as error:
        return _broken(error)
    if answer.choice is not None:
        return _tapped(flow, session, answer.choice)
    if answer.media is None:
        return said(flow, session, answer.text, answer.reading)
    if answer.media in _WORDLESS or is_empty(answer.text):
        return _media(flow, session, answer.media)
    return _captioned(flow, session, answer, answer.media)


def _broken(error: SessionError) -> Turn:
    kept = {key: slot for key, slot in error.slots.items() if slot.key != SKIPPED}
    return None, (Handoff("session_broken", kept),)


# --- taps -----------------------------------------------------------------------------------


def _tapped(flow: Flow, session: Session, value: str) -> Turn:
    if value.startswith(COMMAND):
        name, _, question = value.removeprefix(COMMAND).partition(":")
        if question and question != f"{session.id}:{session.question}":
            return again(flow, session, Say("engine.stale_choice"))
        return command(flow, session, name)
    if value.startswith("tel:"):
        return again(flow, session)
    parts = value.split(":", 2)
    if len(parts) != 3 or parts[:2] != [session.id, str(session.question)]:
        return again(flow, session, Say("engine.stale_choice"))
    return chosen(flow, session, parts[2])


# --- photo, document, place, voice ----------------------------------------------------------

_WORDLESS = frozenset({"voice", "place"})  # nothing that stands beside them is an answer


def _media_word(media: str) -> str:
    return media if media in {"voice", "photo", "document", "place"} else "photo"


def _captioned(flow: Flow, session: Session, answer: Answer, media: str) -> Turn:
    """What stands under a picture is words; where they are no answer, the picture is one."""
    kept = Say(f"engine.{_media_word(media)}_kept")
    after, outcomes = said(flow, session, answer.text, answer.reading)
    if after is None:
        lost = any(isinstance(one, Handoff) and one.reason == "not_understood" for one in outcomes)
        return _media(flow, session, media) if lost else (None, (kept, *outcomes))
    if after.question == session.question:  # what else it told is kept
        return _media(flow, replace(session, slots=after.slots), media)
    return after, (kept, *outcomes)


def _media(flow: Flow, session: Session, media: str) -> Turn:
    """A photo, file or place answers any question but those that need a yes; a voice waits."""
    word = _media_word(media)
    kept = Say(f"engine.{word}_kept")
    step = step_now(flow, session)
    needs_words = step is None or flow.kind in {"menu", "relay"} or step.expect == "consent"
    if word == "voice" or needs_words or step is None:
        return again(flow, session, kept)
    slot = Slot(MEDIA + word, flow.common.say[word], "media")
    return keep(flow, session, step.name, slot, kept)
