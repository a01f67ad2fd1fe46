"""What a guided dialog is made of. Frozen; built only by `dialogs.flow.load_flows`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs.reading_yaml import ContentError
from dialogs.slots import Slots

END = "end"
SKIPPED = "skipped"  # the machine value of an answer that was not given
MEDIA = "media:"  # prefix of the machine value where a photo, a place, a file was the answer
KINDS = ("need", "menu", "relay", "short")
MAX_CHOICES = 3  # design §4: beside the constant ones
MAX_QUESTIONS = 7  # design §4: to a filed request


class FlowError(ContentError):
    """A flow cannot be used: `file`, `place` (the step) and `remedy`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A stable key, the words said, and perhaps the step it goes to.

    `also`: other words for it. `means`: "yes" or "no" where a plain 是 or 不 means this choice.
    `unless`: words beside which it is not meant; those that end in … only at the beginning
    (是阿拉…: 是阿拉老公 says who somebody is, not who looks after them).
    """

    key: str
    say: str
    go: str | None = None
    also: tuple[str, ...] = ()
    means: str | None = None
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One question; its name is the slot it fills. `only_self`: not asked about somebody else."""

    name: str
    ask: str
    expect: str
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    go: str | None = None
    ask_other: str | None = None
    only_self: bool = False

    def question(self, other: bool) -> str:
        """The words of the question; `other`: it is about somebody else than the writer."""
        return self.ask_other if other and self.ask_other else self.ask

    def choice(self, key: str) -> Choice | None:
        """The choice with this key, if there is one."""
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True, slots=True)
class Ack:
    """What is said first instead of the flow's `ack`: for a need, or where some word was said."""

    key: str
    say: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Common:
    """`flows/common.yml`: sentences and command words that every flow shares.

    `say` holds sentences by key; `words` lists by command (back, human, fix, skip, drop, menu,
    yes, no, agree, refuse) the words by which it is understood; agree and refuse are the narrower
    words that give or refuse leave.
    """

    say: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Flow:
    """A guided dialog. `steps` in the order of the file; `routes`: need → flow name."""

    name: str
    title: str
    needs: tuple[str, ...]
    ack: str
    steps: Mapping[str, Step]
    kind: str
    slots: Slots
    common: Common
    ack_other: str | None = None
    acks: tuple[Ack, ...] = ()
    summary: bool = True
    consent_in_question: bool = False
    language: str = "zh"
    routes: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The name of the first step."""
        return next(iter(self.steps))

    def next_line(self, name: str) -> str:
        """The step on the next line of the file, or END."""
        names = list(self.steps)
        place = names.index(name) + 1
        return names[place] if place < len(names) else END

    def after(self, name: str, key: str | None) -> str:
        """The step that follows `name` when it was answered with the machine value `key`."""
        step = self.steps[name]
        choice = step.choice(key) if key is not None else None
        return (choice.go if choice else None) or step.go or self.next_line(name)

    def followers(self, name: str) -> tuple[str, ...]:
        """Every step (or END) that can follow `name`, each once."""
        step = self.steps[name]
        keys: list[str | None] = [choice.key for choice in step.choices]
        # A question can always be left open, so the default way counts too.
        return tuple(dict.fromkeys(self.after(name, key) for key in [*keys, None]))
