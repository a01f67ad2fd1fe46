"""A dialog that waits for an answer, as it is kept between messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialogs.asking import COMMAND
from dialogs.flow_model import Flow
from dialogs.session import Session, SessionError, Slot
from handlers.due import DRAFT
from handlers.residents.file import HUMAN, Beside, Request
from handlers.residents.settle import needs_of, who_of
from handlers.talk import Talk
from storage import due
from storage import sessions as kept

_MOST_QUESTIONS = 5  # digits of a question's number


@dataclass(frozen=True, slots=True)
class Draft:
    """A dialog that waits for an answer, with what it carries beside its answers."""

    flow: Flow | None
    session: Session | None
    beside: Beside = field(default_factory=Beside)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    asked_at: datetime | None = None  # when the present question was put
    reminded: bool = False  # the last thing said was 「要不要接着说?」


def load(talk: Talk) -> Draft | None:
    """The dialog that waits, or None."""
    stored = kept.load(talk.db, talk.conversation.id)
    if stored is None:
        return None
    raw, asked_at = stored
    beside = Beside(
        tuple((key, Slot(*slot)) for key, slot in raw.get("replaced", ())),
        tuple(raw.get("needs", ())),
        bool(raw.get("sent")),
    )
    try:
        session = Session.from_json(raw.get("session"))
    except SessionError as error:
        return Draft(None, None, beside, error.slots, asked_at)
    flow = talk.house.flows.get(session.flow)
    return Draft(flow, session, beside, session.slots, asked_at, bool(raw.get("reminded")))


def is_of_question(choice: str) -> bool:
    """Whether a button belongs to one question of one dialog: <session>:<question>:<key>."""
    parts = choice.removeprefix(COMMAND).split(":")
    number = parts[-1 if choice.startswith(COMMAND) else 1] if len(parts) == 3 else ""
    return number.isdecimal() and len(number) < _MOST_QUESTIONS


def is_present(draft: Draft, choice: str) -> bool:
    """Whether it is a button of the question that is asked now."""
    session = draft.session
    if session is None or not is_of_question(choice):
        return False
    asked = f"{session.id}:{session.question}"
    if choice.startswith(COMMAND):
        return choice.endswith(f":{asked}")
    return choice.startswith(f"{asked}:")


def interrupted(talk: Talk, draft: Draft) -> bool:
    """Whether a human spoke after the present question: what comes now is no answer to it."""
    wrote = talk.conversation.advisor_wrote_at
    return wrote is not None and draft.asked_at is not None and draft.asked_at < wrote


def known_so_far(draft: Draft, signs: tuple[str, ...] = ()) -> Request:
    """What an interrupted dialog knew, for a case that cannot wait until it is filed."""
    return Request(
        needs=needs_of(draft.flow, draft.slots, draft.beside),
        slots=draft.slots,
        signs=signs,
        who=who_of(draft.flow, draft.slots),
        replaced=draft.beside.replaced,
    )


def keep(talk: Talk, flow: Flow | None, session: Session | None, beside: Beside) -> None:
    """It waits from now on, or (no session) is over; one that tells something is asked after."""
    db, conversation = talk.db, talk.conversation
    if session is None:
        let_go(talk)
        return
    state: dict[str, Any] = {
        "session": session.to_json(),
        "replaced": [[key, [slot.key, slot.words, slot.source]] for key, slot in beside.replaced],
        "needs": list(beside.needs),
    }
    if beside.sent:
        state["sent"] = True
    kept.save(db, conversation.id, session.flow, state, talk.now)
    tells = beside.sent or beside.needs or session.slots
    if flow is not None and (flow.kind != "menu" or tells) and flow.name != HUMAN:
        due.put(
            db,
            DRAFT,
            conversation.id,
            talk.now + talk.house.office.reminder,
            talk.now,
            conversation_id=conversation.id,
        )


def mark_reminded(talk: Talk) -> None:
    """Their next words may answer 「要不要接着说?」."""
    stored = kept.load(talk.db, talk.conversation.id)
    if stored is not None:
        state = {**stored[0], "reminded": True}
        flow = str(state["session"].get("flow", ""))
        kept.save(talk.db, talk.conversation.id, flow, state, talk.now)


def let_go(talk: Talk) -> None:
    """The dialog that waits is over, without a word."""
    kept.drop(talk.db, talk.conversation.id)
    due.clear(talk.db, DRAFT, talk.conversation.id)
