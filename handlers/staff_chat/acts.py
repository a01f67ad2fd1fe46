"""What a press does at once: each is one use case of the house, and one short sentence."""

from __future__ import annotations

from handlers.advisors import attend
from handlers.advisors import claim as claiming
from handlers.advisors import close as closing
from handlers.advisors.desk_case import must_be_open, must_hold
from handlers.desk.case_view import allowed_acts
from handlers.ports import Refused
from handlers.residents.wait import quiet
from handlers.staff_chat import naming
from handlers.staff_chat.buttons import Button, button, rows
from handlers.staff_chat.chat import SURE, Chat
from handlers.staff_chat.faces import card_of, phones, task_buttons
from handlers.supervisors import assign as assigning
from storage import cases, due, entries, notices
from storage.cases import Case

YES = "y"


def claim(chat: Chat, case_id: str) -> None:
    """我来."""
    take(chat, case_id)
    case, say = chat.case(case_id), chat.words.say
    reply = button(say("chat.do.reply"), "fo", case_id)
    chat.tell(
        say("list.claimed", number=str(case.number)),
        rows=rows([None if quiet(case) else reply, button(say("chat.do.read"), "rd", case_id)]),
        about=case_id,
    )


def take(chat: Chat, case_id: str) -> None:
    """Claim a case.

    Raises:
        Refused: ``taken`` says who has it.
    """
    chat.act(claiming.claim, case_id, chat.now, chat.house)


def release(chat: Chat, case_id: str, yes: str = "") -> None:
    """放回: asked once more, and with a way back."""
    case = chat.case(case_id)
    if not yes:
        if "release" not in allowed_acts(case, chat.viewer):
            must_be_open(case)
            must_hold(chat.db, chat.viewer, case)
            raise Refused("not_claimed")
        sure(chat, case, "sure.release", "rl")
        return
    chat.act(claiming.release, case_id, chat.now, chat.house)
    again = button(chat.words.say("talk.claim"), "cl", case_id)
    done(chat, case_id, "talk.released", rows=[[again]])


def acknowledge(chat: Chat, seq: int) -> None:
    """已知晓."""
    chat.act(assigning.acknowledge, seq, chat.now, chat.house)
    notice = notices.peek(chat.db, seq)
    if notice is not None and notice.case_id is not None:
        done(chat, notice.case_id, "alarm.acked")
    else:
        chat.tell(chat.words.say("alarm.acked"))


def close(chat: Chat, case_id: str, resolution: str, yes: str = "") -> None:
    """结案; that somebody died, or that words wait unread, is asked once more."""
    if not yes and _asks_before_closing(chat, case_id, resolution):
        return
    ended = chat.act(closing.close, case_id, resolution, chat.now, chat.house)
    done(chat, case_id, "talk.closed" if ended == "closed" else "talk.proposed")


def _asks_before_closing(chat: Chat, case_id: str, resolution: str) -> bool:
    case = chat.case(case_id)
    card = card_of(chat.db, chat.viewer, case, chat.house)
    say = chat.words.say
    waits = []
    if card.unread:
        waits.append(say("list.unread", n=str(card.unread)))
    if card.voice_unheard:
        waits.append(say("list.voice"))
    dead = resolution == "deceased"
    if case.closed_at is not None or not (dead or waits):
        return False
    read = button(say("chat.do.read"), "rd", case_id) if waits else None
    yes = button(
        say("chat.do.deceased" if dead else "chat.do.close_anyway"), "cr", case_id, resolution, YES
    )
    lines = [say("chat.sure.unread", waits="、".join(waits))] if waits else []
    if dead:
        lines.append(say("dialog.deceased"))
    ask(chat, case, "\n".join(lines), [read, yes])
    return True


def confirm_close(chat: Chat, case_id: str) -> None:
    """同意结案: the second person agrees to what the first proposed."""
    case = chat.case(case_id)
    if case.closing_by is None:
        raise Refused("conflict")
    proposed = [one for one in cases.events(chat.db, case.id) if one.kind == "close_proposed"]
    close(chat, case_id, str(proposed[-1].data["resolution"]) if proposed else "", YES)


