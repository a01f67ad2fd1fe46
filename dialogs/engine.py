"""The engine: pure functions on frozen data. A turn is the next session and its outcomes.

Where a session stands follows from what is known (`paths.walk`), so going back, correcting an
earlier line and leaving out what was already said are one mechanism, not three.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from dialogs.answers import (
    SURE,
    bare,
    hear,
    is_empty,
    place_in,
    sign_only,
    yes_or_no,
)
from dialogs.asking import COMMAND, LINE, lines_now, options, pages, step_now
from dialogs.correcting import choose, correct, line_in, wants
from dialogs.flow_model import MEDIA, SKIPPED, Flow, Step
from dialogs.meaning.reading import Reading
from dialogs.moving import again, back, drop, go_on, keep, not_understood, put, skip, to_human
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
from dialogs.paths import about_other, check, fit, heard_slot, known
from dialogs.session import Session, SessionError, Slot

__all__ = [
    "Answer", "Ask", "Button", "Drop", "File", "Handoff", "Outcome", "Say", "Session",
    "SessionError", "Slot", "Switch", "Tell", "Turn", "advance", "ask_again", "start",
]  # fmt: skip

_HUMAN = re.compile(r"(?:找|转|要|叫)(?:个|一个)?人工(?![作智费材厂])|跟(?:真)?人(?:讲|说)话")
_OPEN = frozenset({"text", "name", "address"})  # any words would do as an answer
_NO_ANSWER = frozenset({"greet_thanks"})
_STORY = 5  # characters from which words in the menu tell what is the matter


def start(flow: Flow, session_id: str, slots: Mapping[str, Slot | str] | None = None) -> Turn:
    """Begins a flow; what is already known is not asked again.

    `slots`: from another flow (Slot) or heard in the words (bare machine values, as in
    Reading.slots); what the flow cannot use is left out.
    """
    given = fit(flow, slots or {})
    if flow.kind == "relay":
        given["about"] = Slot("other", flow.slots["about"].said("other", flow.language), "asked")
    ack = (flow.ack_other if about_other(given) else None) or flow.ack
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
    if answer.media is not None and (answer.media == "voice" or is_empty(answer.text)):
        return _media(flow, session, answer.media)
    turn = _said(flow, session, answer.text, answer.reading)
    if answer.media is None:
        return turn
    return turn[0], (Say(f"engine.{_media_word(answer.media)}_kept"), *turn[1])


def _broken(error: SessionError) -> Turn:
    kept = {key: slot for key, slot in error.slots.items() if slot.key != SKIPPED}
    return None, (Handoff("session_broken", kept),)


# --- taps -----------------------------------------------------------------------------------


def _tapped(flow: Flow, session: Session, value: str) -> Turn:
    if value.startswith(COMMAND):
        name, _, question = value.removeprefix(COMMAND).partition(":")
        if question and question != f"{session.id}:{session.question}":
            return again(flow, session, Say("engine.stale_choice"))
        return _command(flow, session, name)
    if value.startswith("tel:"):
        return again(flow, session)
    parts = value.split(":", 2)
    if len(parts) != 3 or parts[:2] != [session.id, str(session.question)]:
        return again(flow, session, Say("engine.stale_choice"))
    return _chosen(flow, session, parts[2])


def _chosen(flow: Flow, session: Session, key: str) -> Turn:
    """One of the options that stand there now, by its key."""
    if key not in {option.key for option in options(flow, session)}:
        return again(flow, session, Say("engine.unknown_choice"))
    if key.startswith(COMMAND):
        return _command(flow, session, key.removeprefix(COMMAND))
    if session.phase == "summary":
        return _file(flow, session)
    if key.startswith(LINE):
        return choose(flow, session, key.removeprefix(LINE))
    step = step_now(flow, session)
    choice = step.choice(key) if step else None
    if step is None or choice is None:
        return again(flow, session, Say("engine.unknown_choice"))
    return keep(flow, session, step.name, Slot(choice.key, choice.say, "asked"))


def _file(flow: Flow, session: Session) -> Turn:
    """The summary was confirmed."""
    return None, (File(known(flow, session.slots)),)


def _skip(flow: Flow, session: Session, words: str = "") -> Turn:
    step = step_now(flow, session)
    if step is None:
        return again(flow, session)
    return skip(flow, session, step, words or flow.common.say["skip"])


def _more(flow: Flow, session: Session) -> Turn:
    count = pages(flow, session)
    if flow.kind == "menu" and session.page + 1 >= count:
        return None, (Switch("general", dict(session.slots)),)
    return put(flow, replace(session, page=(session.page + 1) % count))


def _fix(flow: Flow, session: Session) -> Turn:
    return correct(flow, session, "", None)


def _menu(flow: Flow, session: Session) -> Turn:
    return again(flow, session) if flow.kind == "menu" else (None, (Switch("menu", {}),))


def _human(flow: Flow, session: Session) -> Turn:
    return to_human(flow, session, "asked")


_COMMANDS: dict[str, Callable[[Flow, Session], Turn]] = {
    "back": back,
    "human": _human,
    "fix": _fix,
    "skip": _skip,
    "drop": drop,
    "more": _more,
    "menu": _menu,
    "where": again,  # whoever knows the cases answers; the question stays
}


def _command(flow: Flow, session: Session, name: str) -> Turn:
    act = _COMMANDS.get(name)
    return act(flow, session) if act else again(flow, session, Say("engine.unknown_choice"))


# --- photo, place, voice --------------------------------------------------------------------


def _media_word(media: str) -> str:
    return media if media in {"voice", "photo", "place"} else "photo"


def _media(flow: Flow, session: Session, media: str) -> Turn:
    """A photo or a place answers any question but those that need a yes; a voice is heard later."""
    word = _media_word(media)
    kept = Say(f"engine.{word}_kept")
    step = step_now(flow, session)
    needs_words = (
        step is None or flow.kind in {"menu", "relay"} or flow.slots[step.name].type == "consent"
    )
    if word == "voice" or needs_words or step is None:
        return again(flow, session, kept)
    slot = Slot(MEDIA + word, flow.common.say[word], "media")
    return keep(flow, session, step.name, slot, kept)


# --- words ----------------------------------------------------------------------------------


def _said(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    if is_empty(text):
        return again(flow, session, Say("engine.empty_text"))
    thumb = sign_only(text) and yes_or_no(text, None, flow.common)
    if sign_only(text) and not thumb:
        return again(flow, session, Say("engine.emoji_only"))
    word = bare(text)
    option = _shown_option(flow, session, word)
    if option is not None:
        return _chosen(flow, session, option)
    for name in ("back", "human", "skip", "drop", "menu"):
        if word in flow.common.words[name]:
            if name == "skip":
                return _skip(flow, session, text.strip())
            return _command(flow, session, name)
    if _HUMAN.search(word) or _act(reading, "human_request", word):
        return _human(flow, session)
    if wants(flow, session, text, reading):
        return correct(flow, session, text, reading)
    if session.phase == "summary":
        return _said_in_summary(flow, session, text, reading)
    step = step_now(flow, session)
    if step is None:
        line = line_in(flow, session, text)
        return choose(flow, session, line) if line else not_understood(flow, session, "choice")
    return _answered(flow, session, step, text, reading)


def _act(reading: Reading | None, act: str, word: str) -> bool:
    """Whether short words were read as this act with enough confidence."""
    return (
        reading is not None
        and reading.act == act
        and reading.confidence >= SURE
        and len(word) <= 20
    )


def _shown_option(flow: Flow, session: Session, word: str) -> str | None:
    """The option named by its place or by exactly its words; never a number in an open question."""
    shown = options(flow, session)
    step = step_now(flow, session)
    for option in shown:
        if word == bare(option.label):
            return option.key
    if step is not None and not step.choices:
        return None
    if step is not None:
        for choice in step.choices:
            if word in {bare(said) for said in choice.also}:
                return choice.key if choice.key in {item.key for item in shown} else None
    place = place_in(word, len(shown))
    return shown[place].key if place is not None else None


def _said_in_summary(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    line = line_in(flow, session, text)
    if line:
        return correct(flow, session, text, reading)
    meant = yes_or_no(text, reading, flow.common)
    if meant == "yes":
        return _file(flow, session)
    if meant == "no":
        return _fix(flow, session)
    if _act(reading, "cancel", bare(text)):
        return drop(flow, session)
    if reading is not None and any(key in lines_now(flow, session) for key in reading.slots):
        return correct(flow, session, text, reading)
    return not_understood(flow, session, "summary")


def _answered(flow: Flow, session: Session, step: Step, text: str, reading: Reading | None) -> Turn:
    word = bare(text)
    open_question = not step.choices
    if open_question and word in flow.common.words["no"]:
        return _skip(flow, session, text.strip())
    if step.expect in _OPEN and (
        word in flow.common.words["yes"]
        or (reading is not None and reading.act in _NO_ANSWER and len(word) <= 6)
    ):
        return not_understood(flow, session, step.expect)
    found = hear(step, text, reading, flow.common)
    overheard = _overheard(flow, session, step, reading)
    if found is not None:
        session = replace(session, slots={**overheard, **session.slots})
        return keep(flow, session, step.name, heard_slot(found))
    if flow.kind == "menu":
        return _menu_words(flow, session, text, reading)
    if _act(reading, "cancel", word):
        return drop(flow, session)
    if len(word) <= 20 and any(len(s) > 2 and s in word for s in flow.common.words["skip"]):
        return _skip(flow, session, text.strip())
    if overheard:
        # They told something else that is wanted later: kept, and the question stands.
        return again(flow, replace(session, slots={**session.slots, **overheard}))
    return not_understood(flow, session, step.expect)


def _overheard(
    flow: Flow, session: Session, step: Step, reading: Reading | None
) -> dict[str, Slot]:
    """What else the words told that the house may want to know."""
    told = fit(flow, reading.slots) if reading is not None else {}
    return {
        key: slot for key, slot in told.items() if key not in session.slots and key != step.name
    }


def _menu_words(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    """Words in the menu: the need they were read as, or a story for the general flow."""
    told = fit(flow, reading.slots) if reading is not None else {}
    slots = {**told, **session.slots}
    if reading is not None and reading.needs:
        need = reading.needs[0]
        slots["need"] = Slot(need, text.strip()[:200], "words")
        return None, (Switch(flow.routes.get(need, "general"), slots),)
    unclear = reading is not None and reading.act in {"out_of_scope", "greet_thanks"}
    if len(bare(text)) >= _STORY and not unclear:
        slots["trouble"] = Slot(text.strip()[:2_000], text.strip()[:2_000], "words")
        return None, (Switch("general", slots),)
    return not_understood(flow, session, "menu")
