"""Danger: a red case, a bell on every desk, and the script of its kind, said at once (design §3, §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

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
    slots: Mapping[str, Slot] | None = None,
) -> Case:
    """Open a red case or raise the open one, ring, and say the script of each kind.

    ``slots`` are what the interrupted dialog knew. Works from the labels alone.
    """
    heard = {
        key: Slot(value, talk.house.slots[key].said(value, talk.house.office.language), "words")
        for key, value in (reading.slots if reading else {}).items()
        if key in talk.house.slots
    }
    case, new = open_or_add(
        talk,
        Request(
            needs=reading.needs if reading else (),
            dangers=dangers,
            slots={**heard, **(slots or {})},
            who="other" if reading is not None and reading.who == "other" else "self",
        ),
    )
    if not new:
        _ring_again(talk, case)
    said = _say_scripts(talk, dangers)
    if said and not staff.somebody_on_duty(talk.db):
        _say_nobody_is_here(talk, dangers)
    return case


def _ring_again(talk: Talk, case: Case) -> None:
    rung = [event.at for event in cases.events(talk.db, case.id) if event.kind == "rang"]
    if rung and talk.now - rung[-1] < _RING_AGAIN:
        return
    ring(
        talk.db, case, talk.now, talk.house.staff_words.say("notice.ring", number=str(case.number))
    )
    cases.record(talk.db, case, "rang", talk.now)


def _say_scripts(talk: Talk, dangers: Sequence[str]) -> bool:
    """Say each kind once per half hour, and not over an advisor who has just written."""
    conversation, office = talk.conversation, talk.house.office
    wrote = conversation.advisor_wrote_at
    if wrote is not None and talk.now - wrote < office.danger_silence:
        return False
    due = [kind for kind in talk.house.danger if kind in dangers and not _said_lately(talk, kind)]
    for kind in due:
        say_script(talk, kind)
    if due:
        conversation.danger_said = {
            **conversation.danger_said,
            **{kind: talk.now.isoformat() for kind in due},
        }
        conversation.danger_asked = True
    return bool(due)


def _said_lately(talk: Talk, kind: str) -> bool:
    at = talk.conversation.danger_said.get(kind)
    return (
        at is not None and talk.now - datetime.fromisoformat(at) < talk.house.office.danger_repeat
    )


def say_script(talk: Talk, kind: str) -> None:
    """The script of one kind: what it acknowledges, what to do now, its numbers, one question."""
    script = talk.house.danger[kind]
    numbers = tuple(Button(f"{tel.label} {tel.number}", tel.value) for tel in script.numbers)
    replies = tuple(Button(reply.say, f"{REPLY}{kind}:{reply.key}") for reply in script.choices)
    talk.tell(
        "\n".join((script.acknowledge, script.do_now, script.question)),
        choices=(*numbers, *replies),
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
        talk.tell(replies[key])
    else:
        talk.say("talk.danger_heard")


def _meant(talk: Talk, text: str, choice: str | None) -> tuple[str, str]:
    if choice is not None:
        kind, _, key = choice.removeprefix(REPLY).partition(":")
        return kind, key
    said = talk.conversation.danger_said
    kind = max(said, key=lambda one: said[one], default="")
    script = talk.house.danger.get(kind)
    words = text.strip().rstrip("。.!!")
    for number, reply in enumerate(script.choices if script else (), start=1):
        if words in {reply.say, str(number)}:
            return kind, reply.key
    return kind, ""


def _say_nobody_is_here(talk: Talk, dangers: Sequence[str]) -> None:
    """Silence is told honestly: nobody is on duty, and which number answers (design §4)."""
    kind = next(kind for kind in dangers if kind in talk.house.danger)
    script = talk.house.danger[kind]
    first = script.numbers[0]
    talk.tell(
        script.nobody_on_duty,
        choices=(Button(f"{first.label} {first.number}", first.value),),
        tone="danger",
        lane=SAFETY,
    )
