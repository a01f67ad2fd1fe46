"""What an advisor does with what is there: reads, listens, looks at a number, does a task."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors.desk_case import can_read, must_be_open, must_hold, open_desk, readable
from handlers.due import UNHEARD, UNSEEN, await_human, human_acted, hurry_unseen, waiting_since
from handlers.ports import House, MediaInfo, Refused, Viewer
from handlers.residents.wait import say_reached
from handlers.rules.ladder import act_by
from handlers.rules.triage import URGENCIES
from handlers.talk import hint, ring
from handlers.when import by_when
from storage import audit, case_notes, cases, due, entries, inbox, media, notices, people
from storage.database import Db, wake

FIELDS = ("phone", "address", "name")
ROLES = ("asker", "helped", "relayer")


def read_up_to(db: Db, viewer: Viewer, case_id: str, seq: int, now: datetime, house: House) -> None:
    """A human has read the conversation up to ``seq``; the resident's page says so once.

    Only the assignee's reading counts: who is looked at by a passer-by was not seen. Who was
    answered since need not be told that they were read.
    """
    talk, case = open_desk(db, viewer, case_id, now, house)
    conversation = talk.conversation
    seq = min(seq, conversation.last_seq)
    if case.assignee_id != viewer.id or seq <= conversation.read_seq:
        return
    theirs = entries.last_said(db, conversation.id, case.id, conversation.read_seq, seq)
    conversation.read_seq = seq
    if theirs is None or case.closed_at is not None:
        return
    last = entries.last_of(db, conversation.id, "advisor")
    if last is not None and last.kind == "message" and last.seq > theirs:
        hint(db, case, now)
        return
    waiting = case.promised_at is not None
    when = by_when(case.promised_at, now, house) if case.promised_at else ""
    talk.write(
        kind="seen",
        sender="advisor",
        text=house.phrases.say(
            "seen.mark" if waiting else "seen.mark_no_time", name=viewer.name, when=when
        ),
        ref=theirs,
        staff_id=viewer.id,
        extra={"name": viewer.name},
    )
    hint(db, case, now)


def media_for(db: Db, viewer: Viewer, media_id: str, now: datetime) -> MediaInfo:
    """A voice note, photo or document for who may read its case; the look is audited."""
    row = media.get(db, media_id)
    if row is None:
        raise Refused("not_found", 404)
    case_id = _case_of(db, media_id)
    if case_id is None and not viewer.is_supervisor:
        raise Refused("forbidden", 403)
    if case_id is not None:
        readable(db, viewer, case_id)
    audit.record(db, viewer.id, "media", now, case_id, media=media_id)
    name = media.name_of(db, row)
    return MediaInfo(row.id, row.kind, row.mime, row.size, "", row.seconds, name)


def heard(db: Db, viewer: Viewer, media_id: str, now: datetime, house: House) -> None:
    """Somebody has listened to a voice note: it stops waiting."""
    case_id = _case_of(db, media_id)
    if case_id is None:
        raise Refused("not_found", 404)
    _, case = open_desk(db, viewer, case_id, now, house)
    row = media.get(db, media_id, lock=True)
    if row is None or row.kind != "voice":
        raise Refused("not_found", 404)
    if row.heard_at is not None:
        return
    row.heard_at, row.heard_by = now, viewer.id
    due.clear(db, UNHEARD, media_id)
    due.finish_task(db, "listen", media_id, viewer.id, "handled", now)
    case.touched_at = now
    cases.record(db, case, "heard", now, viewer.id, media=media_id)
    audit.record(db, viewer.id, "listen", now, case.id, media=media_id)
    hint(db, case, now)


def reveal(db: Db, viewer: Viewer, case_id: str, person: str, field: str, now: datetime) -> str:
    """A personal detail in full; that it was looked at is kept (点开留痕)."""
    if person not in ROLES or field not in FIELDS:
        raise Refused("bad_request", 400)
    case = readable(db, viewer, case_id, lock=True)
    person_id = getattr(case, f"{person}_id")
    found = people.details_of(db, {person_id} if person_id else set()).get(person_id)
    value: str = getattr(found, field) if found else ""
    if not value:
        raise Refused("no_phone" if field == "phone" else "not_found", 404)
    cases.record(db, case, "revealed", now, viewer.id, field=field, person=person)
    audit.record(db, viewer.id, "reveal", now, case.id, field=field, person=person)
    return value


_DEEDS = {
    ("call", True): "called",
    ("call", False): "call_failed",
    ("visit", True): "visited",
    ("visit", False): "visit_failed",
}


def task_done(
    db: Db, viewer: Viewer, task_id: str, reached: bool, now: datetime, house: House
) -> None:
    """A task was done. Only the person reached ends the waiting (design §6).

    A voice note is done by listening. Of a call in a quiet relay the neighbour hears one word.
    """
    found = due.peek_task(db, task_id)
    if found is None:
        raise Refused("not_found", 404)
    if found.kind == "listen":
        heard(db, viewer, found.ref or "", now, house)
        return
    talk, case = open_desk(db, viewer, found.case_id, now, house)
    task = due.get_task(db, task_id)
    if task is None or task.done_at is not None:
        raise Refused("already_done")
    audit.record(db, viewer.id, "task", now, case.id, task=task.kind, reached=reached)
    case.touched_at = now
    cases.record(db, case, _DEEDS[task.kind, reached], now, viewer.id)
    hint(db, case, now, "task")
    if not reached:
        office = house.office
        task.at = act_by(office.ladder, office.hours, case.urgency, now)
        task.result = "not_reached"
        return
    task.done_at, task.done_by, task.result = now, viewer.id, "reached"
    for row in due.of_case(db, case.id, UNSEEN):
        due.drop(db, row)  # what was written there was said
    human_acted(db, case)
    notices.acknowledge_case(db, case.id, viewer.id, now)
    say_reached(talk, case)


def parked_taken(db: Db, viewer: Viewer, row_id: str, now: datetime) -> None:
    """A human who may read its case has looked at an update that the house could not handle."""
    conversation_id = inbox.take_parked(db, row_id)
    if conversation_id is None:
        raise Refused("not_parked")
    case = cases.last_of(db, {conversation_id}).get(conversation_id)
    if case is not None:
        if not can_read(viewer, case):
            raise Refused("forbidden", 403)  # and the update waits on: a refusal undoes the unit
        cases.record(db, case, "parked_taken", now, viewer.id)
    audit.record(db, viewer.id, "parked_taken", now, case.id if case else None, row=row_id)
    notices.post(db, "all", "parked", now)
    wake(db, "notices")


def change_urgency(
    db: Db, viewer: Viewer, case_id: str, to: str, reason: str, now: datetime, house: House
) -> None:
    """A person sets the urgency with a reason (design §6): who holds the case, any; others, higher.

    The reason's words go into a note, since events hold no words.

    Raises:
        Refused: closed; lowered by somebody who does not hold it.
    """
    if to not in URGENCIES:
        raise Refused("bad_request", 400)
    if not reason.strip():
        raise Refused("reason_missing", 400)
    _, case = open_desk(db, viewer, case_id, now, house)
    must_be_open(case)
    before = case.urgency
    if before == to:
        return
    lowered = URGENCIES.index(to) < URGENCIES.index(before)
    if lowered:
        must_hold(db, viewer, case)
    case.urgency = to
    case_notes.add(db, case.id, f"urgency-{case.last_event}", viewer.id, reason.strip(), now)
    cases.record(
        db, case, "lowered" if lowered else "urgency_set", now, viewer.id, urgency=to, before=before
    )
    audit.record(db, viewer.id, "urgency", now, case.id, to=to)
    case.touched_at = now
    _move_clock(db, case, now, house)
    if not lowered:
        hurry_unseen(db, case, house)
    hint(db, case, now, "queue")
    if to == "red":
        ring(db, case, now, house.staff_words.say("notice.ring", number=str(case.number)))
        cases.record(db, case, "rang", now)


def _move_clock(db: Db, case: cases.Case, now: datetime, house: House) -> None:
    row = waiting_since(db, case)
    if row is not None:
        case.promised_at = None
        await_human(db, case, row.since, house)


def _case_of(db: Db, media_id: str) -> str | None:
    line = entries.with_media(db, media_id)
    return line.case_id if line else None
