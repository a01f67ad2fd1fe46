"""A conversation as staff read it, with internal notes in their place."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.ports import House
from storage import case_notes, conversations, entries, media, staff
from storage.cases import Case
from storage.database import Db
from storage.entries import Line

MOST_LINES = 500
_FROM = {"me": "resident", "bot": "bot", "advisor": "advisor"}


@dataclass(frozen=True, slots=True)
class StaffMedia:
    """A voice note or photo in the talk."""

    id: str
    kind: str
    mime: str
    heard: bool
    seconds: float | None


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A line of the talk. ``mark`` says of an advisor's answer whether it was seen."""

    seq: int | None
    kind: str
    from_: str  # "from" in the JSON
    name: str | None
    at: str
    text: str
    original: str | None
    choices: tuple[str, ...] | None
    media: StaffMedia | None
    mark: str | None
    tone: str | None


def staff_entries(
    db: Db, case: Case, conversation: conversations.Conversation, house: House
) -> list[StaffEntry]:
    """The lines of this case, oldest first; lines of another case of the same chat are left out."""
    lines = [
        line
        for line in entries.latest(db, conversation.id, MOST_LINES)
        if line.case_id in (case.id, None)
    ]
    names = staff.names(db)
    kept = media.of_ids(db, {line.media_id for line in lines if line.media_id})
    talk = [_entry(line, names, kept, conversation.seen_seq) for line in lines]
    notes = [
        StaffEntry(
            None,
            "message",
            "note",
            names.get(note.staff_id, ""),
            note.at.isoformat(),
            note.text,
            None,
            None,
            None,
            None,
            None,
        )
        for note in case_notes.of_case(db, case.id)
    ]
    return sorted([*talk, *notes], key=lambda entry: (entry.at, entry.seq or 0))


def _entry(
    line: Line, names: dict[str, str], kept: dict[str, media.Media], seen_seq: int
) -> StaffEntry:
    item = kept.get(line.media_id) if line.media_id else None
    answer = line.sender == "advisor" and line.kind == "message"
    return StaffEntry(
        seq=line.seq,
        kind=line.kind,
        from_=_FROM[line.sender] if line.kind in {"message", "edited"} else "event",
        name=names.get(line.staff_id or ""),
        at=line.at.isoformat(),
        text=line.text,
        original=line.extra.get("original"),
        choices=None if line.choices is None else tuple(choice["label"] for choice in line.choices),
        media=None
        if item is None
        else StaffMedia(item.id, item.kind, item.mime, item.heard_at is not None, item.seconds),
        mark=("seen" if line.seq <= seen_seq else "unseen") if answer else None,
        tone=line.tone,
    )
