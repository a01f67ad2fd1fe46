"""Somebody waits for a human: the one who has the case is told, and the person is, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.due import await_human, waiting_since
from handlers.residents.settle import say_if_nobody
from handlers.rules.relay import is_quiet
from handlers.talk import Talk, hint
from handlers.when import by_when
from storage import cases, staff
from storage.cases import Case

_AGAIN = timedelta(minutes=10)  # after this long an acknowledgement is said once more
REACHED = "relay_contacted"  # the event after which a relayer hears 「已联系上」


def tell_the_human(talk: Talk) -> None:
    """The case waits for its human from now on, unless it does already; open desks are told.

    Where answers go to the person helped alone, the one who relays is owed none after they
    were reached.
    """
    case = talk.case
    if case is None or case.closed_at is not None:
        return
    owed = not (quiet(case) and was_reached(talk, case))
    if owed and waiting_since(talk.db, case) is None:
        await_human(talk.db, case, talk.now, talk.house)
    hint(talk.db, case, talk.now)


def acknowledge(talk: Talk, *, asks: bool = False) -> None:
    """Outside a live talk: who answers and when (design §3); ``asks``: their words are a question.

    Said once, then again after a while, when the promised time has passed, and to a question.
    """
    case = talk.case
    if case is None:
        return
    tell_the_human(talk)
    before = talk.conversation.acknowledged_at
    again = before is not None and not _said_long_ago(talk, case, before)
    if again and not asks:
        return
    talk.conversation.acknowledged_at = talk.now
    if quiet(case):
        say_quietly(talk, case)
        return
    if case.promised_at is not None and case.promised_at < talk.now:
        talk.say("duty.late", tone="receipt")  # no second promise over a broken one
        say_if_nobody(talk)
        return
    person = staff.get(talk.db, case.assignee_id) if case.assignee_id else None
    when = by_when(case.promised_at or talk.now, talk.now, talk.house)
    if person is None and again:
        talk.say("status.waiting", when=when, tone="receipt")
    elif person is not None:
        talk.say("ack.outside_live", name=person.name, when=when, tone="receipt")
    else:
        talk.say("ack.outside_live_nobody", when=when, tone="receipt")
    say_if_nobody(talk)


def _said_long_ago(talk: Talk, case: Case, before: datetime) -> bool:
    promised = case.promised_at
    passed = promised is not None and before < promised <= talk.now
    return passed or talk.now - before > _AGAIN


def quiet(case: Case) -> bool:
    """Whether the chat of this case may hear only 「已联系上」 and 「已结束」 (design §6)."""
    return is_quiet(who=case.who, answers_to=case.answers_to)


def was_reached(talk: Talk, case: Case) -> bool:
    """Whether somebody of the house has spoken with the person helped."""
    return any(event.kind == REACHED for event in cases.events(talk.db, case.id))


def say_quietly(talk: Talk, case: Case) -> None:
    """All that a relayer hears of somebody else's case: waits, reached, ended."""
    number = str(case.number)
    if case.closed_at is not None:
        talk.say("relay.ended_say", number=number, tone="receipt")
    elif was_reached(talk, case):
        talk.say("relay.reached_say", number=number, tone="receipt")
    else:
        when = by_when(case.promised_at or talk.now, talk.now, talk.house)
        talk.say("status.relay_waiting", number=number, when=when, tone="receipt")


def say_reached(talk: Talk, case: Case) -> None:
    """The relayer hears, once, that the person was reached; never what was said."""
    if not quiet(case) or was_reached(talk, case):
        return
    cases.record(talk.db, case, REACHED, talk.now)
    say_quietly(talk, case)
