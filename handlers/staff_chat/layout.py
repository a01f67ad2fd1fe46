"""A parcel for a chat of staff, laid out at the moment of sending and for its very reader.

What was queued an hour ago shows what is so now; a reader who was disabled meanwhile, who may
not read the case any more, or whose chat ended, gets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.advisors import attend
from handlers.advisors.desk_case import can_read
from handlers.ports import House, Refused, Viewer
from handlers.staff import viewer_for
from handlers.staff_chat import lines
from handlers.staff_chat.faces import (
    NOTHING,
    Face,
    card_face,
    digest,
    group_face,
    still_rings,
)
from handlers.staff_chat.marks import DONE, mark_face
from handlers.staff_chat.parcels import MADE_LATE, OLD, TOGETHER
from handlers.staff_chat.pushes import bare_push_face, old_face, push_face
from storage import audit, cases, media, notices, outbox, staff, staff_chats, staff_shown
from storage.cases import Case
from storage.database import Db

Body = dict[str, Any]


def fill(
    db: Db, conversation_id: str, body: Mapping[str, Any], now: datetime, house: House
) -> Body | None:
    """The body as the channel lays it out; None: its file is still to be fetched, it waits."""
    made: Body = dict(body)
    chat = staff_chats.get(db, conversation_id)
    viewer = _viewer(db, chat)
    if chat is None or chat.ended_at is not None or (viewer is None and chat.staff_id is not None):
        return made if made.get("public") else _nothing(db, conversation_id, made)
    if made.get("unless_linked"):
        return _nothing(db, conversation_id, made) | {"ends": False}
    if made["what"] in MADE_LATE:
        return _late(db, conversation_id, viewer, made, now, house)
    if made.get("media_id"):
        return _with_file(db, viewer, made, now, house)
    if made["what"] != "talk":
        return made
    case = _readable(db, viewer, made)
    if case is None or (made.get(TOGETHER) and lines.is_given(db, conversation_id, made)):
        return _nothing(db, conversation_id, made)
    if made.get(TOGETHER):
        made = lines.further(db, conversation_id, made, case, house)
    _read(db, viewer, made, now)
    return made


def _read(db: Db, viewer: Viewer | None, made: Body, now: datetime) -> None:
    """A resident's words come to a telephone: that is a look at them, and kept as one."""
    show = made.get("show") or {}
    if viewer is not None and show.get("case_id"):
        audit.record(db, viewer.id, "read", now, show["case_id"], seq=show.get("seq"))


def _viewer(db: Db, chat: staff_chats.StaffChat | None) -> Viewer | None:
    person = staff.get(db, chat.staff_id) if chat is not None and chat.staff_id else None
    return None if person is None or person.disabled_at is not None else viewer_for(person)


def _nothing(db: Db, conversation_id: str, made: Body) -> Body:
    """Nothing is sent; what was to be edited stays as it stands."""
    if made.get("edit"):
        staff_shown.laid_out(db, conversation_id, made["edit"], None)
    return {**made, "what": "nothing", "title": "", "text": "", "rows": [], "media": None}


def _readable(db: Db, viewer: Viewer | None, made: Body) -> Case | None:
    case = case_of(db, made.get("show") or {})
    return case if case is not None and viewer is not None and can_read(viewer, case) else None


def _with_file(
    db: Db, viewer: Viewer | None, made: Body, now: datetime, house: House
) -> Body | None:
    """A file of a talk; that it was looked at is kept (design §8)."""
    row = media.get(db, made["media_id"])
    if row is not None and row.state == "awaited":
        return None
    if viewer is None or _readable(db, viewer, made) is None:
        return {**made, "what": "nothing"}
    _read(db, viewer, made, now)
    if row is None or row.state != "kept":
        lost = house.staff_words.say("talk.lost")
        return {**made, "text": "\n".join(filter(None, (made["text"], lost))), "media": None}
    try:
        attend.media_for(db, viewer, row.id, now)
    except Refused:  # a line that belongs to no case yet: only its being there is said
        lost = house.staff_words.say("chat.talk.on_desk")
        return {**made, "text": "\n".join(filter(None, (made["text"], lost))), "rows": []}
    file = {
        "id": row.id,
        "kind": row.kind,
        "mime": row.mime,
        "seconds": row.seconds,
        "name": media.name_of(db, row),
    }
    return {**made, "media": file}


