"""What a press does at once: each is one use case of the house, and one short sentence."""

from __future__ import annotations

from handlers.advisors import attend
from handlers.advisors import claim as claiming
from handlers.advisors import close as closing
from handlers.ports import Refused
from handlers.residents.wait import quiet
from handlers.staff_chat.buttons import button, rows
from handlers.staff_chat.chat import Chat
from handlers.staff_chat.faces import phones, task_buttons
from handlers.supervisors import assign as assigning
from storage import cases, due, staff
from storage.cases import Case

SURE = "sure"


def claim(chat: Chat, case_id: str) -> None:
    """我来."""
    take(chat, case_id)
    case, say = chat.case(case_id), chat.words.say
    reply = button(say("chat.do.reply"), "fo", case_id)
    chat.tell(
        say("list.claimed", number=str(case.number)),
        rows=rows([None if quiet(case) else reply, button(say("chat.do.read"), "rd", case_id)]),
    )


def take(chat: Chat, case_id: str) -> None:
    """Claim a case.

    Raises:
        Refused: ``taken`` says who has it.
    """
    chat.act(claiming.claim, case_id, chat.now, chat.house)


def release(chat: Chat, case_id: str) -> None:
    """放回: with a way back."""
    chat.act(claiming.release, case_id, chat.now, chat.house)
    again = button(chat.words.say("talk.claim"), "cl", case_id)
    _done(chat, case_id, "talk.released", rows=[[again]])


def hand_over(chat: Chat, case_id: str, staff_id: str) -> None:
    """转交."""
    chat.act(claiming.hand_over, case_id, staff_id, chat.now, chat.house)
    _done(chat, case_id, "talk.handed", name=_name(chat, staff_id))


def assign(chat: Chat, case_id: str, staff_id: str) -> None:
    """派给."""
    chat.act(assigning.assign, case_id, staff_id, chat.now, chat.house)
    _done(chat, case_id, "talk.assigned", name=_name(chat, staff_id))


def acknowledge(chat: Chat, seq: int) -> None:
    """已知晓."""
    chat.act(assigning.acknowledge, seq, chat.now, chat.house)
    chat.tell(chat.words.say("alarm.acked"))


def close(chat: Chat, case_id: str, resolution: str, sure: str = "") -> None:
    """结案; that somebody died is asked once more."""
    if resolution == "deceased" and sure != SURE:
        yes = button(chat.words.say("chat.do.deceased"), "cr", case_id, resolution, SURE)
        chat.tell(
            chat.words.say("dialog.deceased"),
            rows=rows([yes, button(chat.words.say("cancel"), "no")]),
        )
        return
    done = chat.act(closing.close, case_id, resolution, chat.now, chat.house)
    _done(chat, case_id, "talk.closed" if done == "closed" else "talk.proposed")


def confirm_close(chat: Chat, case_id: str) -> None:
    """同意结案: the second person agrees to what the first proposed."""
    case = chat.case(case_id)
    if case.closing_by is None:
        raise Refused("conflict")
    proposed = [one for one in cases.events(chat.db, case.id) if one.kind == "close_proposed"]
    close(chat, case_id, str(proposed[-1].data["resolution"]) if proposed else "", SURE)


def reopen(chat: Chat, case_id: str) -> None:
    """重开, or 先不结."""
    refused = chat.case(case_id).closed_at is None
    chat.act(closing.reopen, case_id, chat.now, chat.house)
    _done(chat, case_id, "talk.refused" if refused else "talk.reopened")


def heard(chat: Chat, media_id: str) -> None:
    """听过了."""
    chat.act(attend.heard, media_id, chat.now, chat.house)
    chat.tell(chat.words.say("tasks.done"))


def parked_taken(chat: Chat, row_id: str) -> None:
    """看过了."""
    chat.act(attend.parked_taken, row_id, chat.now)
    chat.tell(chat.words.say("parked.done"))


def task_done(chat: Chat, task_id: str, reached: str) -> None:
    """打通了, 没打通."""
    found = due.peek_task(chat.db, task_id)
    chat.act(attend.task_done, task_id, reached == "1", chat.now, chat.house)
    if found is None or found.kind != "call":
        key = "done"
    else:
        key = "done_reached" if reached == "1" else "done_missed"
    chat.tell(chat.words.say(f"tasks.{key}"))


def reveal(chat: Chat, case_id: str, role: str = "") -> None:
    """看电话: one person's number, audited; which person is asked when there are several."""
    case = chat.case(case_id)
    roles = [role] if role else phones(chat.db, case)
    if not roles:
        raise Refused("no_phone", 404)
    if len(roles) > 1:
        say = chat.words.say
        choice = [button(say(f"role_in_case.{one}"), "ph", case_id, one) for one in roles]
        chat.say("whose_phone", number=str(case.number), rows=rows(choice))
        return
    number = chat.act(attend.reveal, case_id, roles[0], "phone", chat.now)
    whose = chat.words.say(f"role_in_case.{roles[0]}")
    chat.say(
        "phone",
        number=str(case.number),
        whose=whose,
        phone=number,
        rows=_how_it_went(chat, case),
    )


def _how_it_went(chat: Chat, case: Case) -> list[list[dict[str, str]]]:
    """When a call waits, its outcome is asked for right under the number."""
    calls = [task for task in due.open_tasks(chat.db, case.id) if task.kind == "call"]
    return [task_buttons(task.id, task.kind, chat.house) for task in calls[:1]]


def _done(
    chat: Chat,
    case_id: str,
    key: str,
    rows: list[list[dict[str, str]]] | None = None,
    **params: str,
) -> None:
    case = cases.get(chat.db, case_id)
    number = str(case.number) if case else ""
    said = chat.words.say(key, **params)
    chat.tell(chat.words.say("chat.about", number=number, text=said), rows=rows)


def _name(chat: Chat, staff_id: str) -> str:
    person = staff.get(chat.db, staff_id)
    return person.name if person else ""
