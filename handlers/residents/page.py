"""What the resident's page shows: the log as it is sent, who is speaking, and what was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.due import UNSEEN
from handlers.ports import House, MediaInfo, Who
from handlers.talk import Talk, hint
from storage import cases, conversations, due, entries, media, staff
from storage.database import Db
from storage.entries import Line


def history(db: Db, who: Who, after: int, limit: int, house: House) -> list[dict[str, Any]]:
    """The lines with a greater ``seq``, in order, as design §9 sends them."""
    conversation_id = conversations.find(db, *who)
    if conversation_id is None:
        return []
    lines = entries.after(db, conversation_id, after, limit)
    rows = media.of_ids(db, {line.media_id for line in lines if line.media_id})
    return [_as_json(line, rows) for line in lines]


def _as_json(line: Line, rows: dict[str, media.Media]) -> dict[str, Any]:
    kept = rows.get(line.media_id) if line.media_id else None
    return {
        "seq": line.seq,
        "kind": line.kind,
        "ref": line.ref,
        "id": line.client_id,
        "from": line.sender,
        "at": line.at.isoformat(),
        "text": line.text,
        "choices": list(line.choices) if line.choices is not None else None,
        "media": None
        if kept is None
        else {"id": kept.id, "kind": kept.kind, "mime": kept.mime, "seconds": kept.seconds},
        "tone": line.tone,
        "name": line.extra.get("name"),
        "title": line.extra.get("title"),
        "number": line.extra.get("number"),
    }


def page_state(db: Db, who: Who, now: datetime, house: House) -> dict[str, Any]:
    """Who of the house is in the talk now, and the station's telephone."""
    live = None
    conversation_id = conversations.find(db, *who)
    if conversation_id is not None:
        talk = Talk(db, house, now, conversations.get(db, conversation_id))
        person = staff.get(db, talk.conversation.live_staff_id or "") if talk.live else None
        live = {"name": person.name, "title": person.title} if person else None
    return {"live": live, "phone": house.office.phone}


def conversation_id(db: Db, who: Who) -> str | None:
    """The conversation of a sender, for waiting on its wake-ups."""
    return conversations.find(db, *who)


def seen(db: Db, who: Who, seq: int, now: datetime, house: House) -> None:
    """The page has shown everything up to ``seq``: answers up to there count (design §3, 4)."""
    found = conversations.find(db, *who)
    if found is None:
        return
    conversation = conversations.lock(db, found)
    seq = min(seq, conversation.last_seq)
    if seq <= conversation.seen_seq:
        return
    conversation.seen_seq = seq
    for row in due.of_conversation(db, found, UNSEEN):
        if int(row.ref or 0) > seq:
            continue
        case = cases.get(db, row.case_id, lock=True) if row.case_id else None
        due.drop(db, row)
        if case is not None:
            cases.record(db, case, "seen", now, seq=int(row.ref or 0))
            hint(db, case, now)
    for task in due.call_tasks(db, found):
        if task.ref is not None and int(task.ref) <= seq:
            task.done_at, task.result = now, "seen"
            case = cases.get(db, task.case_id, lock=True)
            if case is not None:
                cases.record(db, case, "seen", now, seq=int(task.ref))
                hint(db, case, now, "task")


def may_see_media(db: Db, who: Who, media_id: str) -> MediaInfo | None:
    """A voice note or photo of this very conversation."""
    row = media.get(db, media_id)
    if row is None or row.conversation_id != conversations.find(db, *who):
        return None
    return MediaInfo(row.id, row.kind, row.mime, row.size, "", row.seconds)
