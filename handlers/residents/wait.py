"""Somebody waits for a human: the one who has the case is told, and the person is, once."""

from __future__ import annotations

from handlers import staff
from handlers.due import await_human, waiting_since
from handlers.talk import Talk, hint
from handlers.when import by_when
from storage import staff as staff_table


def tell_the_human(talk: Talk) -> None:
    """The case waits for its human from now on, unless it does already; open desks are told."""
    case = talk.case
    if case is None or case.closed_at is not None:
        return
    if waiting_since(talk.db, case) is None:
        await_human(talk.db, case, talk.now, talk.house)
    hint(talk.db, case, talk.now)


def acknowledge(talk: Talk) -> None:
    """Outside a live talk: once, who answers and when (design §3)."""
    case = talk.case
    if case is None:
        return
    tell_the_human(talk)
    if talk.conversation.acknowledged_at is not None:
        return
    talk.conversation.acknowledged_at = talk.now
    person = staff_table.get(talk.db, case.assignee_id) if case.assignee_id else None
    when = by_when(case.promised_at or talk.now, talk.now, talk.house)
    if person is not None:
        talk.say("ack.outside_live", name=person.name, when=when, tone="receipt")
    else:
        talk.say("ack.outside_live_nobody", when=when, tone="receipt")
    if not staff.somebody_on_duty(talk.db):
        talk.say("duty.nobody_phone", phone=talk.house.office.phone, tone="receipt")
