"""What the resident's page shows: the log as it is sent, who is speaking, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.ports import House, MediaInfo, Who
from handlers.residents.seen import settle
from handlers.talk import is_live
from storage import conversations, entries, media, staff
from storage.database import Db
from storage.entries import Line


@dataclass(frozen=True, slots=True)
class Look:
    """What one look of an open page found."""

    conversation_id: str | None
    last_seq: int
    entries: list[dict[str, Any]]
    state: dict[str, Any]


def look(db: Db, who: Who, after: int, limit: int, now: datetime, house: House) -> Look:
    """The lines after ``after`` and who is in the talk now.

    A number greater than the last one (from before a restore) hides nothing: it counts as that.
    """
    talk = conversations.glance(db, *who)
    if talk is None:
        return Look(None, 0, [], {"live": None, "phone": house.office.phone})
    lines: list[dict[str, Any]] = []
    if after < talk.last_seq:
        lines = _history(db, talk.id, after, limit)
    return Look(talk.id, talk.last_seq, lines, _state(db, talk, now, house))


def _state(db: Db, talk: conversations.Glance, now: datetime, house: House) -> dict[str, Any]:
    person = None
    if is_live(house, talk.live_staff_id, talk.advisor_wrote_at, now):
        person = staff.get(db, talk.live_staff_id or "")
    live = {"name": person.name, "title": person.title} if person else None
    return {"live": live, "phone": house.office.phone}


def history(db: Db, who: Who, after: int, limit: int, house: House) -> list[dict[str, Any]]:
    """The lines with a greater ``seq``, in order, as design §9 sends them."""
    conversation_id = conversations.find(db, *who)
    return [] if conversation_id is None else _history(db, conversation_id, after, limit)


def _history(db: Db, conversation_id: str, after: int, limit: int) -> list[dict[str, Any]]:
    lines = entries.after(db, conversation_id, after, limit)
    rows = media.of_ids(db, {line.media_id for line in lines if line.media_id})
    files = {row.id: _file(db, row) for row in rows.values()}
    return [_as_json(line, files) for line in lines]


def _file(db: Db, row: media.Media) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "mime": row.mime,
        "seconds": row.seconds,
        "name": media.name_of(db, row),
        "state": row.state,
    }


def _as_json(line: Line, files: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "kind": line.kind,
        "ref": line.ref,
        "id": line.client_id,
        "from": line.sender,
        "at": line.at.isoformat(),
        "text": line.text,
        "choices": list(line.choices) if line.choices is not None else None,
        "media": files.get(line.media_id) if line.media_id else None,
        "tone": line.tone,
        "name": line.extra.get("name"),
        "title": line.extra.get("title"),
        "number": line.extra.get("number"),
        "original": line.extra.get("original"),
        "first": bool(line.extra.get("first")),
    }


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
    settle(db, conversation, seq, now)


def may_see_media(db: Db, who: Who, media_id: str) -> MediaInfo | None:
    """A voice note, photo or document of this very conversation."""
    row = media.get(db, media_id)
    if row is None or row.conversation_id != conversations.find(db, *who):
        return None
    name = media.name_of(db, row)
    return MediaInfo(row.id, row.kind, row.mime, row.size, "", row.seconds, name)
