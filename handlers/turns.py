"""Whose turn a message is: each turn takes what is its own, in the order of design §3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogs.answers import bare
from dialogs.engine import Answer
from dialogs.meaning.reading import Reading
from handlers import aftermath, scripts
from handlers.heard import bare_words
from handlers.hush import keep_quiet, lifted
from handlers.message import Message, to_the_case_spoken_of
from handlers.residents import drafts, meaning, opening, phones, sessions, taps, voice
from handlers.residents.file import open_case
from handlers.residents.wait import acknowledge, tell_the_human
from handlers.talk import Talk


def _to_the_human(talk: Talk, message: Message) -> bool:
    """In a live talk their words go to the advisor, and the bot is silent; taps are commands."""
    if not talk.live or message.choice is not None:
        return False
    talk.conversation.danger_asked = False  # a human hears the answer
    to_the_case_spoken_of(talk, message.seq)
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    phones.keep_told(talk, message.text, message.reading)
    tell_the_human(talk)
    return True


def _opened(talk: Talk, message: Message) -> bool:
    """/start, or a poster's link."""
    return message.kind == "start" and opening.opened(
        talk, message.text, message.draft, first=message.seq == 1
    )


def _unreadable(talk: Talk, message: Message) -> bool:
    """Something that holds no words, no voice and no picture."""
    return message.kind == "unknown" and opening.unreadable(talk, message.draft)


def _further(talk: Talk, message: Message) -> bool:
    """An album is one answer, which its first file gave: the others are kept for the human."""
    if message.further:
        tell_the_human(talk)
    return message.further


def _to_another_case(talk: Talk, message: Message) -> bool:
    """A reply about a case, while a dialog about something else waits for its answer."""
    if not message.replies or message.draft is None:
        return False
    if meaning.asks_for_human(talk, message.text, message.reading):
        return False
    acknowledge(talk, asks=meaning.is_question(talk, message.text, message.reading))
    sessions.ask_again(talk, message.draft)
    return True


def _robot(talk: Talk, message: Message) -> bool:
    """侬是机器人伐? One honest sentence; whatever stands open stays open."""
    if message.choice is not None or not meaning.asks_for_robot(talk, message.text):
        return False
    talk.say("talk.robot")
    if scripts.holds(talk, long=message.draft is not None):
        return True  # no form over a danger
    if message.draft is not None:
        sessions.ask_again(talk, message.draft)
    elif open_case(talk) is None:
        sessions.begin(talk, "menu", {})
    return True


def _tap(talk: Talk, message: Message) -> bool:
    return message.choice is not None and taps.tapped(talk, message.choice, message.draft)


def _voice(talk: Talk, message: Message) -> bool:
    """A voice note is work for a human, whatever was asked; the question stays open.

    The first thing somebody ever does here is answered with the menu: 「您也可以点下面的。」
    """
    if message.media != "voice":
        return False
    first = open_case(talk) is None
    voice.keep(talk, message.seq, message.draft)
    if message.draft is not None:
        sessions.ask_again(talk, message.draft)
    elif first:
        sessions.begin(talk, "menu", {})
    return True


def _another_person(talk: Talk, message: Message) -> bool:
    return message.choice is None and meaning.another_person(talk, message.text, message.draft)


def _parting(talk: Talk, message: Message) -> bool:
    return message.choice is None and opening.parted(talk, message.text, message.draft)


def _session(talk: Talk, message: Message) -> bool:
    draft = message.draft
    if draft is None:
        return False
    if meaning.asks_for_status(talk, message.text, message.reading):
        taps.say_status(talk)
        sessions.ask_again(talk, draft)
        return True
    if sessions.reminded(talk, draft, message.text):
        return True
    if drafts.interrupted(talk, draft):
        return _after_a_human(talk, message)
    reading = message.reading
    if message.choice is None and meaning.told_in_menu(
        talk, draft, message.text, reading, message.media
    ):
        return True
    if reading.act == "human_request" and meaning.refuses_human(talk, message.text):
        reading = replace(reading, act="request_help")
    answer = Answer(message.text, message.choice, reading, message.media)
    sessions.go_on(talk, draft, answer)
    return True


def _after_a_human(talk: Talk, message: Message) -> bool:
    """A human has spoken since the question: their words are for the human, not an answer."""
    if meaning.asks_for_human(talk, message.text, message.reading):
        return False
    to_the_case_spoken_of(talk, message.seq)
    acknowledge(talk, asks=meaning.is_question(talk, message.text, message.reading))
    sessions.remind(talk)
    return True


def _new_meaning(talk: Talk, message: Message) -> bool:
    reading = message.reading
    if message.replies:  # it is for the case replied to, whatever else it tells
        reading = replace(reading, needs=(), who="unknown")
    elif open_case(talk) is None:
        reading = _by_name(talk, message.text, reading)
    return meaning.meant(talk, message.text, message.media, reading, message.seq)


def _by_name(talk: Talk, text: str, reading: Reading) -> Reading:
    """Words that are just those of the menu (养老, 没钱) need no menu, whatever was read there."""
    menu = talk.house.flows["menu"]
    for choice in menu.steps[menu.first].choices:
        if bare(text) in bare_words((choice.say, *choice.also)):
            return replace(reading, needs=(choice.key,), act="request_help", confidence=1.0)
    return reading


TURNS: tuple[Callable[[Talk, Message], bool], ...] = (
    keep_quiet,
    lifted,
    _opened,
    _unreadable,
    aftermath.no_line,
    _to_the_human,
    _further,
    _robot,
    aftermath.calm,
    aftermath.farewell,
    aftermath.answer,
    _tap,
    aftermath.go_on,
    _voice,
    _to_another_case,
    _another_person,
    _parting,
    _session,
    _new_meaning,
)
