"""Whose turn it is: every message of a resident goes through here, one transaction each (design §3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.engine import Answer
from dialogs.meaning.reading import Reading
from handlers import alarm
from handlers.ports import House
from handlers.residents import meaning, sessions, taps, voice
from handlers.residents.file import current_case
from handlers.residents.wait import tell_the_human
from handlers.talk import Talk, open_talk
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
    following = begin_next(db, conversation.id, now, house)
    conversation.lease_owner = owner if following else None
    conversation.lease_until = until if following else None
    return following


def take(talk: Talk, stored: Stored, reading: Reading) -> None:
    """Write what they said, and give it to the first of TURNS that is its own."""
    draft = sessions.load(talk)
    case = current_case(talk)
    talk.case = case if _belongs(case, draft) else None
    message = _written(talk, stored, reading, draft)
    if message.kind == "edit":
        return  # kept beside the original; never advances a session, never cancels danger
    dangers = tuple(dict.fromkeys((*stored.danger, *reading.danger)))
    flooding = _flood(talk)
    if dangers and message.kind != "choice":
        _danger(talk, message, dangers)
        return
    if flooding:
        return
    for turn in TURNS:
        if turn(talk, message):
            return


def _belongs(case: Case | None, draft: sessions.Draft | None) -> bool:
    """A line belongs to the case spoken of, unless a dialog about something new is under way."""
    if case is None:
        return False
    if draft is None or case.flow is None:
        return True
    return draft.session is not None and draft.session.flow == "human"


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


def _flood(talk: Talk) -> bool:
    """Over the limit of a minute everything is kept, and answered once (design §3)."""
    conversation = talk.conversation
    began = conversation.flood_from
    if began is None or talk.now - began >= _FLOOD_WINDOW:
        conversation.flood_from, conversation.flood_count = talk.now, 0
    conversation.flood_count += 1
    over = conversation.flood_count - talk.house.office.messages_a_minute
    if over == 1:
        talk.say("too_many")
    return over > 0


def _danger(talk: Talk, message: Message, dangers: tuple[str, ...]) -> None:
    draft = message.draft
    case = alarm.raise_alarm(talk, dangers, message.reading, draft.slots if draft else None)
    entries.attach(talk.db, talk.conversation.id, case.id)
    if message.media == "voice":
        voice.keep(talk, message.seq)
    if talk.live or talk.conversation.danger_asked:
        return  # one question at a time: the script's own is answered first (docs/decisions)
    if draft is not None:
        sessions.ask_again(talk, draft)


# --- the turns, in the order of design §3 ---------------------------------------------------


def _to_the_human(talk: Talk, message: Message) -> bool:
    """In a live talk their words go to the advisor, and the bot is silent; taps are commands."""
    if not talk.live or message.choice is not None:
        return False
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    tell_the_human(talk)
    return True


def _after_danger(talk: Talk, message: Message) -> bool:
    """The answer to a safety script's question; then the interrupted question is put again."""
    tapped = message.choice is not None and message.choice.startswith(alarm.REPLY)
    if not tapped and (not talk.conversation.danger_asked or message.choice is not None):
        return False
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if talk.case is not None:
        entries.attach(talk.db, talk.conversation.id, talk.case.id)
        tell_the_human(talk)
    alarm.answered(talk, message.text, message.choice)
    if message.draft is not None:
        sessions.ask_again(talk, message.draft)
    return True


def _tap(talk: Talk, message: Message) -> bool:
    return message.choice is not None and taps.tapped(talk, message.choice, message.draft)


def _voice(talk: Talk, message: Message) -> bool:
    """A voice note is work for a human, whatever was asked; the question stays open."""
    if message.media != "voice":
        return False
    voice.keep(talk, message.seq)
    if message.draft is not None:
        sessions.ask_again(talk, message.draft)
    return True


def _session(talk: Talk, message: Message) -> bool:
    if message.draft is None:
        return False
    if meaning.asks_for_status(message.text, message.reading):
        taps.say_status(talk)
        sessions.ask_again(talk, message.draft)
        return True
    answer = Answer(message.text, message.choice, message.reading, message.media)
    sessions.go_on(talk, message.draft, answer)
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
