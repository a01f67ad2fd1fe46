"""Taps: the constant row, the faces, 还没办好, and the buttons of the present question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dialogs.engine import Answer, Button
from handlers import scripts
from handlers.advisors.close import FACES, RATE, REOPEN, open_again
from handlers.due import await_human
from handlers.residents import drafts, sessions, settle
from handlers.residents.drafts import Draft
from handlers.residents.file import (
    Beside,
    Request,
    before_filing,
    current_case,
    open_case,
    open_or_add,
)
from handlers.residents.wait import quiet, say_quietly
from handlers.talk import FIRST, Talk, hint, push
from handlers.when import by_when
from storage import cases, entries, notices, staff
from storage.cases import Case

Act = Callable[[Talk, Draft | None, str], None]
_LOOK_BACK = 60  # lines in which a button's words are looked for
_TREMBLE = timedelta(seconds=5)  # between two presses that are meant as one


def tapped(talk: Talk, choice: str, draft: Draft | None) -> bool:
    """Do what a tap says. Always its own turn: a tap is a command or an answer, never words."""
    name, _, subject = choice.partition(":")
    act = _COMMANDS.get(choice) or (_SUBJECTS.get(name) if subject else None)
    if act is not None:
        act(talk, draft, subject)
    elif name == "tel" or talk.live:
        let_desk_see(talk)  # a call was begun, or an old button while a human speaks
    elif draft is not None:
        if drafts.is_present(draft, choice):
            talk.chosen = label(talk, choice)  # said where it can be seen, and only if it is true
        sessions.go_on(talk, draft, Answer(choice=choice))
    elif open_case(talk) is not None:
        say_status(talk)  # most often the second tap of a trembling hand on what is filed already
    else:
        talk.say("engine.stale_choice")
        sessions.begin(talk, "menu", {})
    return True


def doubled(talk: Talk, seq: int, choice: str, draft: Draft | None) -> bool:
    """Whether line ``seq`` is the second press of a trembling hand: nothing comes of it.

    That is the button of the question that was answered by it just now, or the same button of
    the same message within moments.
    """
    if draft is not None and drafts.is_present(draft, choice):
        return False
    lines = entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)
    mine = [line for line in reversed(lines) if line.sender == "me" and line.seq <= seq]
    for place, line in enumerate(mine[1:]):
        if line.extra.get("choice") != choice:
            continue
        soon = talk.now - line.at <= _TREMBLE
        if drafts.is_of_question(choice):
            return place == 0 or soon
        under = mine[0].extra.get("under")
        return soon and under is not None and under == line.extra.get("under")
    return False


def let_desk_see(talk: Talk) -> None:
    """Nothing is said: whoever has the case open sees the new line."""
    if talk.case is not None and talk.case.closed_at is None:
        hint(talk.db, talk.case, talk.now)


def label(talk: Talk, choice: str, pressed: entries.Line | None = None) -> str:
    """The words of a button, for the bubble and the advisor's eyes.

    ``pressed``: the line under which it stands, where the channel says so.
    """
    if choice.startswith("cmd:"):
        key = f"talk.taps.{choice.removeprefix('cmd:')}"
        if key in talk.house.phrases:
            return talk.house.phrases.say(key)
    lines = reversed(entries.latest(talk.db, talk.conversation.id, _LOOK_BACK))
    for line in (pressed, *lines) if pressed is not None else lines:
        for one in line.choices or ():
            if one["value"] == choice:
                return one["label"]
    return talk.house.phrases.say("talk.taps.other")


def call_human(talk: Talk, reason: str) -> None:
    """A person is wanted: on the open case, or on a new one."""
    case = open_case(talk)
    if case is None or before_filing(case):
        settle.hand_over(talk, None, reason, {}, Beside())
        sessions.offer_number(talk, {})
    else:
        open_or_add(talk, Request(signs=(settle.SIGNS[reason],), who=case.who))
        cases.record(talk.db, case, "human_requested", talk.now)
        if reason == "complaint":
            talk.say("handoff.complaint")
        if reason == "my_data":
            talk.say("my_data.human", tone="receipt")
        else:
            when = by_when(case.promised_at or talk.now, talk.now, talk.house)
            talk.say("handoff.already", when=when, tone="receipt")
        settle.say_if_nobody(talk)
    if reason == "complaint" and talk.case is not None:
        if notices.rings_for(talk.db, talk.case.id, "complaint"):
            return
        words = talk.house.staff_words.say("push.complaint", number=str(talk.case.number))
        push(talk.db, talk.case, talk.now, "supervisors", words, "complaint")


def say_status(talk: Talk) -> None:
    """How far each open case is (the last one, when none is open)."""
    all_cases = cases.of_conversation(talk.db, talk.conversation.id)
    shown = [case for case in all_cases if case.closed_at is None] or all_cases[-1:]
    if not shown:
        talk.say("status.none")
    for case in shown:
        _say_one(talk, case)


def _say_one(talk: Talk, case: Case) -> None:
    if quiet(case):
        say_quietly(talk, case)
        return
    person = staff.get(talk.db, case.assignee_id) if case.assignee_id else None
    name = person.name if person else talk.house.phrases.say("talk.somebody")
    late = case.promised_at is not None and case.promised_at < talk.now
    moment = talk.now if case.promised_at is None or late else case.promised_at
    when = by_when(moment, talk.now, talk.house)
    status = case.status
    if status in {"received", "assessing"} and case.promised_at is None:
        status = "in_care"  # nobody owes an answer: no time is promised
    talk.say(f"status.{status}", number=str(case.number), name=name, when=when)
    if late and case.closed_at is None:
        talk.say("status.late")


def _human(talk: Talk, draft: Draft | None, _: str) -> None:
    if talk.live:
        let_desk_see(talk)
    elif draft is not None:
        sessions.go_on(talk, draft, Answer(choice="cmd:human"))
    else:
        call_human(talk, "asked")


def _where(talk: Talk, draft: Draft | None, _: str) -> None:
    say_status(talk)
    if draft is not None and not talk.live:
        sessions.ask_again(talk, draft)


def _reopen(talk: Talk, draft: Draft | None, case_id: str) -> None:
    """还没办好: a closed case is open again by one tap, and never refused (design §6)."""
    case = _own(talk, case_id) or current_case(talk)
    if case is None or case.closed_at is None:
        talk.say("closed.already" if case else "status.none")
        return
    talk.case = case
    open_again(talk, case)
    cases.record(talk.db, case, "reopened_by_resident", talk.now)
    await_human(talk.db, case, talk.now, talk.house)
    if case.assignee_id:
        words = talk.house.staff_words.say("push.reopened", number=str(case.number))
        push(talk.db, case, talk.now, f"staff:{case.assignee_id}", words, "reopened")
    when = by_when(case.promised_at or talk.now, talk.now, talk.house)
    talk.say("closed.reopened", when=when, tone="receipt")
    hint(talk.db, case, talk.now, "queue")


def _rate(talk: Talk, draft: Draft | None, subject: str) -> None:
    """A face for a closed case. The last one counts; after a bad one a supervisor asks, once."""
    case_id, _, face = subject.partition(":")
    case = _own(talk, case_id)
    if case is None or face not in FACES:
        talk.say("engine.unknown_choice")
        return
    talk.case = case
    if case.closed_at is None:
        talk.say("closed.already")  # it was opened again: nothing has ended that could be rated
        return
    told = _bad_since_closed(talk, case)
    cases.record(talk.db, case, "rated", talk.now, face=face)
    reopen = Button(talk.house.phrases.say("closed.reopen"), f"{REOPEN}:{case.id}")
    talk.say(f"closed.thanks_{face}", choices=(reopen,), tone="question", extra=FIRST)
    if face == "bad" and not told:
        words = talk.house.staff_words.say("push.rated_bad", number=str(case.number))
        push(talk.db, case, talk.now, "supervisors", words, "rated_bad")
    hint(talk.db, case, talk.now)


def _bad_since_closed(talk: Talk, case: Case) -> bool:
    """Whether a bad face came already since the case was closed."""
    for event in reversed(cases.events(talk.db, case.id)):
        if event.kind == "closed":
            return False
        if event.kind == "rated" and event.data.get("face") == "bad":
            return True
    return False


def _own(talk: Talk, case_id: str) -> Case | None:
    """A case of this very conversation, locked."""
    case = cases.get(talk.db, case_id, lock=True) if case_id.isalnum() else None
    return case if case is not None and case.conversation_id == talk.conversation.id else None


def _help(talk: Talk, draft: Draft | None, _: str) -> None:
    if talk.live:
        let_desk_see(talk)
        return
    talk.say("help")
    if scripts.waits_for_answer(talk):
        return  # no form over a danger that stands open
    if draft is not None:
        sessions.ask_again(talk, draft)
    elif open_case(talk) is None:
        sessions.begin(talk, "menu", {})


def _continue(talk: Talk, draft: Draft | None, _: str) -> None:
    if talk.live:
        let_desk_see(talk)
    elif draft is None:
        sessions.begin(talk, "menu", {})
    else:
        sessions.ask_again(talk, draft)


def _through_the_dialog(command: str) -> Act:
    """A command that the dialog that waits carries out; without one the menu opens."""

    def act(talk: Talk, draft: Draft | None, _: str) -> None:
        if talk.live:
            let_desk_see(talk)
        elif draft is not None:
            sessions.go_on(talk, draft, Answer(choice=command))
        else:
            sessions.begin(talk, "menu", {})

    return act


_COMMANDS: dict[str, Act] = {
    "cmd:human": _human,
    "cmd:where": _where,
    "cmd:reopen": _reopen,
    "cmd:help": _help,
    "cmd:menu": _through_the_dialog("cmd:menu"),
    "cmd:back": _through_the_dialog("cmd:back"),
    "cmd:continue": _continue,
}
_SUBJECTS: dict[str, Act] = {RATE: _rate, REOPEN: _reopen}
