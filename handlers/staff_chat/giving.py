"""Giving a case to a colleague; a red one to somebody who is not here is asked once more."""

from __future__ import annotations

from collections.abc import Callable

from handlers.advisors import claim as claiming
from handlers.staff_chat.acts import done, sure
from handlers.staff_chat.chat import Chat
from handlers.supervisors import assign as assigning
from storage import staff


def hand_over(chat: Chat, case_id: str, staff_id: str, yes: str = "") -> None:
    """转交."""
    _give(chat, case_id, staff_id, yes, "hg", claiming.hand_over, "talk.handed")


def assign(chat: Chat, case_id: str, staff_id: str, yes: str = "") -> None:
    """派给."""
    _give(chat, case_id, staff_id, yes, "ag", assigning.assign, "talk.assigned")


def _give(
    chat: Chat,
    case_id: str,
    staff_id: str,
    yes: str,
    act: str,
    use_case: Callable[..., None],
    key: str,
) -> None:
    case, colleague = chat.case(case_id), staff.get(chat.db, staff_id)
    name = colleague.name if colleague is not None else ""
    away = colleague is not None and not colleague.on_duty
    if case.urgency == "red" and case.closed_at is None and away and not yes:
        sure(chat, case, "sure.away", act, staff_id, name=name)
        return
    chat.act(use_case, case_id, staff_id, chat.now, chat.house)
    done(chat, case_id, key, name=name)
