"""The safety scripts in a talk: said once, answered, and said shorter when danger comes again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogs.answers import bare
from dialogs.danger_scripts import Tel
from dialogs.engine import Button
from handlers.heard import hears, is_whole, words_of
from handlers.talk import SAFETY, Talk
from storage import entries
from storage.entries import Line

REPLY = "danger:"  # prefix of the values of a script's own choices
_TEL = "tel:"
# Kinds in which words that are not understood are answered with the number once more.
_URGENT = frozenset({"medical_emergency", "violence_abuse", "trapped_missing_fire"})
_FRESH = timedelta(minutes=10)
_LISTEN = "suicide_selfharm"
_LOOK_BACK = 40  # lines in which the last safety words are looked for


def silenced(talk: Talk) -> bool:
    """Whether an advisor has just written: nothing is said over a human (design §3)."""
    wrote = talk.conversation.advisor_wrote_at
    return talk.live and wrote is not None and talk.now - wrote < talk.house.office.danger_silence


def lately(talk: Talk) -> bool:
    """Whether a script was said in the last half hour."""
    return any(_said_lately(talk, kind) for kind in talk.conversation.danger_said)


def waits_for_answer(talk: Talk) -> bool:
    """Whether a script's question stands: it was put lately, and nobody has answered it."""
    return talk.conversation.danger_asked and lately(talk)


def shown_since(talk: Talk, moment: datetime) -> bool:
    """Whether safety words were shown after this moment."""
    line = _last(talk)
    return line is not None and line.at > moment


def say_due(talk: Talk, dangers: Sequence[str]) -> list[str]:
    """Say the script of each kind that was not said in the last half hour; those kinds."""
    due = [kind for kind in talk.house.danger if kind in dangers and not _said_lately(talk, kind)]
    for kind in due:
        say_script(talk, kind)
    return due


def say_numbers_due(talk: Talk, dangers: Sequence[str]) -> None:
    """While an advisor writes: of each kind not said lately what to do now, with its numbers.

    Nothing else and no question: the human asks (docs/decisions/0001).
    """
    said = talk.conversation.danger_said
    due = [kind for kind in talk.house.danger if kind in dangers and not _said_lately(talk, kind)]
    for kind in due:
        script = talk.house.danger[kind]
        talk.tell(script.do_now, choices=_calls(script.numbers), tone="danger", lane=SAFETY)
    if due:
        talk.conversation.danger_said = {**said, **dict.fromkeys(due, talk.now.isoformat())}


def _said_lately(talk: Talk, kind: str) -> bool:
    at = talk.conversation.danger_said.get(kind)
    repeat = talk.house.office.danger_repeat
    return at is not None and talk.now - datetime.fromisoformat(at) < repeat


def say_script(talk: Talk, kind: str) -> None:
    """The script of one kind: what it acknowledges, what to do now, its numbers, one question."""
    conversation, script = talk.conversation, talk.house.danger[kind]
    conversation.danger_said = {**conversation.danger_said, kind: talk.now.isoformat()}
    text = "\n".join((script.acknowledge, script.do_now, script.question))
    _show(talk, text, script.numbers, kind)


def say_still_here(talk: Talk, kind: str) -> None:
    """Danger again, and its script was said: one short sentence, with the number and buttons."""
    numbers = talk.house.danger[kind].numbers
    text = talk.house.phrases.say("danger.still_here", number=numbers[0].number)
    _show(talk, text, numbers, kind)


def ask_again(talk: Talk) -> None:
    """The script's question still stands: its number once more, with the answers under it."""
    kind, _ = _shown(talk)
    if kind in talk.house.danger:
        say_still_here(talk, kind)


def say_next_number(talk: Talk) -> None:
    """Their call did not get through: the script's numbers again, the next one first."""
    kind, number = _shown(talk)
    if kind not in talk.house.danger:
        return
    numbers = talk.house.danger[kind].numbers
    place = next((i for i, tel in enumerate(numbers) if tel.number == number), -1) + 1
    phrase = "danger.no_line_listen" if kind == _LISTEN else "danger.no_line"
    text = talk.house.phrases.say(phrase)
    _show(talk, text, (*numbers[place:], *numbers[:place]), kind)


def say_nobody_is_here(talk: Talk, said: Sequence[str]) -> None:
    """Silence is told honestly: nobody is on duty, and which number answers (design §4)."""
    script = talk.house.danger[said[0]]
    _show(talk, script.nobody_on_duty, script.numbers[:1], said[-1])


def answered(talk: Talk, text: str, choice: str | None) -> None:
    """They answered a script's question: what follows it is said, and a human reads it."""
    talk.conversation.danger_asked = False
    kind, key = _meant(talk, text, choice)
    script = talk.house.danger.get(kind)
    replies = {reply.key: reply.then for reply in script.choices} if script else {}
    if key in replies:
        talk.tell(replies[key], lane=SAFETY)
    elif kind in _URGENT and script is not None and not hears(talk.house, "called", text):
        say_still_here(talk, kind)
        # No form over a fresh danger: the script waits on, and the interrupted question with it.
        said = talk.conversation.danger_said.get(kind)
        fresh = said is not None and talk.now - datetime.fromisoformat(said) < _FRESH
        talk.conversation.danger_asked = fresh
    else:
        talk.say("talk.danger_heard")


def nobody_words(talk: Talk) -> str | None:
    """After a danger: that nobody is on duty, with the number of its script; else None."""
    kind, _ = _shown(talk) if lately(talk) else ("", "")
    script = talk.house.danger.get(kind)
    return script.nobody_on_duty if script else None


def _meant(talk: Talk, text: str, choice: str | None) -> tuple[str, str]:
    if choice is not None:
        kind, _, key = choice.removeprefix(REPLY).partition(":")
        return kind, key
    kind, _ = _shown(talk)
    script = talk.house.danger.get(kind)
    word = bare(text)
    for number, reply in enumerate(script.choices if script else (), start=1):
        known = (reply.say, *(words_of(talk.house, "alone") if reply.key == "alone" else ()))
        if word == str(number) or is_whole(talk.house, known, text):
            return kind, reply.key
    return kind, ""


def _show(talk: Talk, text: str, numbers: Sequence[Tel], kind: str) -> None:
    """Safety words with telephones first; the answers to the script's question stay under them.

    Whatever is said of danger carries them: one question at a time (docs/decisions/0001).
    """
    talk.conversation.danger_asked = True
    replies = talk.house.danger[kind].choices
    talk.tell(
        text,
        choices=(
            *_calls(numbers),
            *(Button(reply.say, f"{REPLY}{kind}:{reply.key}") for reply in replies),
        ),
        tone="danger",
        lane=SAFETY,
    )


def _calls(numbers: Sequence[Tel]) -> tuple[Button, ...]:
    return tuple(Button(f"{tel.label} {tel.number}", tel.value) for tel in numbers)


def _last(talk: Talk) -> Line | None:
    lines = reversed(entries.latest(talk.db, talk.conversation.id, _LOOK_BACK))
    return next((line for line in lines if line.tone == "danger" and line.choices), None)


def _shown(talk: Talk) -> tuple[str, str]:
    """The kind and the first number of the last safety words; without them, of the last script."""
    line = _last(talk)
    values = [choice["value"] for choice in (line.choices or ())] if line is not None else []
    kinds = [value.split(":")[1] for value in values if value.startswith(REPLY)]
    numbers = [value.removeprefix(_TEL) for value in values if value.startswith(_TEL)]
    said = talk.conversation.danger_said
    kind = kinds[0] if kinds else max(said, key=lambda one: said[one], default="")
    return kind, numbers[0] if numbers else ""