def reopen(chat: Chat, case_id: str) -> None:
    """重开, or 先不结."""
    refused = chat.case(case_id).closed_at is None
    chat.act(closing.reopen, case_id, chat.now, chat.house)
    done(chat, case_id, "talk.refused" if refused else "talk.reopened")


def heard(chat: Chat, media_id: str) -> None:
    """听过了."""
    chat.act(attend.heard, media_id, chat.now, chat.house)
    line = entries.with_media(chat.db, media_id)
    if line is not None and line.case_id is not None:
        done(chat, line.case_id, "tasks.done")


def parked_taken(chat: Chat, row_id: str) -> None:
    """看过了."""
    chat.act(attend.parked_taken, row_id, chat.now)
    chat.tell(chat.words.say("parked.done"))


def task_done(chat: Chat, task_id: str, reached: str, yes: str = "") -> None:
    """打通了, 没打通, 见到了, 没见到: asked once more, since what follows is said to people."""
    found = due.peek_task(chat.db, task_id)
    if found is None or reached not in ("0", "1"):
        raise Refused("not_found", 404)
    case = chat.case(found.case_id)
    if not yes:
        if found.done_at is not None:
            raise Refused("already_done")
        deed = chat.words.say(_deed(found.kind, reached))
        sure(chat, case, "sure.task", "td", reached, of=task_id, deed=deed)
        return
    chat.act(attend.task_done, task_id, reached == "1", chat.now, chat.house)
    if found.kind != "call":
        key = "done"
    else:
        key = "done_reached" if reached == "1" else "done_missed"
    done(chat, case.id, f"tasks.{key}")


def _deed(kind: str, reached: str) -> str:
    if kind == "visit":
        return "tasks.met" if reached == "1" else "tasks.not_met"
    if kind == "call":
        return "tasks.reached" if reached == "1" else "tasks.not_reached"
    return "tasks.handled"


def reveal(chat: Chat, case_id: str, role: str = "") -> None:
    """看电话: one person's number, audited; which person is asked when there are several."""
    case = chat.case(case_id)
    roles = [role] if role else phones(chat.db, case)
    if not roles:
        raise Refused("no_phone", 404)
    if len(roles) > 1:
        say = chat.words.say
        choice = [button(say(f"role_in_case.{one}"), "ph", case_id, one) for one in roles]
        chat.say("whose_phone", number=str(case.number), rows=rows(choice), about=case_id)
        return
    number = chat.act(attend.reveal, case_id, roles[0], "phone", chat.now)
    whose = chat.words.say(f"role_in_case.{roles[0]}")
    chat.say(
        "phone",
        number=str(case.number),
        whose=whose,
        phone=number,
        rows=_how_it_went(chat, case),
        about=case_id,
    )


def _how_it_went(chat: Chat, case: Case) -> list[list[dict[str, str]]]:
    """When a call waits, its outcome is asked for right under the number."""
    calls = [task for task in due.open_tasks(chat.db, case.id) if task.kind == "call"]
    return [task_buttons(task.id, task.kind, chat.house) for task in calls[:1]]


def sure(
    chat: Chat, case: Case, key: str, act: str, *parts: str, of: str = "", **params: str
) -> None:
    """Ask once more: 是的, 不是. ``of``: what is done to, where it is not the case itself."""
    yes = button(chat.words.say("chat.do.yes"), act, of or case.id, *parts, YES)
    no = button(chat.words.say("chat.do.no"), "no")
    ask(chat, case, chat.words.say(f"chat.{key}", **params), [yes], no)


def ask(
    chat: Chat, case: Case, text: str, acts: list[Button | None], no: Button | None = None
) -> None:
    """A question about a case that its answer will replace."""
    away = no or button(chat.words.say("cancel"), "no")
    called = naming.called(chat.db, chat.words, case)
    chat.tell(
        chat.words.say("chat.asked", case=called, text=text),
        rows=rows([*acts, away]),
        about=case.id,
        kind=SURE,
    )


def done(
    chat: Chat,
    case_id: str,
    key: str,
    rows: list[list[dict[str, str]]] | None = None,
    **params: str,
) -> None:
    """Say what was done, with the number of the case."""
    case = cases.get(chat.db, case_id)
    number = str(case.number) if case else ""
    said = chat.words.say(key, **params)
    text = chat.words.say("chat.about", number=number, text=said)
    chat.tell(text, rows=rows, about=case_id)
