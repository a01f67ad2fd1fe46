"""One question at a time: what somebody's next words are for, a note or a reason."""

from __future__ import annotations

from handlers.advisors import attend
from handlers.rules.triage import URGENCIES
from handlers.staff_chat import answers
from handlers.staff_chat.buttons import button
from handlers.staff_chat.chat import Chat
from storage.inbox import Stored

NOTE = "note"
_URGENCY = "urgency:"


def ask_note(chat: Chat, case_id: str) -> None:
    """The next words are a note about this case."""
    _ask(chat, NOTE, case_id, "note_ask")


def ask_reason(chat: Chat, case_id: str, urgency: str) -> None:
    """The next words are why the case gets this urgency."""
    _ask(chat, f"{_URGENCY}{urgency}", case_id, "reason_ask")


def _ask(chat: Chat, what: str, case_id: str, key: str) -> None:
    case, row, words = chat.case(case_id), chat.row, chat.words
    row.question, row.question_case_id, row.question_at = what, case_id, chat.now
    urgency = "" if what == NOTE else words.say(f"urgency.{what.removeprefix(_URGENCY)}")
    cancel = button(words.say("cancel"), "no")
    chat.say(key, number=str(case.number), urgency=urgency, rows=[[cancel]])


def drop(chat: Chat) -> bool:
    """The question is not asked any more; whether there was one."""
    row = chat.row
    was = row.question is not None
    row.question = row.question_case_id = row.question_at = None
    return was


def take(chat: Chat, stored: Stored, text: str) -> bool:
    """These words answer the question that stands open; False: there is none.

    Also when they reply to something: a note must never go out to a resident by mistake.
    """
    row = chat.row
    what, case_id, asked = row.question, row.question_case_id, row.question_at
    if what is None or case_id is None or asked is None:
        return False
    if chat.now - asked >= chat.house.office.live:
        drop(chat)
        return False
    drop(chat)
    if what == NOTE:
        answers.keep_note(chat, stored, case_id, text)
        return True
    to = what.removeprefix(_URGENCY)
    if to in URGENCIES:
        chat.act(attend.change_urgency, case_id, to, text, chat.now, chat.house)
        chat.tell(chat.words.say("talk.lowered"), reply_to=stored.external_id)
    return True
