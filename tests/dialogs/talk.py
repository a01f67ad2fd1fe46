"""A person in one flow of the house, for tests."""

from __future__ import annotations

from dialogs.content import Content
from dialogs.engine import Answer, Ask, Outcome, Say, Session, Slot, advance, start

ID = "abcd1234"


class Talk:
    """A person in one flow of the house."""

    def __init__(self, content: Content, flow: str, slots: dict[str, Slot | str] | None = None):
        self.flow = content.flows[flow]
        self.session: Session | None
        self.session, self.outcomes = start(self.flow, ID, slots)

    def do(self, *answers: str | Answer) -> Talk:
        for answer in answers:
            assert self.session is not None
            answer = Answer(answer) if isinstance(answer, str) else answer
            self.session, self.outcomes = advance(self.flow, self.session, answer)
        return self

    def tap(self, label: str) -> Talk:
        return self.do(Answer(choice=self.value(label)))

    def value(self, label: str) -> str:
        (value,) = [button.value for button in self.ask.choices if button.label == label]
        return value

    @property
    def ask(self) -> Ask:
        (found,) = [outcome for outcome in self.outcomes if isinstance(outcome, Ask)]
        return found

    @property
    def said(self) -> list[str]:
        return [outcome.key for outcome in self.outcomes if isinstance(outcome, Say)]

    @property
    def last(self) -> Outcome:
        return self.outcomes[-1]

    def keys(self) -> dict[str, str]:
        assert self.session is not None
        return {key: slot.key for key, slot in self.session.slots.items()}


def to_summary(content: Content) -> Talk:
    talk = Talk(content, "long_term_care", {"living": "alone"})
    return talk.do("没有人", "要人扶", "83", "可以", "13812345678", "康定路1号302")
