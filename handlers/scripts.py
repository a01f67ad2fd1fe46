"""The safety scripts in a talk: said once, answered, and said shorter when danger comes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from dialogs.answers import bare
from dialogs.danger_scripts import Reply, Tel
from dialogs.engine import Button
from handlers import shown, staff
from handlers.heard import hears, is_whole, words_of
from handlers.shown import REPLY
from handlers.talk import SAFETY, Talk

VIOLENCE = "violence_abuse"
CAN_TALK, CANNOT_TALK = f"{REPLY}{VIOLENCE}:can_talk", f"{REPLY}{VIOLENCE}:cannot_talk"
# Kinds in which words that are not understood are answered with the number once more.
_URGENT = frozenset({"medical_emergency", "violence_abuse", "trapped_missing_fire"})
_FRESH = timedelta(minutes=10)
LISTEN = "suicide_selfharm"
# Lists of common.yml in which an answer is heard too, beside the words of its button.
_IN_WORDS: Mapping[str, tuple[str, ...]] = {
    "alone": ("alone", "just_so"),
    "with_someone": ("not_so",),
    "can_talk": ("can_talk",),
}
_ONE_SHORT_LINE = timedelta(minutes=3)  # after violence: whoever is there may see the screen light


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
    line = shown.last_safety(talk)
    return line is not None and line.at > moment


def holds(talk: Talk, *, long: bool = False) -> bool:
    """Whether a danger is the last thing that was put before them: no form comes over it.

    For half an hour; ``long``: for as long as nothing else was put and no advisor wrote.
    """
    put = shown.last_put(talk)
    if put is None or put.tone != "danger" or shown.human_since(talk, put.seq):
        return False
    return long or lately(talk)


def is_fresh(talk: Talk) -> bool:
    """Whether safety words were shown in the last ten minutes: too soon to offer a dialog."""
    return shown_since(talk, talk.now - _FRESH)


def say_due(talk: Talk, dangers: Sequence[str]) -> list[str]:
    """Say what is due of the kinds that were not said in the last half hour; those kinds.

    One script at a time, of what kills first; the numbers of the others stand in it.
    """
    due = [kind for kind in talk.house.danger if kind in dangers and not _said_lately(talk, kind)]
    if due:
        say_script(talk, due[0], due[1:])
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


def say_script(talk: Talk, kind: str, beside: Sequence[str] = ()) -> None:
    """The script of one kind: what it acknowledges, what to do now, its numbers, one question.

    ``beside``: kinds of which only the first number is added. Nobody on duty is said in the same
    message (design §4).
    """
    conversation, script, phrases = talk.conversation, talk.house.danger[kind], talk.house.phrases
    now = talk.now.isoformat()
    conversation.danger_said = {**conversation.danger_said, **dict.fromkeys((kind, *beside), now)}
    first = [talk.house.danger[one].numbers[0] for one in beside]
    others = [tel for tel in first if tel.number != script.numbers[0].number]
    text = [script.acknowledge, script.do_now]
    if others:
        numbers = phrases.say("danger.and").join(
            phrases.say("danger.one_number", label=_short(tel), number=tel.number) for tel in others
        )
        text.append(phrases.say("danger.others", numbers=numbers))
    if not staff.somebody_on_duty(talk.db):
        text.append(phrases.say("danger.nobody"))
    conversation.danger_asked = True
    known = {tel.number for tel in others}
    rest = [tel for tel in script.numbers[1:] if tel.number not in known]
    _show(talk, "\n".join(text), (script.numbers[0], *others, *rest), kind)


def say_still_here(talk: Talk, kind: str, *, told: bool = False) -> None:
    """Danger again, and its script was said: one short sentence with the number.

    ``told``: they told who or where they are, and hear that it was heard.

    After violence at most once in a few minutes: every line may be seen.
    """
    if kind == VIOLENCE and shown.was_asked(talk, kind) and _spoke_lately(talk):
        return
    numbers = talk.house.danger[kind].numbers
    text = talk.house.phrases.say("danger.still_here", number=numbers[0].number)
    if told:
        text = f"{talk.house.phrases.say('talk.danger_heard')}\n{text}"
    _show(talk, text, numbers, kind)


def say_again(talk: Talk, dangers: Sequence[str]) -> None:
    """Nobody has come for minutes: that is said, with the number, in one message."""
    kind = next((one for one in talk.house.danger if one in dangers), None)
    if kind is None:
        return
    conversation, numbers = talk.conversation, talk.house.danger[kind].numbers
    conversation.danger_said = {**conversation.danger_said, kind: talk.now.isoformat()}
    text = talk.house.phrases.say("danger.again", number=numbers[0].number)
    _show(talk, text, numbers, kind)


def say_farewell_heard(talk: Talk) -> None:
    """They say good-bye after they said that they want to die: stay, and the number."""
    numbers = talk.house.danger[LISTEN].numbers
    text = talk.house.phrases.say("danger.farewell", number=numbers[0].number)
    _show(talk, text, numbers, LISTEN)


def stay(talk: Talk, *, told: bool = False) -> None:
    """I am here, go on, in two ways in turn; ``told``: who or where they are was heard."""
    first, second = (talk.house.phrases.say(f"danger.{key}") for key in ("stay", "stay_on"))
    if _said_lately(talk, VIOLENCE) and _spoke_lately(talk):
        return
    if told:
        talk.say("talk.danger_heard")
        return
    last = shown.last_said(talk)
    talk.tell(second if last and last.text == first else first, lane=SAFETY)


def go_on(talk: Talk, dangers: Sequence[str]) -> None:
    """They may speak again: after violence what follows 方便, otherwise that I am here."""
    if VIOLENCE in dangers:
        answered(talk, "", CAN_TALK)
    else:
        stay(talk)


def say_silently(talk: Talk) -> None:
    """The answer to 不方便, once; it is the one sentence that goes into a silence."""
    script = talk.house.danger[VIOLENCE]
    then = next(one.then for one in script.choices if CANNOT_TALK.endswith(f":{one.key}"))
    last = shown.last_said(talk)
    if last is None or last.text != then:
        talk.write(kind="message", sender="bot", text=then, lane=SAFETY)


def says_cannot_talk(talk: Talk, text: str, choice: str | None) -> bool:
    """Whether this is 不方便 to the violence script's question; a plain no is too."""
    if choice is not None:
        return choice == CANNOT_TALK
    if not waits_for_answer(talk) or shown.kind_and_number(talk)[0] != VIOLENCE:
        return False
    if is_whole(talk.house, words_of(talk.house, "no"), text):
        return True
    return _meant(talk, text, None) == (VIOLENCE, "cannot_talk")


