"""A file that a channel held for us: it is kept now, or it cannot be had and is asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.file_names import safe_name
from handlers.ports import STAFF_CHANNEL, House
from handlers.staff_chat import parcels
from handlers.talk import hint, open_talk
from storage import cases, entries, fetches, media
from storage.cases import Case
from storage.database import Db, wake
from storage.fetches import Wanted

# Why a file was not kept (bot.media.Unfit, or the channel's word) → what is said of it, to
# residents (zh.yml, media.*) and to staff (staff.zh.yml, fetched.*).
_SAY = {
    "too_large": "too_big",
    "too_big": "too_big",
    "too_long_voice": "too_long",
    "unsupported": "wrong_kind",
    "empty_file": "wrong_kind",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file turned out to be. ``kind``: where it is another than it was sent as."""

    mime: str
    size: int
    seconds: float | None = None
    kind: str | None = None


def kept(db: Db, wanted: Wanted, owner: str, facts: Facts, now: datetime) -> bool:
    """The file is on the disk: its row says so, and what waited for it goes on.

    False when the lease was lost; then somebody else has kept it, or will.
    """
    if not fetches.settle(db, wanted.media_id, owner):
        return False
    row = media.get(db, wanted.media_id, lock=True)
    if row is None:
        return False
    row.state, row.mime, row.size = "kept", facts.mime, facts.size
    row.kind = facts.kind or row.kind
    row.seconds = facts.seconds if facts.seconds is not None else row.seconds
    name = media.name_of(db, row)
    if name is not None:
        media.rename(db, row, safe_name(name, row.mime, row.kind))
    _show(db, row, now)
    return True


def failed(db: Db, wanted: Wanted, owner: str, code: str, now: datetime, house: House) -> bool:
    """The file cannot be had: whoever sent it is asked for it again, and the human sees it.

    ``code`` is a word of bot.media.Unfit, or the channel's own. False when the lease was lost.
    """
    talk = open_talk(db, wanted.conversation_id, now, house)
    if not fetches.settle(db, wanted.media_id, owner):
        return False
    row = media.get(db, wanted.media_id, lock=True)
    if row is None:
        return False
    row.state = "lost"
    case = _show(db, row, now)
    key = _SAY.get(code, "failed")
    if talk.conversation.channel == STAFF_CHANNEL:
        told = parcels.body("text", text=house.staff_words.say(f"fetched.{key}"))
        parcels.put(db, talk.conversation, told, now)
    else:
        talk.case = case
        talk.say(f"media.{key}")
    return True


def _show(db: Db, row: media.Media, now: datetime) -> Case | None:
    """Wake those who wait for the file, and the desks that show its case; the case."""
    wake(db, f"conversation:{row.conversation_id}")
    wake(db, "outbox")
    line = entries.with_media(db, row.id)
    case = cases.get(db, line.case_id) if line is not None and line.case_id is not None else None
    if case is not None:
        hint(db, case, now)
    return case
