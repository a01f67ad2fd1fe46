"""A conversation as staff read it, with internal notes in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.wording import Phrases
from handlers.ports import House, Viewer
from storage import case_notes, conversations, entries, media, outbox, staff
from storage.cases import Case
from storage.database import Db
from storage.entries import Line

MOST_LINES = 500
_FROM = {"me": "resident", "bot": "bot", "advisor": "advisor"}
_SAID = ("message", "edited")
# As channels write a place: latitude,longitude in degrees (WGS 84), then what stands there.
_PLACE = re.compile(r"(-?\d{1,2}\.\d{3,8}),(-?\d{1,3}\.\d{3,8})(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StaffMedia:
    """A voice note, photo or document in the talk; ``state``: kept, awaited or lost."""

    id: str
    kind: str
    mime: str
    heard: bool
    seconds: float | None
    state: str = "kept"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class StaffPlace:
    """Where somebody is: degrees as they were written, and the words beside them."""

    lat: str
    lon: str
    words: str


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A line of the talk.

    ``mark`` says what became of an advisor's answer: seen | unseen on the web; on a channel that
    pushes seen, or else sending | sent | failed, with ``why`` in words. A line of kind ``edited``
    corrects the line ``ref``; ``original`` is what stood there.
    """

    seq: int | None
    kind: str
    from_: str  # "from" in the JSON
    name: str | None
    at: str
    text: str
    original: str | None = None
    choices: tuple[str, ...] | None = None
    media: StaffMedia | None = None
    mark: str | None = None
    tone: str | None = None
    ref: int | None = None
    why: str | None = None
    forwarded: bool = False
    place: StaffPlace | None = None
    own: bool = False  # the viewer's words: they can say them in others


def staff_entries(
    db: Db, viewer: Viewer, case: Case, conversation: conversations.Conversation, house: House
) -> list[StaffEntry]:
    """The lines of this case, oldest first; lines of another case of the same chat are left out."""
    lines = [
        line
        for line in entries.latest(db, conversation.id, MOST_LINES)
        if line.case_id in (case.id, None)
    ]
    names = staff.names(db)
    rows = media.of_ids(db, {line.media_id for line in lines if line.media_id})
    files = {row.id: _file(db, row) for row in rows.values()}
    answers = [line.seq for line in lines if line.sender == "advisor" and line.kind in _SAID]
    marks = answer_marks(db, conversation, answers, house.staff_words)
    before = _originals(db, conversation.id, lines)
    talk = [_entry(line, viewer, names, files, marks.get(line.seq), before) for line in lines]
    notes = [
        StaffEntry(
            None,
            "message",
            "note",
            names.get(note.staff_id, ""),
            note.at.isoformat(),
            note.text,
        )
        for note in case_notes.of_case(db, case.id)
    ]
    return sorted([*talk, *notes], key=lambda entry: (entry.at, entry.seq or 0))


def _entry(
    line: Line,
    viewer: Viewer,
    names: Mapping[str, str],
    files: Mapping[str, StaffMedia],
    mark: tuple[str, str | None] | None,
    before: Mapping[int, str],
) -> StaffEntry:
    original = line.extra.get("original")
    if original is None and line.kind == "edited" and line.ref is not None:
        original = before.get(line.ref)
    return StaffEntry(
        seq=line.seq,
        kind=line.kind,
        from_=_FROM[line.sender] if line.kind in _SAID else "event",
        name=names.get(line.staff_id or ""),
        at=line.at.isoformat(),
        text=line.text,
        original=original,
        choices=None if line.choices is None else tuple(choice["label"] for choice in line.choices),
        media=files.get(line.media_id) if line.media_id else None,
        mark=mark[0] if mark else None,
        tone=line.tone,
        ref=line.ref if line.kind == "edited" else None,
        why=mark[1] if mark else None,
        forwarded=bool(line.extra.get("forwarded")),
        place=place_in(line.text) if line.sender == "me" else None,
        own=line.sender == "advisor" and line.kind in _SAID and line.staff_id == viewer.id,
    )


def place_in(text: str) -> StaffPlace | None:
    """The place that a message is, where it is one."""
    found = _PLACE.fullmatch(text.strip())
    if found is None:
        return None
    lat, lon, words = found.groups()
    if abs(float(lat)) > 90 or abs(float(lon)) > 180:
        return None
    return StaffPlace(lat, lon, (words or "").strip())


def delivery_words(words: Phrases, code: str | None) -> str | None:
    """Why a message was not delivered, in words; ``refused_400`` and the like say 那边没收."""
    if not code:
        return None
    for key in (f"delivery.{code}", f"delivery.{code.partition('_')[0]}"):
        if key in words:
            return words.say(key)
    return words.say("delivery.other")


def _file(db: Db, row: media.Media) -> StaffMedia:
    heard, name = row.heard_at is not None, media.name_of(db, row)
    return StaffMedia(row.id, row.kind, row.mime, heard, row.seconds, row.state, name)


def answer_marks(
    db: Db, conversation: conversations.Conversation, answers: Sequence[int], words: Phrases
) -> dict[int, tuple[str, str | None]]:
    """What became of each answer of an advisor, by ``seq``; what nobody knows has no mark.

    What was not sent was not seen, whatever else of the chat was.
    """
    seen = {seq: ("seen", None) for seq in answers if seq <= conversation.seen_seq}
    if conversation.address is None:  # a page fetches what is said: the commit is the delivery
        return {seq: seen.get(seq, ("unseen", None)) for seq in answers}
    marks: dict[int, tuple[str, str | None]] = dict(seen)
    for seq, (state, error) in outbox.marks(db, conversation.id, answers).items():
        if state == "sent":
            marks[seq] = seen.get(seq, ("sent", None))
        else:
            mark = "failed" if state == "failed" else "sending"
            marks[seq] = (mark, delivery_words(words, error))
    return marks


def _originals(db: Db, conversation_id: str, lines: Sequence[Line]) -> dict[int, str]:
    """What was said first in the lines that others correct."""
    texts = {line.seq: line.text for line in lines}
    wanted = {line.ref for line in lines if line.kind == "edited" and line.ref is not None}
    for seq in wanted - texts.keys():  # older than what is shown
        for line in entries.after(db, conversation_id, seq - 1, 1):
            texts[line.seq] = line.text
    return {seq: texts[seq] for seq in wanted if seq in texts}
