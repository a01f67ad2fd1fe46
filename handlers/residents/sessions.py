"""The dialog of a conversation: kept between messages, and its outcomes carried out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogs import engine
from dialogs.engine import Answer, Ask, Drop, File, Handoff, Outcome, Say, Switch, Tell
from dialogs.flow_model import Flow
from dialogs.session import Session, SessionError, Slot
from handlers.due import DRAFT
from handlers.residents.file import Request
from handlers.residents.settle import drop, file, hand_over, needs_of, who_of
from handlers.talk import Talk
from storage import conversations, due

Replaced = tuple[tuple[str, Slot], ...]
_MOST_SWITCHES = 4  # menu → relay → need; more would be a circle in the flows


@dataclass(frozen=True, slots=True)
class Draft:
    """A dialog that waits for an answer, with the answers that were corrected in it."""

    flow: Flow | None
    session: Session | None
    replaced: Replaced = ()
    slots: Mapping[str, Slot] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether the stored state cannot be gone on with (a flow was changed or taken away)."""
        return self.session is None or self.flow is None


def load(talk: Talk) -> Draft | None:
    """The dialog that waits, or None."""
    raw = conversations.load_session(talk.db, talk.conversation.id)
    if raw is None:
        return None
    replaced = tuple((key, Slot(*slot)) for key, slot in raw.get("replaced", ()))
    try:
        session = Session.from_json(raw.get("session"))
    except SessionError as error:
        return Draft(None, None, replaced, error.slots)
    return Draft(talk.house.flows.get(session.flow), session, replaced, session.slots)


def begin(talk: Talk, name: str, slots: Mapping[str, Slot | str]) -> None:
    """Start a flow."""
    flow = talk.house.flows[name]
    session, outcomes = engine.start(flow, secrets.token_hex(4), slots)
    carry_out(talk, flow, session, outcomes, ())


def go_on(talk: Talk, draft: Draft, answer: Answer) -> None:
    """Take one answer to the present question."""
    if draft.flow is None or draft.session is None:
        conversations.drop_session(talk.db, talk.conversation.id)
        carry_out(talk, draft.flow, None, (Handoff("session_broken", draft.slots),), draft.replaced)
        return
    session, outcomes = engine.advance(draft.flow, draft.session, answer)
    replaced = (*draft.replaced, *_corrected(draft.session, session))
    carry_out(talk, draft.flow, session, outcomes, replaced)


def ask_again(talk: Talk, draft: Draft) -> None:
    """Put the present question again, unchanged."""
    if draft.flow is None or draft.session is None:
        go_on(talk, draft, Answer())
        return
    session, outcomes = engine.ask_again(draft.flow, draft.session)
    carry_out(talk, draft.flow, session, outcomes, draft.replaced)


def carry_out(
    talk: Talk,
    flow: Flow | None,
    session: Session | None,
    outcomes: tuple[Outcome, ...],
    replaced: Replaced,
) -> None:
    """Do what the engine decided: say, ask, file, hand over, go to another flow, let go."""
    for _ in range(_MOST_SWITCHES):
        _keep(talk, flow, session, replaced)
        switch = None
        for outcome in outcomes:
            if isinstance(outcome, Switch):
                switch = outcome
            else:
                _do(talk, flow, outcome, replaced)
        if switch is None:
            return
        flow = talk.house.flows[switch.flow]
        session, outcomes = engine.start(flow, secrets.token_hex(4), switch.slots)


def _do(talk: Talk, flow: Flow | None, outcome: Outcome, replaced: Replaced) -> None:
    match outcome:
        case Say(key, params):
            talk.say(key, **params)
        case Tell(text):
            talk.tell(text)
        case Ask(text, choices, tone):
            talk.tell(text, choices=choices, tone=tone)
        case File(slots):
            file(talk, flow, slots, replaced)
        case Handoff(reason, slots):
            hand_over(talk, flow, reason, slots, replaced)
            offer_number(talk, slots)
        case Drop():
            drop(talk)


def offer_number(talk: Talk, slots: Mapping[str, Slot]) -> None:
    """After a call for a human: one question how to reach them, if that is not known."""
    if "phone" not in slots and "human" in talk.house.flows and not talk.live:
        begin(talk, "human", {})


def _keep(talk: Talk, flow: Flow | None, session: Session | None, replaced: Replaced) -> None:
    db, conversation = talk.db, talk.conversation
    if session is None:
        conversations.drop_session(db, conversation.id)
        due.clear(db, DRAFT, conversation.id)
        return
    state = {
        "session": session.to_json(),
        "replaced": [[key, [slot.key, slot.words, slot.source]] for key, slot in replaced],
    }
    conversations.save_session(db, conversation.id, session.flow, state, talk.now)
    if flow is not None and flow.kind != "menu" and flow.name != "human":
        due.put(
            db,
            DRAFT,
            conversation.id,
            talk.now + talk.house.office.reminder,
            talk.now,
            conversation_id=conversation.id,
        )


def _corrected(before: Session, after: Session | None) -> Replaced:
    """Answers that the person took back: they stay beside the new ones, struck out."""
    if after is None:
        return ()
    return tuple(
        (key, old)
        for key, old in before.slots.items()
        if old.key != "skipped" and key in after.slots and after.slots[key].key != old.key
    )


def request_of(
    flow: Flow | None, slots: Mapping[str, Slot], replaced: Replaced, sign: str
) -> Request:
    """What a dialog knows, as a request that nobody confirmed; ``sign`` says why."""
    return Request(
        flow=flow.name if flow else None,
        needs=needs_of(flow, slots),
        slots=slots,
        signs=(sign,),
        who=who_of(slots),
        replaced=replaced,
    )
