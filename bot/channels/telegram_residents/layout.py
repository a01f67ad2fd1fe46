"""A message of the outbox → what is sent on Telegram. Pure, and without aiogram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.telegram import text
from bot.channels.telegram.files import file_of
from bot.channels.telegram.part import Part, Rows
from dialogs.wording import Phrases

_ASKING = ("question", "summary")
_FACES = {"face_good": "😊", "face_fair": "😐", "face_bad": "🙁"}
_QUIETLY = ("seen", "human_left")  # lines for which no telephone needs to make a sound


def parts(body: Mapping[str, Any], words: Phrases) -> tuple[Part, ...]:
    """What is sent for a body of the outbox (handlers/talk.py), in order; () for nothing.

    A reply hangs on the first, the buttons under the last.
    """
    choices = body.get("choices") or ()
    written = _words(body, words)
    if label := (body.get("extra") or {}).get("chosen"):
        written = words.say("telegram.chosen", text=written, label=str(label))
    calls = [_number_of(choice) for choice in choices if choice["value"].startswith("tel:")]
    written = "\n\n".join(part for part in (written, _calls(calls, words)) if part)
    file = file_of(body.get("media"))
    made: list[Part] = []
    if file is not None:
        fits = text.units(written) <= text.CAPTION_LIMIT
        made.append(Part(text.escape(written) if fits else "", file=file))
        written = "" if fits else written
    made += [Part(text.escape(piece)) for piece in text.split(written)]
    if not made:
        return ()
    extra = body.get("extra") or {}
    silent = body.get("kind") in _QUIETLY or bool(extra.get("silent"))
    made = [replace(part, silent=silent) for part in made]
    made[0] = replace(made[0], reply_to=_number(body.get("reply_to")))
    made[-1] = replace(made[-1], rows=_rows(body, words))
    return tuple(made)


def _words(body: Mapping[str, Any], words: Phrases) -> str:
    said = str(body.get("text") or "")
    if body.get("media_lost"):
        said = "\n".join(part for part in (said, words.say("telegram.media_lost")) if part)
    nothing = not said and not body.get("media")
    if nothing or body.get("from") != "advisor" or body.get("kind") not in ("message", "edited"):
        return said
    name = body.get("name") or words.say("talk.somebody")
    return words.say("telegram.advisor", name=name, text=said).rstrip()


def _calls(calls: list[str], words: Phrases) -> str:
    """Telephone numbers as text: Telegram refuses them as buttons, but lets them be tapped.

    The first stands alone: one thing to do now (design §4); the others share a line.
    """
    if not calls:
        return ""
    first = words.say("telegram.call", label=calls[0])
    if not calls[1:]:
        return first
    return "\n".join((first, words.say("telegram.more_calls", calls=" · ".join(calls[1:]))))


def _number_of(choice: Mapping[str, str]) -> str:
    number, label = choice["value"].removeprefix("tel:"), choice["label"]
    return label if number in label else f"{label} {number}"


def _rows(body: Mapping[str, Any], words: Phrases) -> Rows:
    rows: list[tuple[tuple[str, str], ...]] = []
    for choice in body.get("choices") or ():
        value = choice["value"]
        if value.startswith("tel:") or len(value.encode()) > text.CHOICE_BYTES:
            continue
        face = _FACES.get(choice.get("icon", ""))
        label = f"{face} {choice['label']}" if face else choice["label"]
        rows.append(((label, value),))
    if body.get("tone") in _ASKING and body.get("choices") is not None:
        there = {value for row in rows for _, value in row}
        always: tuple[tuple[str, str], ...] = (("back", "cmd:back"), ("human", "cmd:human"))
        if (body.get("extra") or {}).get("first"):
            always = always[1:]  # 返回 would do nothing there
        row = tuple(
            (words.say(f"talk.taps.{name}"), value) for name, value in always if value not in there
        )
        if row:
            rows.append(row)
    return tuple(rows)


def _number(given: Any) -> int | None:
    return int(given) if given is not None and str(given).isdecimal() else None


def pressed(said: str, label: str, words: Phrases, *, caption: bool = False) -> str | None:
    """The HTML of a message whose button was pressed; None where it would be too long."""
    whole = words.say("telegram.pressed", text=said, label=label)
    limit = text.CAPTION_LIMIT if caption else text.TEXT_LIMIT
    return text.escape(whole) if text.units(whole) <= limit else None
