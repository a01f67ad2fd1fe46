"""The tick: what is due now, each thing done once, in one transaction (design §3, §6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from handlers import scripts
from handlers.desk.words import waited
from handlers.due import ANSWER, CLAIM, DRAFT, LIVE, UNHEARD, UNSEEN, reach_by
from handlers.live import leave
from handlers.ports import House
from handlers.residents import drafts, sessions
from handlers.rules.ladder import Rung, rung_at
from handlers.talk import Talk, hint, open_talk, push
from storage import cases, due, entries, media
from storage.cases import Case
from storage.database import Db
from storage.due import Due

_NEVER = timedelta(days=36_500)
_AUDIENCES = {"advisors": "all", "supervisors": "supervisors", "all": "all"}


def due_ids(db: Db, now: datetime, limit: int = 100) -> list[str]:
    """What is due, soonest first."""
    return due.due_ids(db, now, limit)


def fire(db: Db, due_id: str, now: datetime, house: House) -> str | None:
    """Do one due thing, if it is still due and nobody else does it; its kind, or None.

    The row is moved or deleted in the same transaction as what it causes: after a kill it is
    either still due or wholly done, so nothing is forgotten and nothing is pushed twice.
    """
    waiting = due.peek(db, due_id)
    if waiting is None:
        return None
    # conversation, case, due row: the same order of locks as everywhere
    talk = open_talk(db, waiting.conversation_id, now, house) if waiting.conversation_id else None
    row = due.take(db, due_id, now)
    if row is None or talk is None:
        return None
    if row.case_id is not None:
        talk.case = cases.get(db, row.case_id, lock=True)
    _FIRE[row.kind](talk, row)
    return row.kind


def _ladder(talk: Talk, row: Due) -> None:
    """Nobody has acted by now: the next rung is told, and the one after it is set.

    After a pause or a stop of the house only the highest rung that has passed is told: it tells
    everybody that those below would have told.
    """
    case, office = talk.case, talk.house.office
    if case is None or case.closed_at is not None:
        due.drop(talk.db, row)
        return

    def at(index: int) -> tuple[Rung, datetime] | None:
        return rung_at(office.ladder, office.hours, case.urgency, row.since, index)

    here = at(row.rung)
    if here is None:
        due.drop(talk.db, row)
        return
    while (above := at(row.rung + 1)) is not None and above[1] <= talk.now:
        here, row.rung = above, row.rung + 1
    _tell(talk, case, row, here[0])
    row.rung += 1
    # at the top everybody was told; the row stays as the mark since when nobody has acted
    row.at = above[1] if above is not None else talk.now + _NEVER


def _tell(talk: Talk, case: Case, row: Due, rung: Rung) -> None:
    words = talk.house.staff_words
    how_long = waited(words, row.since, talk.now)
    why = _why(case, row)
    text = words.say(f"push.{why}", number=str(case.number), waited=how_long)
    push(talk.db, case, talk.now, _AUDIENCES[rung.audience], text, why, row.since)
    cases.record(
        talk.db, case, "escalated", talk.now, rung=row.rung, audience=rung.audience, waits=row.kind
    )
    if rung.tell_resident:
        _emergency_numbers_again(talk, case)


def _why(case: Case, row: Due) -> str:
    """Nobody has it; somebody took it and has not answered yet; or a new word waits."""
    if row.kind == CLAIM:
        return "red" if case.urgency == "red" else "untouched"
    first = case.claimed_at is not None and row.since <= case.claimed_at
    return "claimed_silent" if first else "unanswered"


def _emergency_numbers_again(talk: Talk, case: Case) -> None:
    """Red and nobody for minutes: the person is shown the numbers again (design §6)."""
    if talk.live or talk.held:
        return
    scripts.say_again(talk, case.dangers)


def _unseen(talk: Talk, row: Due) -> None:
    """An answer nobody reads is no answer: it becomes work for the telephone, one call a case."""
    due.drop(talk.db, row)
    case, seq = talk.case, int(row.ref or 0)
    if case is None or case.closed_at is not None:
        return
    cases.record(talk.db, case, "unseen", talk.now, seq=seq)
    if not due.call_for(talk.db, reach_by(talk.db, case), case.id, seq, talk.now):
        return
    text = talk.house.staff_words.say("push.unseen", number=str(case.number))
    audience = f"staff:{case.assignee_id}" if case.assignee_id else "all"
    push(talk.db, case, talk.now, audience, text, "unseen")
    hint(talk.db, case, talk.now, "task")


def _unheard(talk: Talk, row: Due) -> None:
    """A voice note that nobody heard: pushed, at any hour."""
    due.drop(talk.db, row)
    case = talk.case
    note = media.get(talk.db, row.ref or "")
    if case is None or case.closed_at is not None or note is None or note.heard_at is not None:
        return
    cases.record(talk.db, case, "unheard", talk.now, media=note.id)
    text = talk.house.staff_words.say("push.unheard", number=str(case.number))
    push(talk.db, case, talk.now, "supervisors", text, "unheard", row.since)
    if case.assignee_id:
        push(talk.db, case, talk.now, f"staff:{case.assignee_id}", text, "unheard", row.since)


def _draft(talk: Talk, row: Due) -> None:
    """An unfinished dialog: one gentle reminder, then it goes to a human, never into silence."""
    draft = drafts.load(talk)
    if draft is None:
        due.drop(talk.db, row)
        return
    if talk.live or talk.held:  # a human speaks, or silence was asked for: later
        row.at = talk.now + talk.house.office.live
        return
    if row.rung == 0 and scripts.is_fresh(talk):  # no form over a danger
        row.at = talk.now + talk.house.office.reminder
        return
    last = entries.last_of(talk.db, talk.conversation.id, "me")
    quiet_until = last.at + talk.house.office.reminder if last is not None else talk.now
    if row.rung == 0 and quiet_until > talk.now:  # they were here a moment ago
        row.at = quiet_until
        return
    if row.rung == 0:
        sessions.remind(talk)
        row.rung = 1
        row.at = row.since + max(
            talk.house.office.draft_to_case, talk.now - row.since + timedelta(minutes=1)
        )
        return
    sessions.hand_in(talk, draft)


def _live_ends(talk: Talk, row: Due) -> None:
    """The advisor has not written for a while: the bot may speak again, and says so."""
    wrote = talk.conversation.advisor_wrote_at
    if talk.live and wrote is not None:
        row.at = wrote + talk.house.office.live
        return
    leave(talk)


_FIRE: dict[str, Callable[[Talk, Due], None]] = {
    CLAIM: _ladder,
    ANSWER: _ladder,
    UNSEEN: _unseen,
    UNHEARD: _unheard,
    DRAFT: _draft,
    LIVE: _live_ends,
}
