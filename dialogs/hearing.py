"""Hearing words: a shown option, a command, a correction, an answer, in this order."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.answers import SURE, bare, hear, is_empty, place_in, sign_only, yes_or_no
from dialogs.asking import lines_now, options, step_now
from dialogs.commands import chosen, command, file, fix, skipped
from dialogs.correcting import choose, correct, line_in, wants
from dialogs.flow_model import Flow, Step
from dialogs.meaning.reading import Reading
from dialogs.moving import again, drop, keep, not_understood, to_human
from dialogs.outcomes import Say, Switch, Turn
from dialogs.paths import fit, heard_slot
from dialogs.session import Session, Slot

_HUMAN = re.compile(r"(?:找|转|要|叫)(?:个|一个)?人工(?![作智费材厂])|跟(?:真)?人(?:讲|说)话")
_OPEN = frozenset({"text", "name", "address"})  # any words would do as an answer
_NO_ANSWER = frozenset({"greet_thanks"})
_NONE = ("没", "呒没", "勿", "不")  # 没有电话, 不记得几岁
_STORY = 5  # characters from which words in the menu tell what is the matter


def said(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    """Takes typed words. Anything may come: nothing, signs, a story, an answer."""
    if is_empty(text):
        return again(flow, session, Say("engine.empty_text"))
    thumb = sign_only(text) and yes_or_no(text, None, flow.common)
    if sign_only(text) and not thumb:
        return again(flow, session, Say("engine.emoji_only"))
    word = bare(text)
    option = _shown_option(flow, session, word)
    if option is not None:
        return chosen(flow, session, option)
    for name in ("back", "human", "skip", "drop", "menu"):
        if word in flow.common.words[name]:
            if name == "skip":
                return skipped(flow, session, text.strip())
            return command(flow, session, name)
    if _HUMAN.search(word) or _act(reading, "human_request", word):
        return to_human(flow, session, "asked")
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
        return file(flow, session)
    if meant == "no":
        return fix(flow, session)
    if _act(reading, "cancel", bare(text)):
        return drop(flow, session)
    if reading is not None and any(key in lines_now(flow, session) for key in reading.slots):
        return correct(flow, session, text, reading)
    return not_understood(flow, session, "summary")


def _answered(flow: Flow, session: Session, step: Step, text: str, reading: Reading | None) -> Turn:
    word = bare(text)
    open_question = not step.choices
    if open_question and word in flow.common.words["no"]:
        return skipped(flow, session, text.strip())
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
    if open_question and len(word) <= 8 and word.startswith(_NONE):
        return skipped(flow, session, text.strip())
    if len(word) <= 20 and any(len(s) > 2 and s in word for s in flow.common.words["skip"]):
        return skipped(flow, session, text.strip())
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
