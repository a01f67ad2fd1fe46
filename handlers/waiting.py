"""Updates that wait: taking them in order, and parking those that nobody can handle (design §3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import alarm
from handlers.ports import House
from handlers.talk import Talk
from storage import conversations, inbox, notices
from storage.database import Db, wake
from storage.inbox import Stored

RETRY_PAUSE = timedelta(seconds=1)  # between two tries of one update; others go on meanwhile


def take_waiting(
    db: Db, owner: str, now: datetime, until: datetime, limit: int, house: House
) -> list[Stored]:
    """Lease up to ``limit`` conversations and begin the oldest update of each.

    The attempt is counted here and committed before it begins, so that an update which kills the
    process is parked as well. Those that were tried too often are parked in this transaction.
    """
    begun = []
    for conversation_id in conversations.lease_waiting(db, owner, now, until, limit):
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
    db: Db, stored: Stored, owner: str, now: datetime, house: House, *, failed: bool
) -> None:
    """An attempt ended without success: pause before the next one, or park after the last."""
    if failed and stored.attempts >= house.office.attempts:
        park(db, stored, now, house)
        conversations.release(db, stored.conversation_id, owner, None)
        wake(db, "inbox")
        return
    pause = now + RETRY_PAUSE if failed else None
    conversations.release(db, stored.conversation_id, owner, pause)


def park(db: Db, stored: Stored, now: datetime, house: House) -> None:
    """Put an update before human eyes and go on: nothing is dropped (design §3, 5)."""
    if not inbox.finish(db, stored.id, "parked", now):
        return
    talk = Talk(db, house, now, conversations.lock(db, stored.conversation_id))
    count_handled(talk.conversation, stored)
    media = stored.body.get("media") or {}
    talk.write(
        kind="message",
        sender="me",
        text=str(stored.body.get("text", "")),
        client_id=stored.external_id,
        media_id=media.get("id"),
        extra={"parked": stored.id},
    )
    talk.say("parked")
    if stored.danger:
        alarm.raise_alarm(talk, stored.danger)
    notices.post(db, "all", "parked", now)
    wake(db, "notices")


def count_handled(conversation: conversations.Conversation, stored: Stored) -> None:
    """One update less waits in the locked conversation."""
    conversation.pending = max(0, conversation.pending - 1)
    if stored.danger:
        conversation.pending_danger = max(0, conversation.pending_danger - 1)
