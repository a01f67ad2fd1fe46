"""Who asks, who is helped and who relays: three roles, possibly one person (design §6)."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.flow_model import SKIPPED
from dialogs.session import Slot
from handlers.talk import Talk
from storage import people
from storage.cases import Case
from storage.people import Details


def put_roles(talk: Talk, case: Case, slots: Mapping[str, Slot]) -> None:
    """Write the three roles of a case from what is known and may be kept.

    For oneself, one person has asked and is helped. In a relay the neighbour relays; who is
    helped has asked when they know and agree, and otherwise the neighbour asks for them. The
    number given is of the one who is to get the answers.
    """
    if case.who == "self":
        details = Details(
            name=_words(slots, "name"),
            phone=_value(slots, "phone"),
            address=_words(slots, "address"),
            age=_value(slots, "age"),
        )
        case.asker_id = case.helped_id = _keep(talk, case.helped_id, details)
        return
    case.answers_to = _value(slots, "answers_to") or case.answers_to
    phone = _value(slots, "phone")
    to_helped = case.answers_to == "helped"
    helped = Details(
        name=_words(slots, "helped_name"),
        phone=phone if to_helped else "",
        address=_words(slots, "address"),
        age=_value(slots, "age"),
    )
    teller = Details(name=_words(slots, "name"), phone="" if to_helped else phone)
    agreed = _value(slots, "relay_consent") == "agreed"
    if case.who == "relay":
        case.helped_id = _keep(talk, _unless(case.helped_id, case.relayer_id), helped)
        case.relayer_id = _keep(talk, case.relayer_id, teller)
        if agreed or case.asker_id is None:
            case.asker_id = case.helped_id if agreed else case.relayer_id
        return
    # who was one person so far becomes two: the one that wrote, and the one that is helped
    case.helped_id = _keep(talk, _unless(case.helped_id, case.asker_id), helped)
    case.asker_id = _keep(talk, case.asker_id, teller)


def put_own_number(talk: Talk, case: Case, phone: str) -> None:
    """The number of the one who writes, whomever the case is about."""
    own = {"self": "helped_id", "other": "asker_id", "relay": "relayer_id"}[case.who]
    setattr(case, own, _keep(talk, getattr(case, own), Details(phone=phone)))


def same_person(talk: Talk, case: Case, slots: Mapping[str, Slot]) -> bool:
    """Whether a relay can be about the very person of this case: nothing says otherwise."""
    if case.who != "relay":
        return False
    name = _words(slots, "helped_name")
    known = people.details_of(talk.db, {case.helped_id or ""}).get(case.helped_id or "")
    return not name or known is None or known.name in ("", name)


def _unless(person_id: str | None, other: str | None) -> str | None:
    return None if person_id == other else person_id


def _keep(talk: Talk, person_id: str | None, details: Details) -> str:
    if person_id is None:
        return people.add(talk.db, details, talk.now)
    if details == Details():
        return person_id
    known = people.details_of(talk.db, {person_id}).get(person_id, Details())
    people.change(
        talk.db,
        person_id,
        Details(
            name=details.name or known.name,
            phone=details.phone or known.phone,
            address=details.address or known.address,
            age=details.age or known.age,
        ),
    )
    return person_id


def _value(slots: Mapping[str, Slot], key: str) -> str:
    slot = slots.get(key)
    return slot.key if slot is not None and _told(slot) else ""


def _words(slots: Mapping[str, Slot], key: str) -> str:
    slot = slots.get(key)
    return (slot.key or slot.words) if slot is not None and _told(slot) else ""


def _told(slot: Slot) -> bool:
    """Whether there are words: a photo of an address stands in the talk, not in the address."""
    return slot.key != SKIPPED and slot.source != "media"
