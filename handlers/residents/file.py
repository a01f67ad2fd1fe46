"""A request becomes a case: from a filed dialog, a call for a human, a voice note, or danger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dialogs.session import Slot
from handlers.due import await_human, waiting_since
from handlers.residents.roles import put_roles
from handlers.rules.triage import URGENCIES, highest, triage
from handlers.talk import Talk, hint, ring
from storage import cases
from storage.cases import Case

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


def open_or_add(talk: Talk, request: Request) -> tuple[Case, bool]:
    """Open a case, or add to the one that waits for this; True when it is new.

    A case that was opened before anything was filed (``flow`` None) takes in what is filed next.
    A relay about somebody else always opens a new one (design §6).
    """
    case = _waiting_for_this(talk, request)
    new = case is None
    if case is None:
        case = _new(talk, request)
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
    return case if case.flow is None else None


def current_case(talk: Talk) -> Case | None:
    """The case that is spoken of in this conversation, locked."""
    if talk.conversation.case_id is None:
        return None
    if talk.case is not None and talk.case.id == talk.conversation.case_id:
        return talk.case
    return cases.get(talk.db, talk.conversation.case_id, lock=True)


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
    if request.flow is not None:
        case.who = request.who
    kept = allowed(talk, request)
    for key, slot in request.replaced:
        if key in kept:
            cases.add_slot(
                db, case.id, key, slot.key, slot.words, slot.source, now, replaced_at=now
            )
    for key, slot in kept.items():
        if key not in ROLE_SLOTS and slot.key != "skipped":
            cases.put_slot(db, case.id, key, slot.key, slot.words, slot.source, now)
    put_roles(talk, case, request.who, kept)
    waiting = waiting_since(db, case)
    if waiting is None or before != case.urgency:
        await_human(db, case, waiting.since if waiting else now, talk.house)
    hint(db, case, now, "queue")
    if case.urgency == "red" and (new or before != "red" or fresh):
        ring(db, case, now, talk.house.staff_words.say("notice.ring", number=str(case.number)))
        cases.record(db, case, "rang", now)


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
    if before != case.urgency and waiting is not None:
        await_human(talk.db, case, waiting.since, talk.house)
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
