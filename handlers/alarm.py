"""Danger: a red case, a bell on every desk, and the script of its kind, said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from dialogs.meaning.reading import Reading
from dialogs.session import Slot
from handlers import scripts
from handlers.heard import hears, is_whole, words_of
from handlers.residents.file import Request, open_or_add
from handlers.talk import Talk, ring
from storage import cases
from storage.cases import Case

RING_AGAIN = timedelta(minutes=1)  # a bell that is rung by every line is not heard any more
_AGAIN = timedelta(minutes=1)  # in a flood, between two answers to danger


def raise_alarm(
    talk: Talk,
    dangers: Sequence[str],
    reading: Reading | None = None,
    known: Request | None = None,
    *,
    text: str = "",
    flooding: bool = False,
) -> Case:
    """Open a red case or raise the open one, ring, and say the script of each kind.

    ``known`` is what an interrupted dialog knew. Works from the labels alone (design §3, §4).
    Danger is never answered with silence, but where they asked for it; where an advisor
    has just written (design §3) only the numbers of a new kind are said.
    ``flooding``: it is answered once a minute.
    """
    line = talk.conversation.last_seq  # what they have just written
    case, new = open_or_add(talk, _request(talk, dangers, reading, known))
    case.lead_seq = line
    case.closing_by = None  # a proposal to close does not cover what has happened since
    if not new:
        ring_again(talk, case)
    if talk.held:
        return case
    if scripts.silenced(talk):
        scripts.say_numbers_due(talk, dangers)
        return case
    said = scripts.say_due(talk, dangers)
    if not said and not (flooding and scripts.shown_since(talk, talk.now - _AGAIN)):
        _answer_again(talk, dangers, text)
    return case


def _answer_again(talk: Talk, dangers: Sequence[str], text: str) -> None:
    kind = next((one for one in talk.house.danger if one in dangers), None)
    if hears(talk.house, "no_line", text):
        scripts.say_next_number(talk)
    elif is_whole(talk.house, words_of(talk.house, "called"), text):
        talk.say("talk.danger_heard")  # 救护车来了 is a sign of danger too, and good news
    elif kind is not None:
        scripts.say_still_here(talk, kind)


def _request(
    talk: Talk, dangers: Sequence[str], reading: Reading | None, known: Request | None
) -> Request:
    known = known or Request(who=reading.who if reading and reading.who == "other" else "self")
    if reading is None:
        return replace(known, dangers=dangers)
    house = talk.house
    heard = {
        key: Slot(value, house.slots[key].said(value, house.office.language), "words")
        for key, value in reading.slots.items()
        if key in house.slots
    }
    return replace(
        known,
        needs=tuple(dict.fromkeys((*known.needs, *reading.needs))),
        dangers=dangers,
        slots={**heard, **known.slots},
    )


def ring_again(talk: Talk, case: Case) -> None:
    """Ring for a case that is red already, at most once a minute."""
    rung = [event.at for event in cases.events(talk.db, case.id) if event.kind == "rang"]
    if not rung or talk.now - rung[-1] >= RING_AGAIN:
        ring_now(talk, case)


def ring_now(talk: Talk, case: Case) -> None:
    """Ring on every open desk for this case."""
    words = talk.house.staff_words.say("notice.ring", number=str(case.number))
    ring(talk.db, case, talk.now, words)
    cases.record(talk.db, case, "rang", talk.now)
