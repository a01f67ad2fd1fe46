"""A request becomes a case: from a filed dialog, a call for a human, a voice note, or danger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dialogs.flow_model import SKIPPED
from dialogs.session import Slot
from handlers.due import await_human, call_the_helped, waiting_since
from handlers.residents.roles import put_roles, same_person
from handlers.rules.triage import URGENCIES, highest, triage
from handlers.talk import Talk, hint, ring
from storage import case_slots, cases
from storage.cases import Case

HUMAN = "human"  # the flow of a case that is only a call for a human so far
ROLE_SLOTS = frozenset({"consent", "consent_health", "about", "need"})  # kept as roles and needs


@dataclass(frozen=True, slots=True)
class Request:
    """What is known when a case is opened or added to.

    ``flow`` is None while nothing was filed (danger, a voice note). ``signs`` are reasons that
    lie in the course of the talk (rules.triage). ``replaced`` are answers that were corrected.
    """

    flow: str | None = None
    needs: Sequence[str] = ()
    dangers: Sequence[str] = ()
    slots: Mapping[str, Slot] = field(default_factory=dict)
    signs: Sequence[str] = ()
    who: str = "self"
    leave_given: bool = False  # the flow's own question asked leave to keep the number
    replaced: Sequence[tuple[str, Slot]] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What a dialog carries beside its answers: those that were corrected, and further needs.

    ``sent``: it began with a picture, a file, a place or a number, which a human must see.
    """

    replaced: tuple[tuple[str, Slot], ...] = ()
    needs: tuple[str, ...] = ()
    sent: bool = False


def open_or_add(talk: Talk, request: Request) -> tuple[Case, bool]:
    """Open a case, or add to the one that waits for this; True when it is new.

    A case that was opened before anything was filed takes in what is filed next
    (docs/decisions/0002). A relay about somebody else always opens a new one (design §6).
    """
    case = _waiting_for_this(talk, request)
    new = case is None
    if case is None:
        case = _new(talk, request)
    elif request.flow is None and request.who != case.who:
        # what a dialog about somebody else knew does not describe the people of this case
        request = replace(request, slots={}, replaced=())
    talk.case = case
    talk.conversation.case_id = case.id
    _add(talk, case, request, new)
    return case, new


def _waiting_for_this(talk: Talk, request: Request) -> Case | None:
    case = current_case(talk)
    if case is None or case.closed_at is not None:
        return None
    if request.flow is None:
        return case
    if not before_filing(case):
        return None
    if request.who == "relay" and not same_person(talk, case, request.slots):
        return None
    return case


def before_filing(case: Case) -> bool:
    """Whether nothing was filed in this case yet: danger, a voice note, a call for a human."""
    return case.flow is None or (case.flow == HUMAN and not case.needs)


def current_case(talk: Talk) -> Case | None:
    """The case that is spoken of in this conversation, locked."""
    if talk.conversation.case_id is None:
        return None
    if talk.case is not None and talk.case.id == talk.conversation.case_id:
        return talk.case
    return cases.get(talk.db, talk.conversation.case_id, lock=True)


def open_case(talk: Talk) -> Case | None:
    """The case that is spoken of, unless it is closed."""
    case = current_case(talk)
    return case if case is not None and case.closed_at is None else None


def _new(talk: Talk, request: Request) -> Case:
    urgency, reasons = _triage(request)
    case = cases.new(
        talk.db,
        conversation_id=talk.conversation.id,
        flow=request.flow,
        needs=list(request.needs),
        dangers=[],
        urgency=urgency,
        reasons=list(reasons),
        who=request.who,
        unit=talk.house.office.units[0] if talk.house.office.units else None,
        created_at=talk.now,
    )
    cases.record(
        talk.db,
        case,
        "opened",
        talk.now,
        urgency=urgency,
        reasons=list(reasons),
        needs=list(request.needs),
    )
    return case


def _add(talk: Talk, case: Case, request: Request, new: bool) -> None:
    db, now = talk.db, talk.now
    before = case.urgency
    if not new:
        urgency, reasons = _triage(request)
        case.needs = list(dict.fromkeys([*case.needs, *request.needs]))
        _raise(talk, case, urgency, reasons)
    fresh = [danger for danger in request.dangers if danger not in case.dangers]
    if fresh:
        case.dangers = [*case.dangers, *fresh]
        cases.record(db, case, "danger", now, dangers=fresh)
    if request.flow is not None and not new:
        case.flow = request.flow
        cases.record(db, case, "filed", now)
    if request.flow not in (None, HUMAN):
        case.who = request.who
    kept = allowed(talk, request)
    _keep_answers(talk, case, request, kept)
    put_roles(talk, case, kept)
    waiting = waiting_since(db, case)
    if waiting is None or before != case.urgency:
        await_human(db, case, now, talk.house, sooner=True)
    call_the_helped(db, case)
    hint(db, case, now, "queue")
    if case.urgency == "red" and (new or before != "red" or fresh):
        ring(db, case, now, talk.house.staff_words.say("notice.ring", number=str(case.number)))
        cases.record(db, case, "rang", now)


def _keep_answers(talk: Talk, case: Case, request: Request, kept: Mapping[str, Slot]) -> None:
    case_slots.put(
        talk.db,
        case.id,
        [
            case_slots.Said(key, slot.key, slot.words, slot.source)
            for key, slot in kept.items()
            if key not in ROLE_SLOTS and slot.key != SKIPPED
        ],
        talk.now,
        [
            case_slots.Said(key, slot.key, slot.words, slot.source)
            for key, slot in request.replaced
            if key in kept and key not in ROLE_SLOTS
        ],
    )


def _triage(request: Request) -> tuple[str, tuple[str, ...]]:
    values = {key: slot.key for key, slot in request.slots.items()}
    return triage(request.dangers, request.needs, values, request.signs)


def _raise(talk: Talk, case: Case, urgency: str, reasons: Sequence[str]) -> None:
    """Machines only raise (design §6)."""
    added = [reason for reason in reasons if reason not in case.reasons and reason != "default"]
    if added:
        case.reasons = [*(r for r in case.reasons if r != "default"), *added]
    if URGENCIES.index(urgency) <= URGENCIES.index(case.urgency):
        return
    case.urgency = highest(case.urgency, urgency)
    cases.record(talk.db, case, "raised", talk.now, urgency=case.urgency, reasons=list(added))


def raise_urgency(talk: Talk, case: Case, sign: str) -> None:
    """Something in the course of the talk makes the case more urgent."""
    urgency, reasons = triage((), (), {}, (sign,))
    before = case.urgency
    _raise(talk, case, urgency, reasons)
    waiting = waiting_since(talk.db, case)
    if waiting is not None and before != case.urgency:
        await_human(talk.db, case, talk.now, talk.house, sooner=True)
    hint(talk.db, case, talk.now, "queue")


def allowed(talk: Talk, request: Request) -> dict[str, Slot]:
    """The answers that may be kept: personal and health ones only with leave (design §8).

    Danger does not wait for leave.
    """
    values = {key: slot.key for key, slot in request.slots.items()}
    personal = request.leave_given or values.get("consent") == "yes" or bool(request.dangers)
    health = values.get("consent_health") == "yes" or bool(request.dangers)
    leave = {"plain": True, "personal": personal, "sensitive": health}
    kept = {}
    for key, slot in request.slots.items():
        known = talk.house.slots.get(key)
        if leave[known.sensitivity if known else "personal"]:
            kept[key] = slot
    return kept
