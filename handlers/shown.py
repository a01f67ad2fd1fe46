"""What of danger was shown in a talk, read from its log."""

from __future__ import annotations

from handlers.talk import SAID, Talk
from storage import entries
from storage.entries import Line

REPLY = "danger:"  # prefix of the values of a script's own choices
_TEL = "tel:"
_LOOK_BACK = 40  # lines in which the last safety words are looked for


def last_safety(talk: Talk) -> Line | None:
    """The newest safety words with telephones."""
    return next((line for line in _newest(talk) if line.tone == "danger" and line.choices), None)


def last_put(talk: Talk) -> Line | None:
    """The newest line of the bot's with buttons, whatever it is about."""
    return next((line for line in _newest(talk) if line.choices), None)


def last_said(talk: Talk) -> Line | None:
    """The newest line of the bot's."""
    return next(iter(_newest(talk)), None)


def human_since(talk: Talk, seq: int) -> bool:
    """Whether an advisor has written after this line."""
    lines = entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)
    return any(line.sender == "advisor" and line.kind in SAID and line.seq > seq for line in lines)


def was_asked(talk: Talk, kind: str) -> bool:
    """Whether the question of this kind's script was put."""
    start = f"{REPLY}{kind}:"
    return any(
        choice["value"].startswith(start) for line in _newest(talk) for choice in line.choices or ()
    )


def kind_and_number(talk: Talk) -> tuple[str, str]:
    """The kind and the first number of the last safety words; without them, of the last script."""
    line = last_safety(talk)
    values = [choice["value"] for choice in (line.choices or ())] if line is not None else []
    kinds = [value.split(":")[1] for value in values if value.startswith(REPLY)]
    numbers = [value.removeprefix(_TEL) for value in values if value.startswith(_TEL)]
    number = numbers[0] if numbers else ""
    said, scripts = talk.conversation.danger_said, talk.house.danger
    kinds += [one for one in said if one in scripts and scripts[one].numbers[0].number == number]
    kind = kinds[0] if kinds else max(said, key=lambda one: said[one], default="")
    return kind, number


def _newest(talk: Talk) -> list[Line]:
    lines = entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)
    return [line for line in reversed(lines) if line.sender == "bot" and line.kind in SAID]
