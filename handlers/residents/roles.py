"""Who asks, who is helped and who relays: three roles, possibly one person (design §6)."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.session import Slot
from handlers.talk import Talk
from storage import people
from storage.cases import Case
from storage.people import Details


def put_roles(talk: Talk, case: Case, who: str, slots: Mapping[str, Slot]) -> None:
    """Write the three roles of a case from what is known and may be kept.

    For oneself, one person has asked and is helped. In a relay the neighbour relays; who is
    helped has asked when they know and agree, and otherwise the neighbour asks for them. The
    number given is of the one who is to get the answers.
    """
    if who == "self":
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
    same = case.helped_id is not None and case.helped_id == case.asker_id
    case.helped_id = _keep(talk, None if same else case.helped_id, helped)
    if who == "relay":
        case.relayer_id = _keep(talk, case.relayer_id, teller)
        agreed = _value(slots, "relay_consent") == "agreed"
        case.asker_id = case.helped_id if agreed else case.relayer_id
    else:
        case.asker_id = _keep(talk, None if same else case.asker_id, teller)


def _keep(talk: Talk, person_id: str | None, details: Details) -> str:
    if person_id is None:
        return people.add(talk.db, details, talk.now)
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
    return slot.key if slot and slot.key != "skipped" else ""


def _words(slots: Mapping[str, Slot], key: str) -> str:
    slot = slots.get(key)
    return slot.words if slot and slot.key != "skipped" else ""
