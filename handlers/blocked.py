"""Somebody shut the house out of their chat, or lets it in again: the telephone is the way."""

from __future__ import annotations

from handlers.due import reach_by
from handlers.talk import Talk, hint
from storage import cases, due, outbox
from storage.cases import Case


def shut_out(talk: Talk, code: str, *, answer: int | None = None) -> None:
    """Nothing reaches this person here any more (blocked, no such chat): people must call.

    What waits in the chat fails with ``code``. Said again it changes nothing, except that a new
    ``answer`` (the ``seq`` of an advisor's words that did not get through) is a call again.
    """
    conversation = talk.conversation
    last = conversation.last_seq
    lost = outbox.fail_waiting(talk.db, conversation.id, code)
    for seq in lost:
        tell_outcome(talk, seq, "failed", code)
    news = conversation.blocked_at is None
    if news:
        conversation.blocked_at = talk.now
    if not (news or lost or answer is not None):
        return
    for case in _open_cases(talk):
        if news:
            cases.record(talk.db, case, "blocked", talk.now, code=code)
        kind, seq = reach_by(talk.db, case), max([*lost, answer or 0]) or last
        called = (news or answer is not None) and due.call_for(
            talk.db, kind, case.id, seq, talk.now
        )
        hint(talk.db, case, talk.now, "task" if called else "case")


def let_in(talk: Talk) -> None:
    """They can be reached here again: they wrote, or took the bot back."""
    if talk.conversation.blocked_at is None:
        return
    talk.conversation.blocked_at = None
    for case in _open_cases(talk):
        cases.record(talk.db, case, "unblocked", talk.now)
        hint(talk.db, case, talk.now)


def tell_outcome(talk: Talk, seq: int, outcome: str, error: str | None) -> None:
    """A line of the log that says what became of the line ``seq``."""
    talk.write(
        kind="delivery",
        sender="bot",
        ref=seq,
        extra={"outcome": outcome, "error": error or ""},
    )


def _open_cases(talk: Talk) -> list[Case]:
    """Every open case that is spoken of in this chat, locked."""
    found = []
    for each in cases.of_conversation(talk.db, talk.conversation.id):
        if each.closed_at is not None:
            continue
        held = talk.case is not None and talk.case.id == each.id
        case = talk.case if held and talk.case else cases.get(talk.db, each.id, lock=True)
        if case is not None and case.closed_at is None:
            found.append(case)
    return found
