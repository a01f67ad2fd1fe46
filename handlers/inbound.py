"""Whose turn it is: every message of a resident goes through here, one transaction each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from dialogs.meaning.reading import Reading
from handlers import alarm, blocked, hush, shown
from handlers.message import Message
from handlers.ports import STAFF_CHANNEL, House
from handlers.residents import drafts, meaning, seen, taps, threads, voice
from handlers.residents.file import current_case, open_case
from handlers.residents.wait import note, numbers_in, tell_the_human
from handlers.talk import QUIET, Talk, hint, open_talk
from handlers.turns import TURNS
from handlers.waiting import begin_next, count_handled
from storage import entries, inbox, staff
from storage.cases import Case
from storage.database import Db
from storage.inbox import Stored

_FLOOD_WINDOW = timedelta(minutes=1)
_MEDIA = frozenset({"voice", "photo", "document", "place"})
_NO_WORDS = frozenset({"choice", "start", "unknown", "place"})  # what stands there, nobody said
_SAID_FOR_THEM = {"start": "talk.opened", "unknown": "talk.unreadable"}


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
    chat, kind = _OTHER_CHATS.get(stored.channel), str(stored.body["kind"])
    if chat is not None:
        chat(talk, stored)
        return
    if kind in _DOORS:
        talk.case = current_case(talk)
        _DOORS[kind](talk)
        return
    blocked.let_in(talk)  # who writes can be reached
    seen.by_writing(talk, stored.received_at)
    if seen.is_confirmation(stored.body.get("choice")):
        seen.confirm(talk, stored, talk.house.phrases.say("talk.taps.seen"))
        return
    thread = threads.find(talk, stored.body)
    if kind == "edit" and not thread.is_new(str(stored.body.get("text", ""))):
        return
    draft = drafts.load(talk)
    replies = threads.select(talk, thread, draft)
    case = current_case(talk)
    talk.case = case if replies or threads.belongs(case, draft) else None
    dangers = tuple(dict.fromkeys((*stored.danger, *reading.danger)))
    if thread.versions:
        dangers = thread.new_dangers(dangers)
        talk.case = threads.case_of(talk, thread.versions[0])
    message = _written(talk, stored, meaning.careful(reading), draft, dangers, thread)
    message.replies = replies
    flooding, choice = _flood(talk), message.choice
    if dangers and message.kind != "choice":
        _danger(talk, message, dangers, flooding)
        hush.keep_quiet(talk, message)
    elif message.kind == "edit":
        if not hush.keep_quiet(talk, message):
            _edited(talk, thread.versions[-1].text if thread.versions else "", message.text)
    elif flooding and not talk.live and not message.quiet and not _must_be_heard(talk, message):
        _kept_in_flood(talk, message)
    elif choice is None or not taps.doubled(talk, message.seq, choice, draft):
        any(turn(talk, message) for turn in TURNS)
    _tell_holder(talk, message)


def _tell_holder(talk: Talk, message: Message) -> None:
    """Whose turn it was, who has the open case sees the line, also while the bot asks on.

    Words that belong to the case wait for its human; a tap, or a dialog about something new, is
    only shown.
    """
    case = open_case(talk)
    if case is None or message.kind == "start":
        return
    draft = message.draft
    if message.choice is None and draft is not None and threads.belongs(case, draft):
        talk.case = case
        tell_the_human(talk)
    else:
        hint(talk.db, case, talk.now)
    if case.urgency == "red" and message.choice is None and not _holder_here(talk, case):
        alarm.ring_again(talk, case)  # as if nobody had it


def _holder_here(talk: Talk, case: Case) -> bool:
    """Whether nobody has it, who would be found by the bell, or who has it is on duty."""
    holder = staff.get(talk.db, case.assignee_id) if case.assignee_id else None
    return holder is None or holder.on_duty


def _written(
    talk: Talk,
    stored: Stored,
    reading: Reading,
    draft: drafts.Draft | None,
    dangers: tuple[str, ...],
    thread: threads.Thread,
) -> Message:
    """The line of their own in the log, and what the turns need to know of it."""
    body = stored.body
    media, choice, kind = body.get("media"), body.get("choice"), str(body["kind"])
    text = str(body.get("text", ""))
    if kind == "unknown" and text.strip():
        kind = "text"
    words = "" if kind in _NO_WORDS else text
    forwarded = bool(body.get("forwarded"))
    asks = (talk, words, dangers, choice)
    asks_quiet = not forwarded and hush.asked(*asks)
    quiet = asks_quiet or hush.goes_on(*asks)
    if forwarded and not dangers:  # somebody else's words lift no silence
        quiet = quiet or talk.held
    extra: dict[str, Any] = {
        QUIET: quiet,
        "forwarded": forwarded,
        "album": body.get("album"),
        "payload": text if kind == "start" else None,
        "reply_to": thread.answers.seq if thread.answers else None,
        "choice": choice,
        "under": thread.pressed.seq if thread.pressed else None,
    }
    extra = {name: value for name, value in extra.items() if value}
    if thread.versions:
        extra["original"] = thread.versions[-1].text
    line = talk.write(
        kind="edited" if kind == "edit" else "message",
        sender="me",
        text=_shown(talk, kind, text, choice, thread.pressed),
        ref=thread.versions[0].seq if thread.versions else None,
        client_id=stored.external_id,
        media_id=media["id"] if media else None,
        tone=entries.OPENED if kind == "start" else None,
        extra=extra,
    )
    return Message(
        kind=kind,
        text=text if kind == "start" else words,
        choice=choice,
        media=kind if kind in _MEDIA else None,
        reading=Reading() if kind in _NO_WORDS else reading,
        seq=line.seq,
        draft=draft,
        quiet=quiet,
        asks_quiet=asks_quiet,
        further=thread.further,
    )


def _shown(
    talk: Talk, kind: str, text: str, choice: str | None, pressed: entries.Line | None
) -> str:
    """What stands in the bubble, and before an advisor's eyes."""
    if choice is not None:
        return taps.label(talk, choice, pressed)
    key = _SAID_FOR_THEM.get(kind)
    return text if key is None else talk.house.phrases.say(key)