def _late(
    db: Db, conversation_id: str, viewer: Viewer | None, made: Body, now: datetime, house: House
) -> Body:
    show = dict(made.get("show") or {})
    edit = made.get("edit")
    face = face_of(db, viewer, show, now, house)
    if face is NOTHING or _overtaken(db, conversation_id, made):
        return _nothing(db, conversation_id, made)
    if show.get("kind") == "mark" and face.last:
        show["kind"] = DONE
    hashed, silent = digest(face), True
    once: list[str] = []  # said when it comes, and not kept up to date
    if edit is not None:
        known = staff_shown.stands_in(db, conversation_id, edit)
        staff_shown.laid_out(db, conversation_id, edit, hashed)
        if known == hashed:
            return {**made, "what": "nothing"}
    else:
        _seen(db, viewer, show, now)
        silent = not face.failed and _silent(db, viewer, made, case_of(db, show))
        once = [face.left, "" if silent else _behind(db, conversation_id, made, house)]
    return {
        **made,
        "title": face.title,
        "text": "\n".join(filter(None, (face.text, *once))),
        "rows": face.rows,
        "silent": silent,
        "show": show,
        "made": hashed,
    }


def _behind(db: Db, conversation_id: str, made: Body, house: House) -> str:
    """A chat takes one message a second: the first bell says how many more red ones come."""
    waiting = outbox.bells(db, conversation_id) if made.get("notice") is not None else 0
    return house.staff_words.say("chat.card.behind", n=str(waiting)) if waiting else ""


def _overtaken(db: Db, conversation_id: str, made: Body) -> bool:
    """Whether a newer card of the case came while this one waited."""
    if not made.get("at") or made.get("edit"):
        return False
    queued = datetime.fromisoformat(made["at"])
    return staff_shown.card_since(db, conversation_id, made["show"]["case_id"], queued)


def _seen(db: Db, viewer: Viewer | None, show: Mapping[str, Any], now: datetime) -> None:
    if viewer is not None and show.get("kind") in ("card", "push") and show.get("case_id"):
        audit.record(db, viewer.id, "list", now, cases=[show["case_id"]])


def _silent(db: Db, viewer: Viewer | None, made: Body, case: Case | None) -> bool:
    """What rang an hour ago, and is over, does not wake anybody."""
    if made["silent"] or made.get("notice") is None or case is None:
        return bool(made["silent"])
    return not still_rings(db, made["notice"], viewer, case)


def case_of(db: Db, show: Mapping[str, Any]) -> Case | None:
    """The case that a message shows."""
    return cases.get(db, show["case_id"]) if show.get("case_id") else None


def face_of(
    db: Db,
    viewer: Viewer | None,
    show: Mapping[str, Any],
    now: datetime,
    house: House,
) -> Face:
    """What a message shows now; ``viewer`` None: a group reads it."""
    case, kind = case_of(db, show), show.get("kind")
    if kind == OLD:
        return NOTHING if case is None else old_face(db, viewer, case, show.get("seq"), house)
    if kind == "push":
        notice = notices.peek(db, show.get("seq") or 0)
        if notice is None or (viewer is None and case is None):
            return NOTHING
        if case is None:
            return bare_push_face(notice, house)
        if viewer is not None:
            return push_face(db, viewer, case, notice, now, house)
    if case is None:
        return NOTHING
    if viewer is None:
        return NOTHING if kind == "mark" else group_face(db, case, now, house, staff.names(db))
    if kind in ("mark", DONE):
        return mark_face(db, case, show.get("seq") or 0, house)
    return card_face(db, viewer, case, now, house)
