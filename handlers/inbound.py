"""Whose turn it is: every message of a resident goes through here, one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.engine import Answer
from dialogs.meaning.reading import Reading
from handlers import alarm
from handlers.ports import House
from handlers.residents import meaning, sessions, taps, voice
from handlers.residents.file import HUMAN, before_filing, current_case, open_case
from handlers.residents.wait import acknowledge, tell_the_human
from handlers.talk import Talk, hint, open_talk
from handlers.waiting import begin_next, count_handled
from storage import entries, inbox
from storage.cases import Case
from storage.database import Db
from storage.inbox import Stored

_FLOOD_WINDOW = timedelta(minutes=1)


class LeaseLost(Exception):
    """Somebody else has taken the conversation over; nothing of this attempt is kept."""


@dataclass(slots=True)
class Message:
    """One message, with what it was taken to mean and the dialog that waits for an answer."""

    kind: str
    text: str
    choice: str | None
    media: str | None
    reading: Reading
    seq: int
    draft: sessions.Draft | None


def handle(
    db: Db,
    stored: Stored,
    reading: Reading,
    now: datetime,
    house: House,
    owner: str,
    until: datetime,
) -> Stored | None:
    """Handle one update; returns the same conversation's next one, already begun, or None.

    ``owner`` must still hold the conversation's lease, which is renewed to ``until`` or given
    back. Handling an update twice does nothing the second time.

    Raises:
        LeaseLost: the lease ran out and somebody else has it.
    """
    talk = open_talk(db, stored.conversation_id, now, house)
    conversation = talk.conversation
    if conversation.lease_owner != owner:
        raise LeaseLost(conversation.id)
    if inbox.finish(db, stored.id, "done", now):
        count_handled(conversation, stored)
        take(talk, stored, reading)
    waits = conversation.pending > 0
    following = begin_next(db, conversation.id, now, house) if waits else None
    conversation.lease_owner = owner if following else None
    conversation.lease_until = until if following else None
    return following


def take(talk: Talk, stored: Stored, reading: Reading) -> None:
    """Write what they said, and give it to the first of TURNS that is its own."""
    draft = sessions.load(talk)
    case = current_case(talk)
    talk.case = case if _belongs(case, draft) else None
    message = _written(talk, stored, reading, draft)
    dangers = tuple(dict.fromkeys((*stored.danger, *reading.danger)))
    flooding = _flood(talk)
    if dangers and message.kind != "choice":
        _danger(talk, message, dangers)
    elif message.kind == "edit":
        _edited(talk)
    elif flooding and not talk.live and not _must_be_heard(talk, message):
        _kept_in_flood(talk, message)
    else:
        any(turn(talk, message) for turn in TURNS)


def _belongs(case: Case | None, draft: sessions.Draft | None) -> bool:
    """A line belongs to the case spoken of, unless a dialog about something new is under way."""
    if case is None:
        return False
    if draft is None or before_filing(case):
        return True
    return draft.session is not None and draft.session.flow == HUMAN


def _written(talk: Talk, stored: Stored, reading: Reading, draft: sessions.Draft | None) -> Message:
    body = stored.body
    media = body.get("media")
    choice = body.get("choice")
    text = str(body.get("text", ""))
    kind = str(body["kind"])
    line = talk.write(
        kind="edited" if kind == "edit" else "message",
        sender="me",
        text=text if choice is None else taps.label(talk, choice),
        client_id=stored.external_id,
        media_id=media["id"] if media else None,
    )
    media_kind = kind if kind in {"voice", "photo", "place"} else None
    return Message(kind, text, choice, media_kind, reading, line.seq, draft)


def _edited(talk: Talk) -> None:
    """Kept beside the original; it advances no dialog and cancels no danger (design §4)."""
    if talk.case is not None and talk.case.closed_at is None:
        hint(talk.db, talk.case, talk.now)


def _flood(talk: Talk) -> bool:
    """Over the limit of a minute everything is kept, and answered once (design §3)."""
    conversation = talk.conversation
    began = conversation.flood_from
    if began is None or talk.now - began >= _FLOOD_WINDOW:
        conversation.flood_from, conversation.flood_count = talk.now, 0
    conversation.flood_count += 1
    over = conversation.flood_count - talk.house.office.messages_a_minute
    if over == 1 and not talk.live:
        talk.say("too_many")
    return over > 0


def _must_be_heard(talk: Talk, message: Message) -> bool:
    """Done in a flood too: the answer to a safety script, and the first call for a human."""
    if message.choice is not None and message.choice.startswith(alarm.REPLY):
        return True
    wanted = message.choice == "cmd:human" or meaning.asks_for_human(
        talk, message.text, message.reading
    )
    return wanted and open_case(talk) is None


def _kept_in_flood(talk: Talk, message: Message) -> None:
    if message.media == "voice":
        voice.keep(talk, message.seq, message.draft, silent=True)
    tell_the_human(talk)


def _danger(talk: Talk, message: Message, dangers: tuple[str, ...]) -> None:
    draft = message.draft
    known = sessions.known_so_far(draft) if draft else None
    case = alarm.raise_alarm(talk, dangers, message.reading, known)
    entries.attach(talk.db, talk.conversation.id, case.id)
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if talk.live or alarm.waits_for_answer(talk):
        return  # one question at a time: the script's own is answered first (docs/decisions)
    if draft is not None:
        sessions.ask_again(talk, draft)


# --- the turns, in the order of design §3 ---------------------------------------------------


def _to_the_human(talk: Talk, message: Message) -> bool:
    """In a live talk their words go to the advisor, and the bot is silent; taps are commands."""
    if not talk.live or message.choice is not None:
        return False
    talk.conversation.danger_asked = False  # a human hears the answer
    _to_the_case_spoken_of(talk, message.seq)
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    tell_the_human(talk)
    return True


def _to_the_case_spoken_of(talk: Talk, seq: int) -> None:
    """Words to an advisor belong to the advisor's case, also while a dialog waits."""
    case = open_case(talk)
    if case is not None:
        talk.case = case
        entries.put_in_case(talk.db, talk.conversation.id, seq, case.id)


