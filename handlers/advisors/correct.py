"""An advisor corrects what they wrote; the resident gets it as a correction."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors.desk_case import must_be_open, open_desk
from handlers.advisors.reply import await_seen, check_silence, check_words
from handlers.ports import House, Refused, Viewer
from handlers.residents.wait import quiet
from handlers.talk import SAID, hint
from storage import audit, cases, entries, staff
from storage.database import Db


def correct(
    db: Db,
    viewer: Viewer,
    case_id: str,
    seq: int,
    text: str,
    now: datetime,
    house: House,
    client_id: str | None = None,
    *,
    confirmed: bool = False,
) -> int:
    """Say the answer ``seq`` (or an earlier correction of it) in other words; the new ``seq``.

    The log is immutable: a correction is a line of its own, kind ``edited``, whose ``ref`` is the
    first answer. The same words again, or the same ``client_id``, say it once. It is no new
    answer: it ends no waiting and makes no talk live. Who asked for silence is written to only
    ``confirmed``, as with an answer.

    Raises:
        Refused: empty, too long, no answer of this case, somebody else's and the viewer does not
            supervise, closed, a quiet relay, ``asked_quiet``, or the id was used for other words.
    """
    check_words(text)
    talk, case = open_desk(db, viewer, case_id, now, house)
    if client_id is not None:
        known = entries.by_client_id(db, talk.conversation.id, client_id, "advisor")
        if known is not None:
            if (known.text, known.staff_id) != (text, viewer.id):
                raise Refused("same_id")
            return known.seq
    answer = entries.at(db, talk.conversation.id, seq)
    if answer is not None and answer.kind == "edited" and answer.ref is not None:
        answer = entries.at(db, talk.conversation.id, answer.ref)
    said = answer is not None and answer.sender == "advisor" and answer.kind in SAID
    if answer is None or not said or answer.case_id != case.id:
        raise Refused("not_found", 404)
    if answer.staff_id != viewer.id and not viewer.is_supervisor:
        raise Refused("forbidden", 403)
    must_be_open(case)
    if quiet(case):
        raise Refused("relay_quiet")
    present = entries.versions(db, talk.conversation.id, answer.seq)[-1]
    if present.text == text:
        return present.seq
    check_silence(talk, confirmed)
    person = staff.get(db, viewer.id)
    line = talk.write(
        kind="edited",
        sender="advisor",
        text=text,
        ref=answer.seq,
        client_id=client_id,
        staff_id=viewer.id,
        extra={
            "name": viewer.name,
            "title": person.title if person else "",
            "original": present.text,
        },
    )
    case.touched_at = now
    await_seen(talk, case, line.seq)
    cases.record(db, case, "corrected", now, viewer.id, seq=answer.seq)
    audit.record(db, viewer.id, "correct", now, case.id, seq=answer.seq)
    hint(db, case, now)
    return line.seq
