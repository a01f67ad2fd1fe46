"""Hearing words: a shown option, a command, a correction, an answer, in this order."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.acks import ack_of_words
from dialogs.answers import bare, hear, kept, place_in, unseen, yes_or_no
from dialogs.asides import OPEN, aside, greets, withheld
from dialogs.asking import lines_now, options, step_now
from dialogs.commands import chosen, command, file, fix, skipped
from dialogs.correcting import choose, correct, line_in, tells_place, wants
from dialogs.flow_model import SKIPPED, Flow, Step
from dialogs.meaning.reading import CERTAIN, SURE, Reading
from dialogs.moving import TRIES, again, drop, go_on, keep, not_understood, to_human
from dialogs.outcomes import Say, Switch, Tell, Turn
from dialogs.paths import fit, heard_slot
from dialogs.session import Session, Slot
from dialogs.telephones import phone_in

_HUMAN = re.compile(r"(?:找|转|要|叫)(?:个|一个)?人工(?![作智费材厂])|跟(?:真)?人(?:讲|说)话")
# A number, though not a whole one.
_FIGURES = re.compile(r"[0-9]|[零〇一二三四五六七八九十幺两]{3}")
_NO_ANSWER = frozenset({"greet_thanks"})
_NONE = ("没", "呒没", "勿", "不")  # 没有电话, 不记得几岁
_TOLD = frozenset({"text", "story"})  # questions where words are wanted
_NUMBER = re.compile(r"[0-9]{1,20}|(?:我?选|点)?第?[一二三四五六七八九十0-9]{1,2}(?:个|号|条|项)?")
_STORY = 5  # characters from which words in the menu tell what is the matter


def said(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    """Takes typed words. Anything may come: nothing, signs, a story, an answer."""
    nothing = unseen(text)
    thumb = _takes_yes(flow, session) and yes_or_no(text, None, flow.common)
    if nothing and not thumb:
        return again(flow, session, Say(nothing))
    word = bare(text)
    option = _shown_option(flow, session, word)
    if option is not None:
        return chosen(flow, session, option)
    for name in ("back", "human", "skip", "drop", "menu"):
        if word in flow.common.words[name]:
            if name == "skip":
                return skipped(flow, session, text.strip())
            return command(flow, session, name)
    if greets(text, flow.common) and not _tells_name(flow, session):
        return again(flow, session, Say("greet.hello"))
    if _HUMAN.search(word) or _act(reading, "human_request", word):
        return to_human(flow, session, "asked")
    if _about_data(reading):
        return to_human(flow, session, "my_data")
    if wants(flow, session, text, reading):
        return correct(flow, session, text, reading)
    if session.phase == "summary":
        return _said_in_summary(flow, session, text, reading)
    step = step_now(flow, session)
    if step is None:
        line = line_in(flow, session, text)
        return choose(flow, session, line) if line else not_understood(flow, session, "choice")
    return _answered(flow, session, step, text, reading)


def _takes_yes(flow: Flow, session: Session) -> bool:
    """Whether a thumb can be an answer: the summary and questions with choices, not the menu."""
    step = step_now(flow, session)
    return flow.kind != "menu" and (step is None or bool(step.choices))


def _tells_name(flow: Flow, session: Session) -> bool:
    """Whether a name is asked: 你好,我姓陈 is the answer there."""
    step = step_now(flow, session)
    return step is not None and step.expect == "name"


def _act(reading: Reading | None, act: str, word: str) -> bool:
    """Whether short words were read as this act with enough confidence."""
    return (
        reading is not None
        and reading.act == act
        and reading.confidence >= SURE
        and len(word) <= 20
    )


def _gives_up(reading: Reading | None, word: str) -> bool:
    """Whether short words surely give up; on a guess (谁能申请?) nothing is dropped."""
    return _act(reading, "cancel", word) and reading is not None and reading.confidence >= CERTAIN


def _about_data(reading: Reading | None) -> bool:
    """Whether they ask what is stored, or to have it erased; a human settles that."""
    return reading is not None and reading.act == "my_data" and reading.confidence >= CERTAIN


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
    if _gives_up(reading, bare(text)):
        return drop(flow, session)
    if reading is not None and any(key in lines_now(flow, session) for key in reading.slots):
        return correct(flow, session, text, reading)
    return not_understood(flow, session, "summary")


def _answered(flow: Flow, session: Session, step: Step, text: str, reading: Reading | None) -> Turn:
    word = bare(text)
    open_question = not step.choices
    if open_question and word in flow.common.words["no"]:
        return skipped(flow, session, text.strip())
    if step.expect in OPEN and (
        word in flow.common.words["yes"]
        or (reading is not None and reading.act in _NO_ANSWER and len(word) <= 6)
    ):
        return not_understood(flow, session, step.expect)
    if step.expect in OPEN and (turn := _no_answer(flow, session, step, text, reading)):
        return turn
    small_talk = None if step.expect in OPEN else aside(step, text, None, tries=session.tries)
    found = None if small_talk else hear(step, text, reading, flow.common)
    overheard = _overheard(flow, session, step, text, reading)
    if found is not None:
        session = replace(session, slots={**session.slots, **overheard})
        told = ack_of_words(flow, (text,)) if step.expect == "story" else None
        said_first = (Tell(told),) if told else ()
        return keep(flow, session, step.name, heard_slot(found), *said_first)
    if small_talk and (turn := _no_answer(flow, session, step, text, reading)):
        return turn
    if flow.kind == "menu":
        return _menu_words(flow, session, text, reading)
    if _gives_up(reading, word):
        return drop(flow, session)
    if open_question and len(word) <= 8 and word.startswith(_NONE):
        return skipped(flow, session, text.strip())
    if len(word) <= 20 and any(len(s) > 2 and s in word for s in flow.common.words["skip"]):
        return skipped(flow, session, text.strip())
    if overheard and not (step.expect == "phone" and session.tries):
        # They told something else that is wanted later: kept, and the question stands.
        tries = 1 if step.expect == "phone" else session.tries
        session = replace(session, slots={**session.slots, **overheard}, tries=tries)
        return again(flow, session, Say("engine.heard_too"))
    if turn := _no_answer(flow, session, step, text, reading):
        return turn
    return _missed(flow, replace(session, slots={**session.slots, **overheard}), step, text)


def _number_alone(flow: Flow, session: Session, text: str) -> Turn:
    """A number where something is to be told: a telephone is kept, 「2」 is asked once more."""
    number = phone_in(text)
    if number and "phone" in flow.slots and "phone" not in session.slots:
        slots = {**session.slots, "phone": Slot(number, text.strip(), "asked")}
        return again(flow, replace(session, slots=slots), Say("engine.phone_kept"))
    if session.tries + 1 >= TRIES:
        return to_human(flow, session, "not_understood")
    return again(flow, replace(session, tries=session.tries + 1), Say("engine.number_alone"))


def _missed(flow: Flow, session: Session, step: Step, text: str) -> Turn:
    """Not understood; a grief is heard all the same, and so are words where a number was asked.

    A number that cannot be had twice is let be, and said to be missing.
    """
    if step.expect != "phone":
        turn = not_understood(flow, session, step.expect)
        grief = ack_of_words(flow, (text,))
        return again(flow, turn[0], Tell(grief)) if grief and turn[0] else turn
    figures = _FIGURES.search(bare(text)) is not None
    if session.tries + 1 < TRIES:
        return not_understood(flow, session, "phone" if figures else "no_number")
    missing = (Say("engine.number_not_kept"),) if figures else ()
    if session.phase == "correcting":
        return go_on(flow, session, *missing)  # the old number stands
    return keep(flow, session, step.name, Slot(SKIPPED, text.strip()[:200], "asked"), *missing)


def _no_answer(
    flow: Flow, session: Session, step: Step, text: str, reading: Reading | None
) -> Turn | None:
    """What follows on a refusal, a chat, a question back, or a number where a place is asked."""
    key = withheld(flow, session, step, text)
    if step.expect in _TOLD and _NUMBER.fullmatch(bare(text)):
        return _number_alone(flow, session, text)
    if key is not None:
        kindly = Say("engine.need_not_say")
        if step.name == "consent":
            no = flow.slots["consent"].said("no", flow.language)
            return keep(flow, session, "consent", Slot("no", no, "asked"), kindly)
        if key == step.name:
            return keep(flow, session, key, Slot(SKIPPED, text.strip(), "asked"), kindly)
        slots = {**session.slots, key: Slot(SKIPPED, text.strip(), "asked")}
        return again(flow, replace(session, slots=slots), kindly)
    number = phone_in(text) if step.expect == "address" else None
    if number and not tells_place(text) and "phone" not in session.slots:
        slots = {**session.slots, "phone": Slot(number, text.strip()[:200], "words")}
        return again(flow, replace(session, slots=slots), Say("engine.heard_too"))
    line = aside(step, text, reading, tries=session.tries)
    if line is None:
        return None
    if session.tries >= TRIES:
        return to_human(flow, session, "not_understood")
    return again(flow, replace(session, tries=session.tries + 1), Say(f"engine.{line}"))


def _overheard(
    flow: Flow, session: Session, step: Step, text: str, reading: Reading | None
) -> dict[str, Slot]:
    """What else the words told that the house may want to know."""
    if reading is None:
        return {}
    told = fit(flow, reading.slots)
    tells = reading.needs or (reading.act == "request_help" and reading.confidence >= SURE)
    if step.expect == "phone" and tells and len(bare(text)) >= _STORY:
        told.setdefault("trouble", Slot(kept(text), kept(text), "words"))
    if flow.kind == "relay" and reading.needs:  # what it is about, told between its questions
        told |= {
            "need": Slot(reading.needs[0], text.strip()[:200], "words"),
            "trouble": Slot(kept(text), kept(text), "words"),
        }
    known = {key for key, slot in session.slots.items() if slot.key != SKIPPED}
    return {key: slot for key, slot in told.items() if key not in known and key != step.name}


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
    if bare(text) in flow.common.words["yes"]:
        return again(flow, session, Say("engine.not_understood.story"))
    return not_understood(flow, session, "menu")
