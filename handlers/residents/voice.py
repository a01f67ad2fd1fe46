"""A voice note: kept for a human to hear; until then it is orange, at any hour (design §4)."""

from __future__ import annotations

from handlers.due import UNHEARD
from handlers.residents.drafts import Draft, known_so_far
from handlers.residents.file import Request, open_case, open_or_add, raise_urgency
from handlers.talk import Talk
from storage import due, entries

SIGN = "voice_unheard"


def keep(talk: Talk, seq: int, draft: Draft | None = None, *, silent: bool = False) -> None:
    """Put the note of line ``seq`` on the desk: on the case spoken of, or a new one.

    ``draft`` is the dialog it came into. ``silent``: a human is in the talk, or another sentence
    answers.
    """
    db, house, conversation = talk.db, talk.house, talk.conversation
    line = entries.after(db, conversation.id, seq - 1, limit=1)[0]
    if line.media_id is None:
        return
    case = open_case(talk)
    if case is None:
        case, _ = open_or_add(
            talk, known_so_far(draft, (SIGN,)) if draft else Request(signs=(SIGN,))
        )
    else:
        talk.case = case
        raise_urgency(talk, case, SIGN)
    entries.attach(db, conversation.id, case.id)
    until = talk.now + house.office.unheard
    due.put(
        db,
        UNHEARD,
        line.media_id,
        until,
        talk.now,
        case_id=case.id,
        conversation_id=conversation.id,
        ref=line.media_id,
    )
    due.add_task(db, "listen", case.id, line.media_id, until, line.media_id)
    if not silent:
        talk.say("engine.voice_kept")
