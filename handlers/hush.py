"""Silence after danger: whoever beats them may see the screen."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogs.answers import bare
from handlers import alarm, scripts
from handlers.heard import hears, hears_order, is_whole, words_of
from handlers.message import Message, to_the_case_spoken_of
from handlers.residents import voice
from handlers.residents.file import open_case
from handlers.residents.wait import tell_the_human
from handlers.talk import Talk
from storage import cases

_MOST = 30  # characters: longer words tell something of their own
_WATCHED_FOR = timedelta(hours=12)  # after a violence script, in which 他在看 is heard


def asked(talk: Talk, text: str, dangers: tuple[str, ...], choice: str | None) -> bool:
    """Whether a message asks that nothing is written back.

    别发消息 is heard after every danger. After violence so is what speaks of him (他来了,
    他看得到手机), and 不方便 to the script's question, tapped or in words: a doubt is silence.
    """
    if choice is not None:
        return choice == scripts.CANNOT_TALK
    case = open_case(talk)
    if hears_order(talk.house, "quiet", text, _MOST):
        return bool(dangers) or (case is not None and bool(case.dangers))
    return _watched(talk, text)


def goes_on(talk: Talk, text: str, dangers: tuple[str, ...], choice: str | None) -> bool:
    """Whether a silence that was asked for holds: until 可以说了, or a danger of a new kind."""
    if not talk.held or choice == scripts.CAN_TALK:
        return False
    case = open_case(talk)
    new = set(dangers) - set(case.dangers if case is not None else ())
    return not new and not _may_speak(talk, text)


def keep_quiet(talk: Talk, message: Message) -> bool:
    """Nothing is said, but for one sentence to 不方便; the desk is told, and rings."""
    case = open_case(talk)
    if not message.quiet or case is None:
        return False
    to_the_case_spoken_of(talk, message.seq)
    if message.text.strip():
        case.lead_seq = message.seq
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if message.asks_quiet:
        cases.record(talk.db, case, "quiet_please", talk.now)
        alarm.ring_now(talk, case)
        if not talk.live and scripts.says_cannot_talk(talk, message.text, message.choice):
            scripts.say_silently(talk)
        talk.conversation.danger_asked = False
    else:
        alarm.ring_again(talk, case)
    tell_the_human(talk)
    return True


def _may_speak(talk: Talk, text: str) -> bool:
    house = talk.house
    return bool(hears(house, "talk_again", text)) and not hears(house, "not_yet", text)


def _watched(talk: Talk, text: str) -> bool:
    house, said = talk.house, talk.conversation.danger_said.get(scripts.VIOLENCE)
    if said is None or not bare(text):
        return False
    if talk.now - datetime.fromisoformat(said) > _WATCHED_FOR:
        return False
    if scripts.says_cannot_talk(talk, text, None):
        return True
    if hears(house, "called", text) or _may_speak(talk, text):
        return False
    if hears(house, "can_talk", text) and not hears(house, "not_yet", text):
        return False
    words = words_of(house, "watched")
    return hears_order(house, "watched", text, _MOST) or is_whole(house, words, text, _MOST)
