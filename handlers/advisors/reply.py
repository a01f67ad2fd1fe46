"""An advisor answers in the same chat, or writes a note that only colleagues read."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors.claim import take_in_hand
from handlers.advisors.desk_case import must_be_open, must_hold, open_desk
from handlers.due import UNSEEN, human_acted
from handlers.live import join
from handlers.ports import STAFF_CHANNEL, House, MediaInfo, Refused, Viewer
from handlers.residents.wait import quiet
from handlers.rules.ladder import unseen_by
from handlers.rules.status import move
from handlers.talk import Talk, hint
from storage import audit, case_notes, cases, conversations, due, entries, media, notices, staff
from storage.cases import Case
from storage.database import Db

MOST_CHARACTERS = 4_096  # one answer: the longest message that Telegram lets anybody write
MOST_ID = 64


def reply(
    db: Db,
    viewer: Viewer,
    case_id: str,
    client_id: str,
    text: str,
    now: datetime,
    house: House,
    media_id: str | None = None,
    *,
    file: MediaInfo | None = None,
    confirmed: bool = False,
) -> int:
    """Say something to the resident; the entry's ``seq``. The same client id again says it once.

    ``media_id`` is a voice note, photo or document that a chat of staff brought in; then there
    need be no words. The file belongs to the resident's conversation from now on. Or it is a
    ``file`` from the desk, which is on the disk already.

    From now on the talk is live: the bot is silent (design §3). In a relay whose answers go to
    the person helped alone there is nothing to say here: a house that cannot tell a question
    from an answer lets no words through, and the telephone is the way (design §6).

    Who asked that nothing is written to them is written to only ``confirmed``: somebody who beats
    them may see the screen. After one answer it is not asked again, until they write.

    Raises:
        Refused: empty, too long, not one's case, closed, a quiet relay, no such file, the id was
            used for other words, or ``asked_quiet``.
    """
    _check_id(client_id)
    media_id = file.id if file is not None else media_id
    check_words(text, needed=media_id is None)
    talk, case = open_desk(db, viewer, case_id, now, house)
    known = entries.by_client_id(db, talk.conversation.id, client_id, "advisor")
    if known is not None:
        if (known.text, known.staff_id, known.media_id) != (text, viewer.id, media_id):
            raise Refused("same_id")
        return known.seq
    _must_reach(db, viewer, case)
    check_silence(talk, confirmed)
    if file is not None:
        _keep_file(talk, file)
    elif media_id is not None:
        _hand_over_file(talk, viewer, media_id)
    if case.assignee_id is None:  # a supervisor who answers has taken the case
        case.assignee_id = viewer.id
        case.claimed_at = now
        cases.record(db, case, "claimed", now, viewer.id)
        take_in_hand(talk, case, viewer.id, now)
    join(talk, viewer)
    person = staff.get(db, viewer.id)
    line = talk.write(
        kind="message",
        sender="advisor",
        text=text,
        client_id=client_id,
        media_id=media_id,
        staff_id=viewer.id,
        extra={"name": viewer.name, "title": person.title if person else ""},
    )
    if case.status == "received":
        case.status = move(case.status, "assessing")
    case.touched_at = now
    human_acted(db, case)
    notices.acknowledge_case(db, case.id, viewer.id, now)
    talk.conversation.acknowledged_at = None
    await_seen(talk, case, line.seq)
    cases.record(db, case, "replied", now, viewer.id, seq=line.seq)
    audit.record(db, viewer.id, "reply", now, case.id, seq=line.seq)
    hint(db, case, now)
    return line.seq


def _must_reach(db: Db, viewer: Viewer, case: Case) -> None:
    must_be_open(case)
    must_hold(db, viewer, case)
    if quiet(case):
        raise Refused("relay_quiet")


def check_silence(talk: Talk, confirmed: bool) -> None:
    """Raises Refused where they asked for silence since our last words, unless ``confirmed``."""
    if confirmed or not talk.held:
        return
    theirs = entries.last_of(talk.db, talk.conversation.id, "me")
    ours = entries.last_of(talk.db, talk.conversation.id, "advisor")
    if theirs is not None and (ours is None or ours.seq < theirs.seq):
        raise Refused("asked_quiet")


def await_seen(talk: Talk, case: Case, seq: int) -> None:
    """An answer that nobody sees in time becomes work for the telephone (design §3, 4)."""
    office = talk.house.office
    due.put(
        talk.db,
        UNSEEN,
        f"{talk.conversation.id}:{seq}",
        unseen_by(office.ladder, office.hours, case.urgency, talk.now),
        talk.now,
        case_id=case.id,
        conversation_id=talk.conversation.id,
        ref=str(seq),
    )


def _keep_file(talk: Talk, file: MediaInfo) -> None:
    media.add(
        talk.db,
        media_id=file.id,
        conversation_id=talk.conversation.id,
        kind=file.kind,
        mime=file.mime,
        size=file.size,
        seconds=file.seconds,
        name=file.name,
        now=talk.now,
    )


def _hand_over_file(talk: Talk, viewer: Viewer, media_id: str) -> None:
    """A file from a chat of staff moves to the resident's, whose page may fetch it then.

    Nothing that belongs to another resident can be sent on. Who spoke a note has heard it.
    """
    row = media.get(talk.db, media_id, lock=True)
    if row is None or conversations.get(talk.db, row.conversation_id).channel != STAFF_CHANNEL:
        raise Refused("not_found", 404)
    row.conversation_id = talk.conversation.id
    row.heard_at, row.heard_by = talk.now, viewer.id


def note(
    db: Db, viewer: Viewer, case_id: str, client_id: str, text: str, now: datetime, house: House
) -> None:
    """Write an internal note; the same client id again writes it once."""
    _check_id(client_id)
    check_words(text)
    _, case = open_desk(db, viewer, case_id, now, house)
    if not case_notes.add(db, case.id, client_id, viewer.id, text, now):
        return
    case.touched_at = now
    cases.record(db, case, "noted", now, viewer.id)
    audit.record(db, viewer.id, "note", now, case.id)
    hint(db, case, now)


def _check_id(client_id: str) -> None:
    if not client_id or len(client_id) > MOST_ID:
        raise Refused("bad_request", 400)


def check_words(text: str, *, needed: bool = True) -> None:
    """Raises Refused for words that cannot be said: none where they are ``needed``, or too many."""
    if needed and not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise Refused("empty", 400)
    if len(text) > MOST_CHARACTERS:
        raise Refused("too_long", 413)
