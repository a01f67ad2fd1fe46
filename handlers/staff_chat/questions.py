"""One question at a time: what somebody's next words are for: a note, a reason, their own name.

It takes words only, ends when something else is begun, and after a while: whoever forgot that
they were asked must not speak to colleagues for a resident, or the other way round.
"""

from __future__ import annotations

from datetime import timedelta

from handlers.advisors.desk_case import can_read
from handlers.staff_chat import naming
from handlers.staff_chat.buttons import button
from handlers.staff_chat.chat import Chat
from storage import cases

NOTE = "note"
URGENCY = "urgency:"
NAME = "name"
QUESTION = "question"  # the kind of a message that asks
LASTS = timedelta(minutes=10)  # as long as one sentence may take to be written, with a call between


def ask_note(chat: Chat, case_id: str) -> None:
    """The next words are a note about this case."""
    _ask(chat, NOTE, case_id, "note_ask")


def ask_reason(chat: Chat, case_id: str, urgency: str) -> None:
    """The next words are why the case gets this urgency."""
    _ask(chat, f"{URGENCY}{urgency}", case_id, "reason_ask")


def ask_name(chat: Chat) -> None:
    """The next words are what they are called."""
    end(chat)
    chat.row.question, chat.row.question_at = NAME, chat.now
    cancel = button(chat.words.say("cancel"), "nq", "", NAME)
    chat.tell(chat.words.say("chat.name_ask"), rows=[[cancel]], kind=QUESTION)


def _ask(chat: Chat, what: str, case_id: str, key: str) -> None:
    case, row, words = chat.case(case_id), chat.row, chat.words
    if (row.question, row.question_case_id) != (what, case_id):
        end(chat)
    row.question, row.question_case_id, row.question_at = what, case_id, chat.now
    urgency = "" if what == NOTE else words.say(f"urgency.{what.removeprefix(URGENCY)}")
    text = words.say(f"chat.{key}", case=naming.called(chat.db, words, case), urgency=urgency)
    cancel = button(words.say("cancel"), "nq", case_id, what.removeprefix(URGENCY))
    chat.tell(text, rows=[[cancel]], about=case_id, kind=QUESTION)


def waits(chat: Chat) -> bool:
    """Whether a question waits for words; one that nobody answered in time does not."""
    row = chat.row
    return row.question_at is not None and chat.now - row.question_at < LASTS


def forget(chat: Chat) -> tuple[str, str] | None:
    """The question is not asked any more: what it was, and about which case."""
    row = chat.row
    was = (row.question, row.question_case_id)
    row.question = row.question_case_id = row.question_at = None
    return (was[0], was[1]) if was[0] is not None and was[1] is not None else None


def end(chat: Chat) -> None:
    """Something else is begun: the question ends, and that is said."""
    waited = waits(chat)
    was = forget(chat)
    if was is not None and waited:
        chat.tell(ended(chat, was[1]), about=was[1])


def ended(chat: Chat, case_id: str) -> str:
    """That a question about this case waits no more."""
    case = cases.get(chat.db, case_id)
    if case is None or not can_read(chat.viewer, case):
        return chat.words.say("chat.cancelled")
    return chat.words.say("chat.question_ended", case=naming.called(chat.db, chat.words, case))


def cancel(chat: Chat, case_id: str, what: str) -> None:
    """算了, under the question itself; a newer question stays."""
    row = chat.row
    asked = (row.question or "").removeprefix(URGENCY), row.question_case_id or ""
    if asked == (what, case_id):
        forget(chat)
        chat.say("cancelled")
    else:
        chat.say("stale")
