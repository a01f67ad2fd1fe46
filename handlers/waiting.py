"""Updates that wait: taking them in order, and parking those that nobody can handle (design §3)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from handlers import alarm
from handlers.ports import STAFF_CHANNEL, House
from handlers.residents import voice
from handlers.residents.file import Request, open_case, open_or_add
from handlers.talk import QUIET, Talk
from storage import cases, conversations, entries, inbox, notices
from storage.database import Db, wake
from storage.inbox import Stored

log = logging.getLogger(__name__)
RETRY_PAUSE = timedelta(seconds=1)  # between two tries of one update; others go on meanwhile


def take_waiting(
    db: Db,
    owner: str,
    now: datetime,
    until: datetime,
    limit: int,
    house: House,
    *,
    alone: bool = True,
) -> list[Stored]:
    """Lease up to ``limit`` conversations and begin the oldest update of each.

    The attempt is counted here and committed before it begins, so that an update which kills the
    process is parked as well. Those that were tried too often are parked in this transaction.

    An update that was begun before and did not end may be the one that kills the process: it is
    begun only when nothing else is in hand (``alone``), so that what stood beside it is not
    counted, and parked, together with it. While such a one waits, nothing new is begun.
    """
    leased = conversations.lease_waiting(db, owner, now, until, limit)
    tried = inbox.tried(db, leased)
    chosen = [one for one in leased if one in tried][:1] if tried else leased
    if tried and not alone:
        chosen = []
    begun = []
    for conversation_id in leased:
        stored = None
        if conversation_id in chosen:
            stored = begin_next(db, conversation_id, now, house)
        if stored is None:
            conversations.release(db, conversation_id, owner, None)
        else:
            begun.append(stored)
    return begun


def begin_next(db: Db, conversation_id: str, now: datetime, house: House) -> Stored | None:
    """The conversation's next update, its attempt counted; those tried too often are parked."""
    while (stored := inbox.begin_oldest(db, conversation_id)) is not None:
        if stored.attempts <= house.office.attempts:
            return stored
        park(db, stored, now, house)
    return None


def give_back(
    db: Db,
    stored: Stored,
    owner: str,
    now: datetime,
    house: House,
    *,
    failed: bool,
    pause: bool = False,
) -> None:
    """An attempt ended without success: pause before the next one, or park after the last.

    Not ``failed``: it was ended by us (a shutdown, trouble with the database) and does not count
    towards parking; ``pause``: it is tried again a moment later.
    """
    if failed and stored.attempts >= house.office.attempts:
        park(db, stored, now, house)
        conversations.release(db, stored.conversation_id, owner, None)
        wake(db, "inbox")
        return
    if not failed and conversations.lock(db, stored.conversation_id).lease_owner == owner:
        inbox.uncount(db, stored.id)
    until = now + RETRY_PAUSE if failed or pause else None
    conversations.release(db, stored.conversation_id, owner, until)


def park(db: Db, stored: Stored, now: datetime, house: House) -> None:
    """Put an update before human eyes and go on: nothing is dropped (design §3, 5).

    Whatever made the update fail may make this fail too; then it is parked all the same.
    """
    if not inbox.finish(db, stored.id, "parked", now):
        return
    talk = Talk(db, house, now, conversations.lock(db, stored.conversation_id))
    count_handled(talk.conversation, stored)
    db.flush()
    try:
        with db.begin_nested():
            _OTHER_CHATS.get(stored.channel, _show)(talk, stored)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - one update must not hold up all the others
        log.error("update %s could only be parked: %r", stored.id, error)
        db.refresh(talk.conversation)
    notices.post(db, "all", "parked", now, **({"sound": "red"} if stored.danger else {}))
    wake(db, "notices")


def _show(talk: Talk, stored: Stored) -> None:
    """Its words in the talk, a case in the queue so that somebody answers, and any alarm."""
    body = stored.body
    talk.case = open_case(talk)
    media = body.get("media") or {}
    quiet = talk.held  # nobody has read it: it cannot end a silence that was asked for
    line = talk.write(
        kind="message",
        sender="me",
        text=str(body.get("text") or body.get("choice") or ""),
        client_id=stored.external_id,
        media_id=media.get("id"),
        extra={"parked": stored.id} | ({QUIET: True} if quiet else {}),
    )
    if not talk.live:
        talk.say("parked")
    if stored.danger:
        alarm.raise_alarm(talk, stored.danger)
    else:
        open_or_add(talk, Request(signs=("session_lost",)))
    if body.get("kind") == "voice":
        voice.keep(talk, line.seq, silent=True)
    if talk.case is not None:
        entries.attach(talk.db, talk.conversation.id, talk.case.id)
        cases.record(talk.db, talk.case, "parked", talk.now)


def _staff_chat(talk: Talk, stored: Stored) -> None:
    from handlers.staff_chat.take import parked as show_to_staff

    show_to_staff(talk, stored)


_OTHER_CHATS: Mapping[str, Callable[[Talk, Stored], None]] = {STAFF_CHANNEL: _staff_chat}


def count_handled(conversation: conversations.Conversation, stored: Stored) -> None:
    """One update less waits in the locked conversation."""
    conversation.pending = max(0, conversation.pending - 1)
    if stored.danger:
        conversation.pending_danger = max(0, conversation.pending_danger - 1)
