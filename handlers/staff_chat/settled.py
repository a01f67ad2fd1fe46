"""What became of a parcel for a chat of staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.ports import House
from handlers.staff import viewer_for
from handlers.staff_chat import joining, parcels
from handlers.staff_chat.faces import digest
from handlers.staff_chat.layout import face_of
from handlers.talk import Talk
from storage import cases, conversations, outbox, staff_chats, staff_shown
from storage.database import Db
from storage.outbox import Parcel
from storage.staff_shown import Showing

GONE = "gone"  # the kind of a message that the channel does not have any more
_NO_MESSAGE = frozenset({"no_message", "not_found"})
_FOLLOWED = frozenset({"card", "push", "mark"})


def settled(
    db: Db,
    conversation_id: str,
    parcel: Parcel,
    outcome: str,
    error: str | None,
    gone: bool,
    now: datetime,
    house: House,
) -> None:
    """Keep what matters of it; the conversation is locked.

    ``gone``: the chat cannot be reached any more; it speaks for nobody from now on, and the
    supervisors are told. A message that could not be laid out anew is tried no more.
    """
    talk = Talk(db, house, now, conversations.lock(db, conversation_id))
    if gone:
        outbox.fail_waiting(db, conversation_id, error or GONE)
        joining.end(talk, error or GONE)
        return
    body = parcel.body
    if outcome == "sent":
        _follow(talk, body)
    elif outcome == "failed":
        _failed(talk, body, error or "")


def _follow(talk: Talk, body: Mapping[str, Any]) -> None:
    """What changed on the way is laid out anew at once; those above it are kept no more."""
    db, show = talk.db, body.get("show") or {}
    if body.get("what") not in _FOLLOWED or body.get("edit") or show.get("kind") not in _FOLLOWED:
        return
    message = staff_shown.newest(
        db, talk.conversation.id, show["kind"], show.get("case_id") or "", show.get("seq")
    )
    chat = staff_chats.get(db, talk.conversation.id)
    if message is None or chat is None or chat.ended_at is not None:
        return
    staff_shown.laid_out(db, talk.conversation.id, message.external_id, body.get("made"))
    _end_those_above(talk, message, show.get("case_id"))
    person = staff_chats.person_of(db, chat)
    viewer = viewer_for(person) if person else None
    face = face_of(db, viewer, show, talk.now, talk.house)
    if digest(face) != body.get("made"):
        parcels.refresh(db, talk.conversation, message.external_id, dict(show), talk.now)


def _end_those_above(talk: Talk, newest: Showing, case_id: str | None) -> None:
    if newest.kind == "mark" or case_id is None:
        return
    chat_id = talk.conversation.id
    for one in staff_shown.showing(talk.db, case_id):
        if (one.conversation_id, one.kind) != (chat_id, newest.kind):
            continue
        if one.external_id == newest.external_id:
            continue
        show = parcels.shows(parcels.OLD, case_id, one.seq)
        staff_shown.laid_out(talk.db, chat_id, one.external_id, None)  # a look that waits is over
        parcels.refresh(talk.db, talk.conversation, one.external_id, show, talk.now)
        staff_shown.settle_kind(talk.db, chat_id, one.external_id, parcels.OLD)


def _failed(talk: Talk, body: Mapping[str, Any], error: str) -> None:
    edit = body.get("edit")
    if edit:
        staff_shown.laid_out(talk.db, talk.conversation.id, edit, None)
        if error in _NO_MESSAGE:  # they deleted it
            staff_shown.settle_kind(talk.db, talk.conversation.id, edit, GONE)
        return
    show = body.get("show") or {}
    if body.get("what") == "talk" and show.get("case_id"):
        _say_lost(talk, show["case_id"])


def _say_lost(talk: Talk, case_id: str) -> None:
    """A line of a resident that could not be shown here is never kept quiet about."""
    case = cases.get(talk.db, case_id)
    if case is None:
        return
    text = talk.house.staff_words.say("chat.talk.not_shown", number=str(case.number))
    made = parcels.body("text", text=text, show=parcels.shows("about", case.id))
    parcels.put(talk.db, talk.conversation, made, talk.now)
