"""A voice note: kept for a human to hear; until then it is orange, at any hour (design §4)."""

from __future__ import annotations

from handlers.due import UNHEARD
from handlers.residents.file import Request, current_case, open_or_add, raise_urgency
from handlers.talk import Talk
from storage import due, entries


def keep(talk: Talk, seq: int, *, silent: bool = False) -> None:
    """Put the note of line ``seq`` on the desk: on the case spoken of, or a new one.

    ``silent``: a human is in the talk, or another sentence answers.
    """
    db, house, conversation = talk.db, talk.house, talk.conversation
    line = entries.after(db, conversation.id, seq - 1, limit=1)[0]
    if line.media_id is None:
        return
    case = current_case(talk)
    if case is None or case.closed_at is not None:
        case, _ = open_or_add(talk, Request(signs=("voice_unheard",)))
    talk.case = case
    entries.attach(db, conversation.id, case.id)
    raise_urgency(talk, case, "voice_unheard")
    due.put(
        db,
        UNHEARD,
        line.media_id,
        talk.now + house.office.unheard,
        talk.now,
        case_id=case.id,
        conversation_id=conversation.id,
        ref=line.media_id,
    )
    due.add_task(
        db, "listen", case.id, line.media_id, talk.now + house.office.unheard, line.media_id
    )
    if not silent:
        talk.say("engine.voice_kept")