def _after_danger(talk: Talk, message: Message) -> bool:
    """The answer to a safety script's question; then the interrupted question is put again."""
    tapped = message.choice is not None and message.choice.startswith(alarm.REPLY)
    if not tapped:
        waits = message.choice is None and alarm.waits_for_answer(talk)
        if not waits or meaning.asks_for_human(talk, message.text, message.reading):
            return False
    if message.media == "voice":
        voice.keep(talk, message.seq, message.draft, silent=True)
    _to_the_case_spoken_of(talk, message.seq)
    tell_the_human(talk)
    alarm.answered(talk, message.text, message.choice)
    if message.draft is not None and not talk.live:
        sessions.ask_again(talk, message.draft)
    return True


def _tap(talk: Talk, message: Message) -> bool:
    return message.choice is not None and taps.tapped(talk, message.choice, message.draft)


def _voice(talk: Talk, message: Message) -> bool:
    """A voice note is work for a human, whatever was asked; the question stays open."""
    if message.media != "voice":
        return False
    voice.keep(talk, message.seq, message.draft)
    if message.draft is not None:
        sessions.ask_again(talk, message.draft)
    return True


def _session(talk: Talk, message: Message) -> bool:
    draft = message.draft
    if draft is None:
        return False
    if meaning.asks_for_status(message.text, message.reading):
        taps.say_status(talk)
        sessions.ask_again(talk, draft)
        return True
    if sessions.reminded(talk, draft, message.text):
        return True
    if sessions.interrupted(talk, draft):
        return _after_a_human(talk, message)
    answer = Answer(message.text, message.choice, message.reading, message.media)
    sessions.go_on(talk, draft, answer)
    return True


def _after_a_human(talk: Talk, message: Message) -> bool:
    """A human has spoken since the question: their words are for the human, not an answer."""
    if meaning.asks_for_human(talk, message.text, message.reading):
        return False
    _to_the_case_spoken_of(talk, message.seq)
    acknowledge(talk)
    sessions.remind(talk)
    return True


def _new_meaning(talk: Talk, message: Message) -> bool:
    return meaning.meant(talk, message.text, message.media, message.reading, message.seq)


TURNS: tuple[Callable[[Talk, Message], bool], ...] = (
    _to_the_human,
    _after_danger,
    _tap,
    _voice,
    _session,
    _new_meaning,
)