def ask_again(talk: Talk) -> None:
    """The script's question still stands: its number once more, with the answers under it."""
    kind, _ = shown.kind_and_number(talk)
    if kind in talk.house.danger:
        say_still_here(talk, kind)


def say_next_number(talk: Talk) -> None:
    """Their call did not get through: the script's numbers again, the next one first."""
    kind, number = shown.kind_and_number(talk)
    if kind not in talk.house.danger:
        return
    numbers = talk.house.danger[kind].numbers
    place = next((i for i, tel in enumerate(numbers) if tel.number == number), -1) + 1
    phrase = "danger.no_line_listen" if kind == LISTEN else "danger.no_line"
    text = talk.house.phrases.say(phrase)
    _show(talk, text, (*numbers[place:], *numbers[:place]), kind)


def answered(talk: Talk, text: str, choice: str | None, *, told: bool = False) -> None:
    """They answered a script's question: what follows it is said, and a human reads it."""
    kind, key = _meant(talk, text, choice)
    script = talk.house.danger.get(kind)
    replies = {reply.key: reply.then for reply in script.choices} if script else {}
    talk.conversation.danger_asked = False
    if key in replies:
        talk.tell(replies[key], lane=SAFETY)
    elif hears(talk.house, "called", text):
        talk.say("talk.danger_heard")
    elif kind in _URGENT and script is not None:
        said = talk.conversation.danger_said.get(kind)
        fresh = said is not None and talk.now - datetime.fromisoformat(said) < _FRESH
        talk.conversation.danger_asked = fresh  # the script waits on
        say_still_here(talk, kind, told=told)
    else:
        stay(talk, told=told)


def nobody_words(talk: Talk) -> str | None:
    """After a danger: that nobody is on duty, with the number of the worst; else None."""
    said = (talk.house.danger[kind] for kind in talk.house.danger if _said_lately(talk, kind))
    script = next(said, None)
    return script.nobody_on_duty if script else None


def _meant(talk: Talk, text: str, choice: str | None) -> tuple[str, str]:
    if choice is not None:
        kind, _, key = choice.removeprefix(REPLY).partition(":")
        return kind, key
    kind, _ = shown.kind_and_number(talk)
    script = talk.house.danger.get(kind)
    word = bare(text)
    for number, reply in enumerate(script.choices if script else (), start=1):
        more = (words_of(talk.house, name) for name in _IN_WORDS.get(reply.key, ()))
        known = (reply.say, *chain.from_iterable(more))
        if word == str(number) or is_whole(talk.house, known, text):
            return kind, reply.key
    return kind, ""


def _show(talk: Talk, text: str, numbers: Sequence[Tel], kind: str) -> None:
    """Safety words with telephones first; while its question stands open, that and the answers.

    A question that was answered is not put again, and answers stand only under a question
    (docs/decisions/0001).
    """
    script = talk.house.danger[kind]
    replies: tuple[Reply, ...] = ()
    if talk.conversation.danger_asked or not shown.was_asked(talk, kind):
        talk.conversation.danger_asked = True
        text = f"{text}\n{script.question}"
        replies = script.choices
    talk.tell(
        text,
        choices=(
            *_calls(numbers),
            *(Button(reply.say, f"{REPLY}{kind}:{reply.key}") for reply in replies),
        ),
        tone="danger",
        lane=SAFETY,
    )


def _spoke_lately(talk: Talk) -> bool:
    """Whether a short line was said in the last minutes; the script itself is none."""
    script = talk.house.danger[VIOLENCE]
    last = shown.last_said(talk)
    if last is None or last.text.startswith(script.acknowledge):
        return False
    return talk.now - last.at < _ONE_SHORT_LINE


def _short(tel: Tel) -> str:
    """What answers there, in its first words: 心理热线 of 心理热线,全天有人."""
    return tel.label.replace("\uff0c", ",").split(",")[0]


def _calls(numbers: Sequence[Tel]) -> tuple[Button, ...]:
    return tuple(Button(f"{tel.label} {tel.number}", tel.value) for tel in numbers)
