"""Silence after danger: whoever beats them may see the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogs.answers import bare
from dialogs.meaning.plain import clauses
from handlers import alarm, scripts
from handlers.heard import bare_words, hears, hears_order, is_whole, words_of
from handlers.message import Message, to_the_case_spoken_of
from handlers.residents import voice
from handlers.residents.file import open_case
from handlers.residents.wait import tell_the_human
from handlers.talk import QUIET, Talk
from storage import cases, entries
from storage.cases import Case

_MOST = 30  # characters: longer words tell something of their own
_LOOK_BACK = 20  # lines in which their last one is looked for
_WATCHED_FOR = timedelta(hours=12)  # after a violence script, in which 他在看 is heard


def asked(talk: Talk, text: str, dangers: tuple[str, ...], choice: str | None) -> bool:
    """Whether a message asks that nothing is written back.

    别发消息 is heard after every danger. After violence so is what speaks of him (他来了,
    他看得到手机), and 不方便 to the script's question, tapped or in words: a doubt is silence.
    Said with the violence itself (他打我,他在旁边) it keeps the script back.
    """
    if choice is not None:
        return choice == scripts.CANNOT_TALK
    case = open_case(talk)
    if hears_order(talk.house, "quiet", text, _MOST):
        return bool(dangers) or (case is not None and bool(case.dangers))
    return _watched(talk, text) or _near(talk, text, dangers)


def goes_on(talk: Talk, text: str, dangers: tuple[str, ...], choice: str | None) -> bool:
    """Whether a silence that was asked for holds: until 可以说了, or a danger of a new kind."""
    if not talk.held or choice == scripts.CAN_TALK:
        return False
    case = open_case(talk)
    new = set(dangers) - set(case.dangers if case is not None else ())
    return not new and not _may_speak(talk, text)


def keep_quiet(talk: Talk, message: Message) -> bool:
    """Nothing is said, but for one sentence to 不方便 and to who is watched from the first word;
    the desk is told, and rings."""
    case = open_case(talk)
    if not message.quiet or case is None:
        return False
    to_the_case_spoken_of(talk, message.seq)
    if message.text.strip():
        case.lead_seq = message.seq
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if message.asks_quiet:
        ring = alarm.ring_again if _just_asked(talk, case) else alarm.ring_now
        ring(talk, case)
        cases.record(talk.db, case, "quiet_please", talk.now)
        if not talk.live and (
            scripts.says_cannot_talk(talk, message.text, message.choice)
            or _kept_back(talk, case, message.text)
        ):
            scripts.say_silently(talk)
        talk.conversation.danger_asked = False
    else:
        alarm.ring_again(talk, case)
    tell_the_human(talk)
    return True


def _just_asked(talk: Talk, case: Case) -> bool:
    asked_at = [row.at for row in cases.events(talk.db, case.id) if row.kind == "quiet_please"]
    return bool(asked_at) and talk.now - asked_at[-1] < alarm.RING_AGAIN


def lifted(talk: Talk, message: Message) -> bool:
    """可以说了 after a silence is answered at once: by the script that was kept back, if any."""
    case = open_case(talk)
    if message.choice is not None or case is None or talk.live:
        return False
    if not _may_speak(talk, message.text) or not _was_quiet(talk, message.seq):
        return False
    to_the_case_spoken_of(talk, message.seq)
    tell_the_human(talk)
    said = talk.conversation.danger_said
    if not scripts.say_due(talk, [kind for kind in case.dangers if kind not in said]):
        scripts.go_on(talk, case.dangers)
    return True


def _was_quiet(talk: Talk, seq: int) -> bool:
    """Whether their line before this one asked for silence, or a silence held over it."""
    lines = entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)
    before = [line for line in lines if line.sender == "me" and line.seq < seq]
    return bool(before) and bool(before[-1].extra.get(QUIET))


def _kept_back(talk: Talk, case: Case, text: str) -> bool:
    """Whether the script was never said because who beats them is near."""
    unsaid = scripts.VIOLENCE not in talk.conversation.danger_said
    return (
        unsaid
        and _near(talk, text, case.dangers)
        and not hears_order(talk.house, "quiet", text, _MOST)
    )


def _near(talk: Talk, text: str, dangers: Sequence[str]) -> bool:
    """Whether words that tell of violence say that who does it is there: 他打我,他在旁边.

    It is the end of what they say, or of a part of it: 他在旁边打我 tells of the beating.
    """
    if scripts.VIOLENCE not in dangers:
        return False
    watched = bare_words(words_of(talk.house, "watched"))
    return any(
        part.endswith(watched) and not hears(talk.house, "away", part)
        for part in clauses(text).split()
    )


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
