"""Speaking with one case: what is written without a target goes there, until that ends."""

from __future__ import annotations

from handlers.advisors.desk_case import can_read, must_be_open, must_hold
from handlers.ports import Refused
from handlers.residents.wait import quiet
from handlers.staff_chat import questions
from handlers.staff_chat.buttons import button
from handlers.staff_chat.chat import Chat
from handlers.staff_chat.faces import card_of
from storage import cases, conversations, sent, staff_shown
from storage.cases import Case


def speak(chat: Chat, case_id: str) -> None:
    """From now on what they write goes to this case's resident.

    Raises:
        Refused: they could not answer there.
    """
    case = chat.case(case_id)
    must_be_open(case)
    must_hold(chat.db, chat.viewer, case)
    if quiet(case):
        raise Refused("relay_quiet")
    questions.end(chat)
    before = focus(chat)
    if before is not None and before != case_id:
        _say_left(chat, before, "left_other")
    chat.row.focus_case_id, chat.row.focus_at = case_id, chat.now
    talk = conversations.get(chat.db, case.conversation_id)
    staff_shown.show(chat.db, chat.conversation.id, case_id, talk.last_seq)
    title = card_of(chat.db, chat.viewer, case, chat.house).title
    chat.say(
        "speaking",
        number=str(case.number),
        title=title,
        rows=[[button(chat.words.say("chat.do.leave"), "lv")]],
        about=case_id,
    )


def focus(chat: Chat) -> str | None:
    """The case that they speak with; one that was not used for a while ends, and that is said."""
    row = chat.row
    if row.focus_case_id is None or row.focus_at is None:
        return None
    if chat.now - row.focus_at < chat.house.office.live:
        return row.focus_case_id
    case_id, row.focus_case_id, row.focus_at = row.focus_case_id, None, None
    _say_left(chat, case_id, "left_late")
    return None


def used(chat: Chat, case_id: str) -> None:
    """Words went to this case; the talk with it goes on when it is the one they speak with."""
    if chat.row.focus_case_id == case_id:
        chat.row.focus_at = chat.now


def came_since(chat: Chat) -> Case | None:
    """Another case that was heard, or read, here since the last words in this focus; the newest."""
    row = chat.row
    last = sent.last_of_cases(chat.db, chat.conversation.id, ("talk",), row.focus_at)
    for case_id in last:
        case = cases.get(chat.db, case_id)
        if case_id != row.focus_case_id and case is not None and can_read(chat.viewer, case):
            return case
    return None


def leave(chat: Chat) -> None:
    """They stop speaking with a case."""
    case_id = focus(chat)
    if case_id is None:
        chat.say("not_speaking")
        return
    end(chat, case_id)


def end(chat: Chat, case_id: str) -> None:
    """The talk with this case ends, if it is the one they speak with."""
    if chat.row.focus_case_id == case_id:
        chat.row.focus_case_id = chat.row.focus_at = None
        _say_left(chat, case_id, "left")


def _say_left(chat: Chat, case_id: str, key: str) -> None:
    case = cases.get(chat.db, case_id)
    chat.say(key, number=str(case.number) if case else "", about=case_id)
