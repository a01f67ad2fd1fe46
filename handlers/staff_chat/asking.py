"""What is asked about words whose target is not beyond doubt: for which case, and for whom."""

from __future__ import annotations

from handlers.advisors import reply
from handlers.ports import Refused
from handlers.staff_chat import naming, unsent
from handlers.staff_chat.buttons import Rows, button, rows
from handlers.staff_chat.chat import Chat, why
from handlers.staff_chat.unsent import theirs
from storage import cases
from storage.inbox import Stored


def ask_whom(
    chat: Chat,
    stored: Stored,
    before: str = "",
    claim: str | None = None,
    without: str | None = None,
    start: int = 0,
) -> None:
    """Nobody has these words yet: whom are they for? ``claim``: a case to be taken first.
    ``without``: a case that they cannot go to. ``start``: from which of their cases on."""
    words, own = chat.words, theirs(stored)
    mine = unsent.offered(chat, own, start, without)
    if without is not None and not mine:
        unsent.refuse(chat, stored, before)
        return
    shown: Rows = []
    if claim is not None:
        shown.append([button(words.say("chat.do.claim_and_send"), "ct", claim, own)])
        if _is_words(stored):
            shown[0].append(button(words.say("chat.do.note"), "tn", claim, own))
    text = words.say("chat.unsent" if mine or claim else "chat.unsent_none")
    unsent.ask(chat, stored, "\n".join(filter(None, (before, text))), shown + mine)


def ask_which(chat: Chat, stored: Stored, case_ids: list[str]) -> None:
    """Another case was heard since their last words here: which of the two is it for?"""
    words, own = chat.words, theirs(stored)
    found = [naming.called(chat.db, words, chat.case(one)) for one in case_ids]
    choices = [
        [button(words.say("chat.do.to", case=name), "to", case_id, own)]
        for case_id, name in zip(case_ids, found, strict=True)
    ]
    unsent.ask(chat, stored, words.say("chat.which", case=found[0]), choices)


def ask_how(
    chat: Chat, stored: Stored, case_id: str, before: str = "", note_for: str | None = None
) -> None:
    """Words about a case: are they for the resident, or for colleagues? ``note_for``: a case
    whose note was asked for."""
    words, own = chat.words, theirs(stored)
    case = chat.case(case_id)
    free = case.assignee_id is None and case.closed_at is None
    to = "chat.do.claim_and_send" if free else "chat.do.to_resident"
    acts = [button(words.say(to), "ct" if free else "to", case_id, own)]
    if _is_words(stored):
        acts.append(button(words.say("chat.do.note"), "tn", case_id, own))
        if note_for is not None and note_for != case_id:
            number = str(chat.case(note_for).number)
            acts.append(button(words.say("chat.do.note_to", number=number), "tn", note_for, own))
    text = words.say("chat.how", case=naming.called(chat.db, words, case))
    unsent.ask(chat, stored, "\n".join(filter(None, (before, text))), rows(acts))


def _is_words(stored: Stored) -> bool:
    return not stored.body.get("media") and bool(str(stored.body.get("text", "")).strip())


def reason(chat: Chat, case_id: str, no: Refused) -> str:
    """Why not, with the number of the case."""
    case = cases.get(chat.db, case_id)
    said = why(chat.words, no)
    if case is None or no.code == "not_found":
        return said
    return chat.words.say("chat.about", number=str(case.number), text=said)


def asked_quiet(chat: Chat, case_id: str) -> str:
    """That they asked for silence, and whether it is to be said all the same."""
    case = naming.called(chat.db, chat.words, chat.case(case_id))
    return chat.words.say("chat.asked", case=case, text=chat.words.say("chat.asked_quiet"))


def too_long(chat: Chat, stored: Stored, no: Refused) -> str:
    """Why these words can go to nobody; too many of them are counted."""
    if no.code != "too_long":
        return why(chat.words, no)
    count, most = len(str(stored.body.get("text", ""))), reply.MOST_CHARACTERS
    return chat.words.say("chat.too_long", n=str(count), most=str(most))
