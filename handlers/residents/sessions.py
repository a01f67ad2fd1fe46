"""The dialog of a conversation: begun, gone on with, and its outcomes carried out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogs import engine
from dialogs.answers import bare
from dialogs.engine import Answer, Ask, Button, Drop, File, Handoff, Outcome, Say, Switch, Tell
from dialogs.flow_model import SKIPPED, Flow
from dialogs.session import Session, Slot
from handlers.residents import phones
from handlers.residents.drafts import Draft, keep, known_so_far, let_go, mark_reminded
from handlers.residents.file import HUMAN, Beside, open_or_add
from handlers.residents.settle import drop, file, hand_over
from handlers.talk import FIRST, SILENT, Talk
from storage import case_slots, cases, entries

CONTINUE = "cmd:continue"
_MOST_SWITCHES = 4  # menu → relay → need; more would be a circle in the flows


def remind(talk: Talk) -> None:
    """上次的话说到一半。要不要接着说?"""
    phrases = talk.house.phrases
    yes = Button(phrases.say("draft.reminder_yes"), CONTINUE)
    no = Button(phrases.say("draft.reminder_no"), "cmd:drop")
    talk.say("draft.reminder", choices=(yes, no), tone="question", extra=FIRST)
    mark_reminded(talk)


def reminded(talk: Talk, draft: Draft, text: str) -> bool:
    """Whether words answer the reminder: 接着说, 好, 1; or 不说了, 不用, 2. Then it is done."""
    if draft.flow is None or not draft.reminded:
        return False
    phrases = talk.house.phrases
    common, word = draft.flow.common.words, bare(text)
    if word in {"1", bare(phrases.say("draft.reminder_yes")), *common["yes"]}:
        ask_again(talk, draft)
        return True
    if word in {"2", bare(phrases.say("draft.reminder_no")), *common["no"]}:
        go_on(talk, draft, Answer(choice="cmd:drop"))
        return True
    return False


def begin(
    talk: Talk,
    name: str,
    slots: Mapping[str, Slot | str],
    needs: Sequence[str] = (),
    *,
    sent: bool = False,
    lead: str = "",
) -> None:
    """Start a flow; ``needs`` were told too, beside the one it is about.

    ``sent``: something came that a human must see, whatever becomes of the dialog. ``lead``:
    words that the first message begins with.
    """
    flow = talk.house.flows[name]
    session, outcomes = engine.start(flow, secrets.token_hex(4), slots)
    beside = Beside(needs=tuple(needs), sent=sent)
    carry_out(talk, flow, session, _led(talk, lead, outcomes), beside)


def go_on(talk: Talk, draft: Draft, answer: Answer) -> None:
    """Take one answer to the present question."""
    if draft.flow is None or draft.session is None:
        carry_out(talk, draft.flow, None, (Handoff("session_broken", draft.slots),), draft.beside)
        return
    session, outcomes = engine.advance(draft.flow, draft.session, answer)
    replaced = (*draft.beside.replaced, *_corrected(draft.session, session))
    carry_out(talk, draft.flow, session, outcomes, replace(draft.beside, replaced=replaced))


def ask_again(talk: Talk, draft: Draft, lead: str = "") -> None:
    """Put the present question again, unchanged; ``lead``: words before it, in one message."""
    if draft.flow is None or draft.session is None:
        go_on(talk, draft, Answer())
        return
    session, outcomes = engine.ask_again(draft.flow, draft.session)
    carry_out(talk, draft.flow, session, _led(talk, lead, outcomes), draft.beside)


def _led(talk: Talk, lead: str, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """With words to lead, all that is said up to the question is one message: one sound."""
    if not lead:
        return outcomes
    words = [lead]
    rest: list[Outcome] = []
    for outcome in outcomes:
        match outcome:
            case Say(key, params) if not rest:
                words.append(talk.house.phrases.say(key, **params))
            case Tell(text) if not rest:
                words.append(text)
            case Ask(text) if not rest:
                rest.append(replace(outcome, text="\n".join((*words, text))))
            case _:
                rest.append(outcome)
    led = any(isinstance(one, Ask) for one in rest)
    return tuple(rest) if led else (Tell(lead), *outcomes)


def carry_out(
    talk: Talk,
    flow: Flow | None,
    session: Session | None,
    outcomes: tuple[Outcome, ...],
    beside: Beside,
) -> None:
    """Do what the engine decided: say, ask, file, hand over, go to another flow, let go."""
    for _ in range(_MOST_SWITCHES):
        keep(talk, flow, session, beside)
        switch = None
        asks = any(isinstance(outcome, Ask) for outcome in outcomes)
        first = bool(flow and session and engine.is_first(flow, session))
        for outcome in outcomes:
            if isinstance(outcome, Switch):
                switch = outcome
            elif isinstance(outcome, Say | Tell | Ask):
                _speak(talk, outcome, quietly=asks, first=first)
            else:
                _do(talk, flow, outcome, beside)
        if switch is None:
            return
        flow = talk.house.flows[switch.flow]
        session, outcomes = engine.start(flow, secrets.token_hex(4), switch.slots)


def _speak(talk: Talk, outcome: Say | Tell | Ask, *, quietly: bool, first: bool) -> None:
    """``quietly``: a question follows, which alone makes a sound. ``first``: nothing before it."""
    match outcome:
        case Say(key, params):
            talk.tell(talk.house.phrases.say(key, **params), extra=SILENT if quietly else None)
        case Tell(text):
            talk.tell(text, extra=SILENT if quietly else None)
        case Ask(text, choices, tone):
            talk.tell(text, choices=choices, tone=tone, extra=FIRST if first else None)


def _do(talk: Talk, flow: Flow | None, outcome: Outcome, beside: Beside) -> None:
    match outcome:
        case File(slots):
            file(talk, flow, slots, beside)
        case Handoff(reason, slots):
            hand_over(talk, flow, reason, slots, beside)
            offer_number(talk, slots)
        case Drop():
            drop(talk)


def offer_number(talk: Talk, slots: Mapping[str, Slot]) -> None:
    """After a call for a human: one question how to reach them, if that is not known."""
    case = talk.case
    known = case is not None and any(
        line.key == "phone" and line.replaced_at is None
        for line in case_slots.of_case(talk.db, case.id)
    )
    answered = "phone" in slots and ("consent" in slots or slots["phone"].key == SKIPPED)
    if not answered and not known and HUMAN in talk.house.flows and not talk.live:
        begin(talk, HUMAN, {})


def _corrected(before: Session, after: Session | None) -> tuple[tuple[str, Slot], ...]:
    """Answers that the person took back: they stay beside the new ones, struck out."""
    if after is None:
        return ()
    return tuple(
        (key, old)
        for key, old in before.slots.items()
        if old.key != SKIPPED and key in after.slots and after.slots[key].key != old.key
    )


def hand_in(talk: Talk, draft: Draft) -> None:
    """An unfinished dialog goes to a human as it is; one that tells nothing is let go."""
    request = known_so_far(draft, ("unfinished",))
    told = bool(request.needs or request.slots)
    if draft.flow is not None and draft.flow.kind != "menu" and told:
        request = replace(request, flow=draft.flow.name)
    let_go(talk)
    if not told and not draft.beside.sent:
        return
    case, _ = open_or_add(talk, request)
    phones.keep_before_asked(talk, case, draft.slots)
    cases.record(talk.db, case, "drafted", talk.now)
    entries.attach(talk.db, talk.conversation.id, case.id)
    talk.say("draft.filed", number=str(case.number), tone="receipt")
