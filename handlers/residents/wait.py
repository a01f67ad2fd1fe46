"""Somebody waits for a human: the one who has the case is told, and the person is, once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dialogs.answers import bare
from dialogs.meaning.reading import SURE, Reading
from handlers.due import await_human, waiting_since
from handlers.residents.settle import say_if_nobody
from handlers.rules.relay import is_quiet
from handlers.talk import Talk, hint
from handlers.when import by_when
from storage import cases, entries, staff
from storage.cases import Case

_REOPENED = timedelta(hours=24)  # after 还没办好: until then all they say is about that case
_NEWS, _VERY_LONG = 16, 300  # characters from which words tell something new, and very much
_NOTED_AGAIN = timedelta(minutes=3)  # between two short answers to what is told
_LOOK_BACK = 30  # lines in which the last of them is looked for
_FIGURES = re.compile(r"\d+")
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


def numbers_in(text: str) -> list[str]:
    """The figures in words, in order."""
    return _FIGURES.findall(text)


def news_in(text: str, reading: Reading) -> str:
    """The phrase for words that tell something new; nothing for small words."""
    length = len(bare(text))
    if length >= _VERY_LONG:
        return "too_long"
    needs = reading.needs and reading.confidence >= SURE
    return "ack.noted" if needs or length >= _NEWS or numbers_in(text) else ""


def just_reopened(talk: Talk, case: Case) -> bool:
    """Whether they said 还没办好 a short time ago, and no human has acted since."""
    if waiting_since(talk.db, case) is None:
        return False
    events = cases.events(talk.db, case.id)
    when = [event.at for event in events if event.kind == "reopened_by_resident"]
    return bool(when) and talk.now - when[-1] <= _REOPENED


def note(talk: Talk, key: str) -> None:
    """A short answer to something new that was told or changed, at most once in some minutes."""
    lines = entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)
    if any(line.extra.get("noted") and talk.now - line.at < _NOTED_AGAIN for line in lines):
        return
    case = talk.case
    person = staff.get(talk.db, case.assignee_id) if case and case.assignee_id else None
    name = person.name if person else talk.house.phrases.say("talk.somebody")
    talk.say(key, name=name, tone="receipt", extra={"noted": True})


def acknowledge(talk: Talk, *, asks: bool = False, tells: str = "") -> None:
    """Outside a live talk: who answers and when (design §3); ``asks``: their words are a question.

    Said once, then again after a while, when the promised time has passed, and to a question.
    In between ``tells``, the phrase for something new that was told, is said shortly.
    """
    case = talk.case
    if case is None:
        return
    tell_the_human(talk)
    before = talk.conversation.acknowledged_at
    again = before is not None and not _said_long_ago(talk, case, before)
    if again and not asks:
        if tells and not quiet(case):
            note(talk, tells)
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
