"""Choices that take two presses: to whom, how it ended, how urgent."""

from __future__ import annotations

from handlers import staff
from handlers.desk.case_view import allowed_acts
from handlers.ports import Refused
from handlers.rules.status import OFFERED
from handlers.rules.triage import URGENCIES
from handlers.staff_chat import naming, questions
from handlers.staff_chat.buttons import Rows, button, rows
from handlers.staff_chat.chat import Chat
from storage.cases import Case

A_PAGE = 12  # colleagues


def colleague(chat: Chat, case_id: str, act: str, give: str, start: int = 0) -> None:
    """Whom the case goes to: those on duty first, then those with the least to do."""
    case = chat.case(case_id)
    words = chat.words
    others = [one for one in staff.colleagues(chat.db) if one.id != case.assignee_id]
    if not others:
        chat.tell(words.say("dialog.staff_none"))
        return
    shown = others[start : start + A_PAGE]
    choices: Rows = rows(
        [
            button(
                words.say(
                    "chat.do.colleague" if one.on_duty else "chat.do.colleague_off",
                    name=one.name,
                    n=str(one.open_cases),
                ),
                give,
                case_id,
                one.id,
            )
            for one in shown
        ],
        2,
    )
    last = [button(words.say("cancel"), "no")]
    if len(others) > start + A_PAGE:
        last.append(button(words.say("more"), act, case_id, str(start + A_PAGE)))
    key = "hand_title" if give == "hg" else "assign_title"
    title = words.say(f"dialog.{key}", number=str(case.number))
    chat.tell(_named(chat, case, title), rows=[*choices, last], about=case_id)


def resolution(chat: Chat, case_id: str) -> None:
    """How the case ended; of a red one it is said that it takes two."""
    case = chat.case(case_id)
    if "close" not in allowed_acts(case, chat.viewer):
        raise Refused("closed" if case.closed_at is not None else "not_claimed")
    words = chat.words
    choices = [button(words.say(f"resolution.{one}"), "cr", case_id, one) for one in OFFERED]
    text = words.say("dialog.close_lead")
    if case.urgency == "red" or case.dangers:
        text = "\n".join((text, words.say("dialog.close_red")))
    chat.tell(
        text,
        title=_named(chat, case, words.say("dialog.close_title", number=str(case.number))),
        rows=[*rows(choices), [button(words.say("cancel"), "no")]],
        about=case_id,
    )


def urgency(chat: Chat, case_id: str) -> None:
    """How urgent the case is."""
    case = chat.case(case_id)
    words = chat.words
    choices = [
        button(words.say(f"urgency.{one}"), "us", case_id, one)
        for one in reversed(URGENCIES)
        if one != case.urgency
    ]
    chat.tell(
        words.say("dialog.urgency_lead"),
        title=_named(chat, case, words.say("dialog.urgency_title", number=str(case.number))),
        rows=[*rows(choices), [button(words.say("cancel"), "no")]],
        about=case_id,
    )


def _named(chat: Chat, case: Case, title: str) -> str:
    """With the name of who is helped, where that is known."""
    name = naming.name_of(chat.db, case)
    return chat.words.say("chat.titled", title=title, name=name) if name else title


def reason(chat: Chat, case_id: str, to: str) -> None:
    """Why it gets this urgency: that is asked in words."""
    if to not in URGENCIES:
        raise Refused("bad_request", 400)
    questions.ask_reason(chat, case_id, to)
