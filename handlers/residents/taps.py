"""Taps: the constant row, the faces, 还没办好, and the buttons of the present question."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.engine import Answer
from handlers import staff
from handlers.advisors.close import FACES, open_again
from handlers.due import await_human
from handlers.residents import sessions, settle
from handlers.residents.file import current_case
from handlers.talk import Talk, hint
from handlers.when import by_when
from storage import cases, entries
from storage import staff as staff_table
from storage.cases import Case

_LOOK_BACK = 60  # lines in which a button's words are looked for


def tapped(talk: Talk, choice: str, draft: sessions.Draft | None) -> bool:
    """Do what a tap says; False leaves it to the dialog that waits."""
    if choice.startswith("rate:"):
        return _rate(talk, choice)
    act = _COMMANDS.get(choice)
    if act is not None:
        act(talk, draft)
        return True
    if draft is not None:
        sessions.go_on(talk, draft, Answer(choice=choice))
        return True
    if choice.startswith("tel:") or talk.live:
        return True  # a call was begun, or an old button was pressed while a human speaks
    talk.say("engine.stale_choice")
    sessions.begin(talk, "menu", {})
    return True


def label(talk: Talk, choice: str) -> str:
    """The words of a button, for the bubble and the advisor's eyes."""
    if choice.startswith("cmd:"):
        key = f"talk.taps.{choice.removeprefix('cmd:')}"
        if key in talk.house.phrases:
            return talk.house.phrases.say(key)
    for line in reversed(entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)):
        for one in line.choices or ():
            if one["value"] == choice:
                return one["label"]
    return talk.house.phrases.say("talk.taps.other")


def _human(talk: Talk, draft: sessions.Draft | None) -> None:
    if talk.live:
        return
    if draft is not None:
        sessions.go_on(talk, draft, Answer(choice="cmd:human"))
        return
    call_human(talk, "asked")


def call_human(talk: Talk, reason: str) -> None:
    """A person is wanted: on the open case, or on a new one."""
    case = current_case(talk)
    talk.case = case
    if case is not None and case.closed_at is None and case.flow is not None:
        cases.record(talk.db, case, "human_requested", talk.now)
        await_human(talk.db, case, talk.now, talk.house)
        when = by_when(case.promised_at or talk.now, talk.now, talk.house)
        talk.say("handoff.already", when=when, tone="receipt")
        if not staff.somebody_on_duty(talk.db):
            talk.say("duty.nobody_phone", phone=talk.house.office.phone, tone="receipt")
        hint(talk.db, case, talk.now)
        return
    settle.hand_over(talk, None, reason, {}, ())
    sessions.offer_number(talk, {})


def _where(talk: Talk, draft: sessions.Draft | None) -> None:
    say_status(talk)
    if draft is not None and not talk.live:
        sessions.ask_again(talk, draft)


def say_status(talk: Talk) -> None:
    """How far each open case is (the last one, when none is open)."""
    all_cases = cases.of_conversation(talk.db, talk.conversation.id)
    shown = [case for case in all_cases if case.closed_at is None] or all_cases[-1:]
    if not shown:
        talk.say("status.none")
    for case in shown:
        _say_one(talk, case)


def _say_one(talk: Talk, case: Case) -> None:
    person = staff_table.get(talk.db, case.assignee_id) if case.assignee_id else None
    name = person.name if person else talk.house.phrases.say("talk.somebody")
    late = case.promised_at is not None and case.promised_at < talk.now
    moment = talk.now if case.promised_at is None or late else case.promised_at
    when = by_when(moment, talk.now, talk.house)
    status = case.status
    if status == "assessing" and case.promised_at is None:
        status = "in_care"  # nobody owes an answer: no time is promised
    talk.say(f"status.{status}", number=str(case.number), name=name, when=when)
    if late and case.closed_at is None:
        talk.say("status.late")


def _reopen(talk: Talk, draft: sessions.Draft | None) -> None:
    """还没办好: a closed case is open again by one tap, and never refused (design §6)."""
    case = current_case(talk)
    if case is None or case.closed_at is None:
        talk.say("closed.already" if case else "status.none")
        return
    talk.case = case
    open_again(talk, case)
    cases.record(talk.db, case, "reopened_by_resident", talk.now)
    await_human(talk.db, case, talk.now, talk.house)
    when = by_when(case.promised_at or talk.now, talk.now, talk.house)
    talk.say("closed.reopened", when=when, tone="receipt")
    hint(talk.db, case, talk.now, "queue")


def _rate(talk: Talk, choice: str) -> bool:
    _, case_id, face = (choice.split(":", 2) + ["", ""])[:3]
    case = cases.get(talk.db, case_id, lock=True)
    if case is None or case.conversation_id != talk.conversation.id or face not in FACES:
        talk.say("engine.unknown_choice")
        return True
    talk.case = case
    cases.record(talk.db, case, "rated", talk.now, face=face)
    talk.say(f"closed.thanks_{face}", tone="receipt")
    hint(talk.db, case, talk.now)
    return True


def _continue(talk: Talk, draft: sessions.Draft | None) -> None:
    if draft is None:
        sessions.begin(talk, "menu", {})
    else:
        sessions.ask_again(talk, draft)


def _menu(talk: Talk, draft: sessions.Draft | None) -> None:
    if talk.live:
        return
    if draft is not None:
        sessions.go_on(talk, draft, Answer(choice="cmd:menu"))
    else:
        sessions.begin(talk, "menu", {})


def _back(talk: Talk, draft: sessions.Draft | None) -> None:
    if talk.live:
        return
    if draft is not None:
        sessions.go_on(talk, draft, Answer(choice="cmd:back"))
    else:
        sessions.begin(talk, "menu", {})


_COMMANDS: dict[str, Callable[[Talk, sessions.Draft | None], None]] = {
    "cmd:human": _human,
    "cmd:where": _where,
    "cmd:reopen": _reopen,
    "cmd:menu": _menu,
    "cmd:back": _back,
    "cmd:continue": _continue,
}
