"""The turns after a danger: their words are for the human who comes, and no form is put over it."""

from __future__ import annotations

from dialogs.answers import bare
from dialogs.meaning.reading import SURE
from dialogs.session import Slot
from handlers import alarm, scripts, shown
from handlers.heard import hears, hears_order, is_whole, words_of
from handlers.message import Message, to_the_case_spoken_of
from handlers.residents import meaning, sessions, taps, voice
from handlers.residents.file import Request, open_case, open_or_add
from handlers.residents.wait import acknowledge, tell_the_human
from handlers.talk import Talk
from storage import cases
from storage.cases import Case

_CALM_MOST = 24  # characters: longer words tell something of their own
_FAREWELL_MOST = 24
_NUMBER_MOST = 30  # in a longer text a number may be anybody's
_TOLD = ("address", "phone", "name", "helped_name", "age")  # who and where: help needs them
_KEPT = frozenset({"photo", "document", "place"})


def no_line(talk: Talk, message: Message) -> bool:
    """After danger their call does not get through: the next number, at once."""
    if message.choice is not None or not scripts.lately(talk) or scripts.silenced(talk):
        return False
    if not hears(talk.house, "no_line", message.text):
        return False
    to_the_case_spoken_of(talk, message.seq)
    tell_the_human(talk)
    case = open_case(talk)
    if case is not None:
        alarm.ring_again(talk, case)
    scripts.say_next_number(talk)
    return True


def calm(talk: Talk, message: Message) -> bool:
    """After danger: 没事了, 说气话. Heard and kept; the red stays, a human decides."""
    if message.choice is not None or not scripts.lately(talk):
        return False
    if not is_whole(talk.house, words_of(talk.house, "calm"), message.text, _CALM_MOST):
        return False
    to_the_case_spoken_of(talk, message.seq)
    case = open_case(talk)
    if case is not None:
        cases.record(talk.db, case, "calm_words", talk.now)
    tell_the_human(talk)
    talk.say("danger.calm")
    talk.conversation.danger_asked = False
    return True


def farewell(talk: Talk, message: Message) -> bool:
    """再见, 谢谢你们, 我走了: after somebody said that they want to die it is danger again."""
    case = open_case(talk)
    if message.choice is not None or case is None or scripts.LISTEN not in case.dangers:
        return False
    if not scripts.lately(talk) or not scripts.holds(talk):
        return False
    words = words_of(talk.house, "farewell")
    if not is_whole(talk.house, words, message.text, _FAREWELL_MOST) and not hears_order(
        talk.house, "farewell", message.text, _FAREWELL_MOST
    ):
        return False
    to_the_case_spoken_of(talk, message.seq)
    case.lead_seq = message.seq
    case.closing_by = None
    cases.record(talk.db, case, "farewell", talk.now)
    alarm.ring_now(talk, case)
    tell_the_human(talk)
    scripts.say_farewell_heard(talk)
    return True


def answer(talk: Talk, message: Message) -> bool:
    """The answer to a safety script's question; whatever it interrupted waits on."""
    tapped = message.choice is not None and message.choice.startswith(shown.REPLY)
    if not tapped:
        waits = message.choice is None and scripts.waits_for_answer(talk)
        if not waits or meaning.asks_for_human(talk, message.text, message.reading):
            return False
    if message.media == "voice":
        voice.keep(talk, message.seq, message.draft, silent=True)
    told = _to_the_case(talk, message)
    scripts.answered(talk, message.text, message.choice, told=told)
    return True


def go_on(talk: Talk, message: Message) -> bool:
    """Free words after it, where nothing else was put: to the red case, and: I am here.

    A dialog that it interrupted is offered again by one gentle line, and not at once.
    """
    case = open_case(talk)
    if message.choice is not None or message.replies or case is None or not case.dangers:
        return False
    if not scripts.holds(talk, long=message.draft is not None):
        return False
    if not message.text.strip() and message.media is None:
        return False
    if _is_for_others(talk, message):
        return False
    if meaning.asks_for_status(talk, message.text, message.reading):
        taps.say_status(talk)
        return True
    if message.draft is not None and bare(message.text) == bare(
        talk.house.phrases.say("draft.reminder_yes")
    ):
        sessions.ask_again(talk, message.draft)
        return True
    told = _to_the_case(talk, message)
    if message.media == "voice":
        voice.keep(talk, message.seq, message.draft)
    elif message.media in _KEPT:
        talk.say(f"engine.{message.media}_kept")
    elif hears(talk.house, "called", message.text):
        talk.say("talk.danger_heard")
    elif meaning.is_question(talk, message.text, message.reading):
        acknowledge(talk, asks=True)
    else:
        scripts.stay(talk, told=told)
    if message.draft is not None and not scripts.is_fresh(talk):
        sessions.remind(talk)
    return True


def _is_for_others(talk: Talk, message: Message) -> bool:
    """A call for a human, another person; without a dialog also what asks for an act of its own."""
    if meaning.asks_for_human(talk, message.text, message.reading):
        return True
    if is_whole(talk.house, words_of(talk.house, "another_person"), message.text):
        return True
    acts = {"complaint", "cancel", "my_data"}
    sure = message.reading.confidence >= SURE
    return message.draft is None and sure and message.reading.act in acts


def _to_the_case(talk: Talk, message: Message) -> bool:
    """Their words stand in the red case, with who and where they tell: leave is not waited for.

    Whether they told it.
    """
    to_the_case_spoken_of(talk, message.seq)
    case = open_case(talk)
    told = case is not None and message.choice is None and _keep_told(talk, case, message)
    tell_the_human(talk)
    return told


def _keep_told(talk: Talk, case: Case, message: Message) -> bool:
    reading, house, language = message.reading, talk.house, talk.house.office.language
    short = len(bare(message.text)) <= _NUMBER_MOST
    slots = {
        key: Slot(reading.slots[key], house.slots[key].said(reading.slots[key], language), "words")
        for key in _TOLD
        if key in reading.slots and key in house.slots and (short or key != "phone")
    }
    needs = reading.needs if reading.confidence >= SURE else ()
    if not slots and not needs:
        return False
    open_or_add(talk, Request(slots=slots, needs=needs, who=case.who, leave_given=True))
    if "phone" in slots:
        cases.record(talk.db, case, "number_told", talk.now)
    return bool(slots)
