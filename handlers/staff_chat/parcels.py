"""What is sent to a chat of staff: a parcel in the outbox, without an entry in any log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dialogs.wording import Phrases
from handlers.staff_chat.buttons import Rows, button
from handlers.talk import PLAIN, Talk
from storage import outbox, sent, staff_shown
from storage.conversations import Conversation
from storage.database import Db, wake

TOGETHER = "first"  # in a body: the line from which those that wait are put together
OLD = "old"  # the kind of a card or a push above a newer one
MADE_LATE = frozenset({"card", "push", "mark"})  # what layout.fill writes at the last moment


def body(
    what: str,
    *,
    title: str = "",
    text: str = "",
    rows: Rows | None = None,
    edit: str | None = None,
    reply_to: str | None = None,
    media_id: str | None = None,
    silent: bool = False,
    show: dict[str, Any] | None = None,
    ends: bool = False,
    public: bool = False,
    notice: int | None = None,
) -> dict[str, Any]:
    """A parcel's body.

    ``public``: it holds nothing of the house, and goes to people who are not of it too.
    ``notice``: what rings; when that was acknowledged before it could be sent, it comes silently.
    """
    return {
        "kind": "staff",
        "what": what,
        "title": title,
        "text": text,
        "rows": rows or [],
        "edit": edit,
        "reply_to": reply_to,
        "media_id": media_id,
        "media": None,
        "silent": silent,
        "show": show,
        "ends": ends,
        "public": public,
        "notice": notice,
    }


def shows(kind: str, case_id: str | None, seq: int | None = None) -> dict[str, Any]:
    """What a message shows, for the table of sent messages."""
    return {"kind": kind, "case_id": case_id, "seq": seq}


def talk(
    words: Phrases,
    case_id: str,
    seq: int,
    *,
    title: str = "",
    text: str = "",
    media_id: str | None = None,
    unheard: bool = False,
    silent: bool = False,
) -> dict[str, Any]:
    """A line of a resident; whoever replies to it answers. ``unheard``: a voice to listen to."""
    heard = [[button(words.say("talk.heard"), "hd", media_id)]] if unheard and media_id else []
    return body(
        "talk",
        title=title,
        text=text,
        rows=heard,
        media_id=media_id,
        silent=silent,
        show=shows("talk", case_id, seq),
    )


def put(
    db: Db,
    conversation: Conversation,
    made: dict[str, Any],
    now: datetime,
    lane: int = PLAIN,
    not_before: datetime | None = None,
) -> None:
    """Queue a parcel; ``conversation`` is locked by this transaction.

    ``lane``: red cases, then what they asked for (PLAIN), what they are told, what is laid out
    anew, what strangers are told; within one chat too each goes before the next.
    """
    conversation.last_seq += 1
    outbox.put(
        db,
        conversation_id=conversation.id,
        channel=conversation.channel,
        account=conversation.account,
        seq=conversation.last_seq,
        lane=lane,
        body=made,
        now=now,
        by_lane=True,
        not_before=not_before,
    )
    wake(db, "outbox")


def refresh(
    db: Db,
    conversation: Conversation,
    external_id: str,
    show: dict[str, Any],
    now: datetime,
) -> bool:
    """Lay a message out anew, after all else, unless a parcel that does so waits already."""
    if not staff_shown.make_stale(db, conversation.id, external_id, now):
        return False
    what = "card" if show["kind"] == OLD else show["kind"]
    made = body(what, edit=external_id, silent=True, show=show)
    put(db, conversation, made, now, outbox.LOOK)
    return True


def lay_out_again(talk: Talk, pressed: str | None) -> None:
    """What was pressed may be out of date: the message gets what is so now."""
    known = sent.find(talk.db, talk.conversation.id, pressed) if pressed else None
    if known is None or known.kind not in staff_shown.REFRESHED:
        return
    show = shows(known.kind, known.case_id, known.seq)
    refresh(talk.db, talk.conversation, known.external_id, show, talk.now)
