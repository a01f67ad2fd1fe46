"""Whose turn it is: every message of a resident goes through here, one transaction each."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogs.meaning.reading import Reading
from handlers import alarm, scripts
from handlers.ports import House
from handlers.residents import meaning, sessions, taps, voice
from handlers.residents.file import HUMAN, before_filing, current_case, open_case
from handlers.residents.wait import tell_the_human
from handlers.talk import QUIET, Talk, hint, open_talk
from handlers.turns import TURNS, Message, asks_for_quiet, keep_quiet
from handlers.waiting import begin_next, count_handled
from storage import entries, inbox
from storage.cases import Case
from storage.database import Db
from storage.inbox import Stored

_FLOOD_WINDOW = timedelta(minutes=1)


class LeaseLost(Exception):
    """Somebody else has taken the conversation over; nothing of this attempt is kept."""


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
    dangers = tuple(dict.fromkeys((*stored.danger, *reading.danger)))
    message = _written(talk, stored, meaning.careful(reading), draft, dangers)
    flooding = _flood(talk)
    if dangers and message.kind != "choice":
        _danger(talk, message, dangers, flooding)
        keep_quiet(talk, message)
    elif message.kind == "edit":
        if not keep_quiet(talk, message):
            _edited(talk)
    elif flooding and not talk.live and not message.quiet and not _must_be_heard(talk, message):
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


def _written(
    talk: Talk,
    stored: Stored,
    reading: Reading,
    draft: sessions.Draft | None,
    dangers: tuple[str, ...],
) -> Message:
    body = stored.body
    media = body.get("media")
    choice = body.get("choice")
    text = str(body.get("text", ""))
    kind = str(body["kind"])
    quiet = kind in {"text", "edit"} and asks_for_quiet(talk, text, dangers)
    line = talk.write(
        kind="edited" if kind == "edit" else "message",
        sender="me",
        text=text if choice is None else taps.label(talk, choice),
        client_id=stored.external_id,
        media_id=media["id"] if media else None,
        extra={QUIET: True} if quiet else None,
    )
    media_kind = kind if kind in {"voice", "photo", "place"} else None
    return Message(kind, text, choice, media_kind, reading, line.seq, draft, quiet)


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
    if message.choice is not None and message.choice.startswith(scripts.REPLY):
        return True
    wanted = message.choice == "cmd:human" or meaning.asks_for_human(
        talk, message.text, message.reading
    )
    return wanted and open_case(talk) is None


def _kept_in_flood(talk: Talk, message: Message) -> None:
    if message.media == "voice":
        voice.keep(talk, message.seq, message.draft, silent=True)
    tell_the_human(talk)


def _danger(talk: Talk, message: Message, dangers: tuple[str, ...], flooding: bool) -> None:
    draft = message.draft
    known = sessions.known_so_far(draft) if draft else None
    case = alarm.raise_alarm(
        talk, dangers, message.reading, known, text=message.text, flooding=flooding
    )
    entries.attach(talk.db, talk.conversation.id, case.id)
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if talk.live or scripts.waits_for_answer(talk):
        return  # one question at a time: the script's own is answered first (docs/decisions)
    if draft is not None:
        sessions.ask_again(talk, draft)
