"""A telephone number that somebody tells: it goes where they asked to be called."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.answers import bare
from dialogs.flow_model import SKIPPED
from dialogs.meaning.reading import Reading
from dialogs.session import Slot
from dialogs.telephones import phone_in
from handlers.residents.file import Request, before_filing, open_case, open_or_add
from handlers.residents.roles import put_own_number
from handlers.talk import Talk
from storage import cases
from storage.cases import Case

_SHORT = 30  # characters: in a longer text a number may be anybody's
_CONTACT = 60  # characters of a shared contact: a name and a number
_NAME_MOST = 6  # characters of a Chinese name with a title; more words tell something
_WRONG = re.compile(
    r"(?:电话|号码|手机)(?:号码?)?(?:讲|说|写|填|报|打)?(?:错|不对|勿对|弗对|换|变)"
)
_WRONG_MOST = 14  # characters
_NO_NAME = re.compile(r"[^\w]|[\d_]")
_ANOTHERS = frozenset({"fraud_consumer"})  # the number of who cheated them is told too


def alone(text: str, reading: Reading) -> Slot | None:
    """A telephone number that came by itself, or beside a name: a shared contact."""
    number = phone_in(text) if len(text) <= _CONTACT and not reading.needs else None
    name = _NO_NAME.sub("", text)
    most = _CONTACT if name.isascii() else _NAME_MOST
    return Slot(number, text.strip(), "asked") if number and len(name) <= most else None


def says_wrong(text: str) -> bool:
    """Whether short words say that the number they told is not right, and tell no other."""
    said = bare(text)
    return len(said) <= _WRONG_MOST and _WRONG.search(said) is not None


def keep(talk: Talk, case: Case | None, slot: Slot) -> Case:
    """Write a number that was given to be called into the open case (a new one without it)."""
    if case is not None and case.who != "self":
        put_own_number(talk, case, slot.key)
        return case
    return open_or_add(talk, Request(slots={"phone": slot}, leave_given=True))[0]


def keep_before_asked(talk: Talk, case: Case, slots: Mapping[str, Slot]) -> None:
    """Keep a number that was told before the question whether it may be kept was put.

    Who tells one and then needs a human wants to be called there. In the words of a relay it may
    be anybody's; one that came by itself is their own.
    """
    number = slots.get("phone")
    if number is None or number.key in ("", SKIPPED) or "consent" in slots:
        return
    if case.who == "self" or number.source == "asked":
        keep(talk, case, number)


def keep_told(talk: Talk, text: str, reading: Reading) -> bool:
    """Keep a number that was told after filing, outside any question; True when it was one.

    They told it to be called, so it is kept as said, and the case's course shows that they did.
    """
    number, case = reading.slots.get("phone"), open_case(talk)
    if number is None or case is None:
        return False
    if before_filing(case) and (case.dangers or alone(text, reading) is None):
        return False
    if len(bare(text)) > _SHORT or _ANOTHERS & {*case.needs, *reading.needs}:
        return False
    said = talk.house.slots["phone"].said(number, talk.house.office.language)
    talk.case = case
    keep(talk, case, Slot(number, said, "words"))
    cases.record(talk.db, case, "number_told", talk.now)
    return True
