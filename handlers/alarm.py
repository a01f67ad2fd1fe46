"""Danger: a red case, a bell on every desk, and the script of its kind, said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dialogs.answers import bare
from dialogs.engine import Button
from dialogs.meaning.reading import Reading
from dialogs.session import Slot
from handlers import staff
from handlers.residents.file import Request, open_or_add
from handlers.talk import SAFETY, Talk, ring
from storage import cases
from storage.cases import Case

REPLY = "danger:"  # prefix of the values of a script's own choices
_RING_AGAIN = timedelta(minutes=1)  # a bell that is rung by every line is not heard any more


def raise_alarm(
    talk: Talk,
    dangers: Sequence[str],
    reading: Reading | None = None,
    known: Request | None = None,
) -> Case:
    """Open a red case or raise the open one, ring, and say the script of each kind.

    ``known`` is what an interrupted dialog knew. Works from the labels alone (design §3, §4).
    """
    line = talk.conversation.last_seq  # what they have just written
    case, new = open_or_add(talk, _request(talk, dangers, reading, known))
    case.lead_seq = line
    case.closing_by = None  # a proposal to close does not cover what has happened since
    if not new:
        _ring_again(talk, case)
    said = _say_scripts(talk, dangers)
    if said and not staff.somebody_on_duty(talk.db):
        _say_nobody_is_here(talk, said)
    return case


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


def _ring_again(talk: Talk, case: Case) -> None:
    rung = [event.at for event in cases.events(talk.db, case.id) if event.kind == "rang"]
    if rung and talk.now - rung[-1] < _RING_AGAIN:
        return
    words = talk.house.staff_words.say("notice.ring", number=str(case.number))
    ring(talk.db, case, talk.now, words)
    cases.record(talk.db, case, "rang", talk.now)


def _say_scripts(talk: Talk, dangers: Sequence[str]) -> list[str]:
    """Say each kind once per half hour, and not over an advisor who has just written."""
    conversation, office = talk.conversation, talk.house.office
    wrote = conversation.advisor_wrote_at
    if wrote is not None and talk.now - wrote < office.danger_silence:
        return []
    due = [kind for kind in talk.house.danger if kind in dangers and not _said_lately(talk, kind)]
    for kind in due:
        say_script(talk, kind)
    return due


def _said_lately(talk: Talk, kind: str) -> bool:
    at = talk.conversation.danger_said.get(kind)
    repeat = talk.house.office.danger_repeat
    return at is not None and talk.now - datetime.fromisoformat(at) < repeat


def waits_for_answer(talk: Talk) -> bool:
    """Whether a script's question stands: it was put lately, and nobody has answered it."""
    conversation = talk.conversation
    return conversation.danger_asked and any(
        _said_lately(talk, kind) for kind in conversation.danger_said
    )


def say_script(talk: Talk, kind: str) -> None:
    """The script of one kind: what it acknowledges, what to do now, its numbers, one question."""
    conversation, script = talk.conversation, talk.house.danger[kind]
    conversation.danger_said = {**conversation.danger_said, kind: talk.now.isoformat()}
    conversation.danger_asked = True
    numbers = tuple(Button(f"{tel.label} {tel.number}", tel.value) for tel in script.numbers)
    talk.tell(
        "\n".join((script.acknowledge, script.do_now, script.question)),
        choices=(*numbers, *_replies(talk, kind)),
        tone="danger",
        lane=SAFETY,
    )


def answered(talk: Talk, text: str, choice: str | None) -> None:
    """They answered a script's question: what follows it is said, and a human reads it."""
    talk.conversation.danger_asked = False
    kind, key = _meant(talk, text, choice)
    script = talk.house.danger.get(kind)
    replies = {reply.key: reply.then for reply in script.choices} if script else {}
    if key in replies:
        talk.tell(replies[key], lane=SAFETY)
    else:
        talk.say("talk.danger_heard")


def _meant(talk: Talk, text: str, choice: str | None) -> tuple[str, str]:
    if choice is not None:
        kind, _, key = choice.removeprefix(REPLY).partition(":")
        return kind, key
    said = talk.conversation.danger_said
    kind = max(said, key=lambda one: said[one], default="")
    script = talk.house.danger.get(kind)
    word = bare(text)
    for number, reply in enumerate(script.choices if script else (), start=1):
        if word in {bare(reply.say), str(number)}:
            return kind, reply.key
    return kind, ""


def _replies(talk: Talk, kind: str) -> tuple[Button, ...]:
    choices = talk.house.danger[kind].choices
    return tuple(Button(reply.say, f"{REPLY}{kind}:{reply.key}") for reply in choices)


def _say_nobody_is_here(talk: Talk, said: Sequence[str]) -> None:
    """Silence is told honestly: nobody is on duty, and which number answers (design §4).

    The script's question stays open: its answers stand under these words too.
    """
    script = talk.house.danger[said[0]]
    first = script.numbers[0]
    talk.tell(
        script.nobody_on_duty,
        choices=(Button(f"{first.label} {first.number}", first.value), *_replies(talk, said[-1])),
        tone="danger",
        lane=SAFETY,
    )