def _edited(talk: Talk, before: str, after: str) -> None:
    """Kept beside the original; it advances no dialog and cancels no danger (design §4).

    A number that was changed matters to somebody who waits for a call: it is answered shortly.
    """
    if talk.case is not None and talk.case.closed_at is None:
        if numbers_in(before) != numbers_in(after) and not talk.live:
            note(talk, "edited")
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
    if message.choice is not None and message.choice.startswith(shown.REPLY):
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
    about = talk.case if message.kind == "edit" or message.replies else None
    if about is not None and about.closed_at is None:
        talk.conversation.case_id = about.id  # what the words belong to, whatever else is open
        draft_known = None
    else:
        about, draft_known = None, drafts.known_so_far(draft) if draft else None
    case = alarm.raise_alarm(
        talk, dangers, message.reading, draft_known, text=message.text, flooding=flooding
    )
    if about is None:
        entries.attach(talk.db, talk.conversation.id, case.id)
    if message.media == "voice":
        voice.keep(talk, message.seq, silent=True)
    if draft is not None and draft.flow is not None and draft.flow.kind == "menu":
        drafts.let_go(talk)  # what it interrupted waits, but a menu is nothing to go back to


def _staff_chat(talk: Talk, stored: Stored) -> None:
    from handlers.staff_chat.take import take as take_from_staff

    take_from_staff(talk, stored)


def _left(talk: Talk) -> None:
    blocked.shut_out(talk, "blocked")


_OTHER_CHATS: Mapping[str, Callable[[Talk, Stored], None]] = {STAFF_CHANNEL: _staff_chat}
_DOORS: Mapping[str, Callable[[Talk], None]] = {"left": _left, "back": blocked.let_in}
