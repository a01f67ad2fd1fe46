"""Whose turn a message is: each turn takes what is its own, in the order of design §3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dialogs.engine import Answer
from dialogs.meaning.reading import Reading
from handlers import alarm, scripts
from handlers.heard import hears, hears_order, is_whole, words_of
from handlers.residents import meaning, opening, phones, sessions, taps, voice
from handlers.residents.file import open_case
from handlers.residents.wait import acknowledge, tell_the_human
from handlers.talk import Talk
from storage import cases, entries

_CALM_MOST = 24  # characters: longer words tell something of their own
_QUIET_MOST = 30


@dataclass(slots=True)
class Message:
    """One message, with what it was taken to mean and the dialog that waits for an answer.

    ``quiet``: it asks that nothing is written back, or such a silence holds. ``further``: one more
    file of an album that was answered. ``replies``: it is a reply that speaks of an open case.
    """

    kind: str
    text: str
    choice: str | None
    media: str | None
    reading: Reading
    seq: int
    draft: sessions.Draft | None
    quiet: bool = False
    further: bool = False
    replies: bool = False


def asks_for_quiet(talk: Talk, text: str, dangers: tuple[str, ...]) -> bool:
    """After danger: 他们回来了,别发消息. Whoever beats them may see the screen.

    It holds for what they write later too, until that is a new danger or 可以说了.
    """
    house = talk.house
    if not hears_order(house, "quiet", text, _QUIET_MOST):
        lifted = hears(house, "talk_again", text) and not hears(house, "not_yet", text)
        return talk.held and not dangers and not lifted
    case = open_case(talk)
    return bool(dangers) or (case is not None and bool(case.dangers))


def keep_quiet(talk: Talk, message: Message) -> bool:
    """Nothing at all is said; the desk is told, and rings."""
    case = open_case(talk)
    if not message.quiet or case is None:
        return False
    to_the_case_spoken_of(talk, message.seq)
    if message.text.strip():
        case.lead_seq = message.seq
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if hears_order(talk.house, "quiet", message.text, _QUIET_MOST):
        cases.record(talk.db, case, "quiet_please", talk.now)
        alarm.ring_now(talk, case)
    else:
        alarm.ring_again(talk, case)
    tell_the_human(talk)
    return True


def _no_line(talk: Talk, message: Message) -> bool:
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


def to_the_case_spoken_of(talk: Talk, seq: int) -> None:
    """Words to an advisor belong to the advisor's case, also while a dialog waits."""
    case = open_case(talk)
    if case is not None:
        talk.case = case
        entries.put_in_case(talk.db, talk.conversation.id, seq, case.id)


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
    if scripts.waits_for_answer(talk):
        return True
    if message.draft is not None:
        sessions.ask_again(talk, message.draft)
    elif open_case(talk) is None:
        sessions.begin(talk, "menu", {})
    return True


def _calm(talk: Talk, message: Message) -> bool:
    """After danger: 没事了, 说气话. Heard and kept; the red stays, a human decides.

    A question waits after it, so that a 「嗯」 which follows is no answer to the dialog's own.
    """
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
    talk.conversation.danger_asked = True
    return True


def _after_danger(talk: Talk, message: Message) -> bool:
    """The answer to a safety script's question; then the interrupted question is put again."""
    tapped = message.choice is not None and message.choice.startswith(scripts.REPLY)
    if not tapped:
        waits = message.choice is None and scripts.waits_for_answer(talk)
        if not waits or meaning.asks_for_human(talk, message.text, message.reading):
            return False
    if message.media == "voice":
        voice.keep(talk, message.seq, message.draft, silent=True)
    to_the_case_spoken_of(talk, message.seq)
    tell_the_human(talk)
    scripts.answered(talk, message.text, message.choice)
    if message.draft is not None and not talk.live and not scripts.waits_for_answer(talk):
        sessions.ask_again(talk, message.draft)
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
    if sessions.interrupted(talk, draft):
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
    return meaning.meant(talk, message.text, message.media, reading, message.seq)


TURNS: tuple[Callable[[Talk, Message], bool], ...] = (
    keep_quiet,
    _opened,
    _unreadable,
    _no_line,
    _to_the_human,
    _further,
    _robot,
    _calm,
    _after_danger,
    _tap,
    _voice,
    _to_another_case,
    _another_person,
    _session,
    _new_meaning,
)
