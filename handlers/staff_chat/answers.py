"""What a staff member says to a resident: by replying, or while they speak with one case.

Words whose target is not beyond doubt are never lost and never sent: they are asked about, and
read again from the inbox when somebody chose.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers.advisors import attend, reply
from handlers.ports import Refused
from handlers.staff_chat import naming, parcels, questions, unsent
from handlers.staff_chat.asking import ask_how, ask_which, ask_whom, asked_quiet, reason, too_long
from handlers.staff_chat.buttons import button
from handlers.staff_chat.chat import ABOUT, SURE, Chat, attempt
from handlers.staff_chat.focus import came_since, end, focus, used
from handlers.staff_chat.unsent import NOTE, SAID, UNSENT, theirs
from handlers.talk import PLAIN, RED
from storage import sent, staff_shown
from storage.inbox import Stored
from storage.sent import SentMessage

_ELSEWHERE = frozenset(
    {"closed", "not_yours", "not_claimed", "relay_quiet", "forbidden", "not_found"}
)  # refusals that say that words cannot go to that case now, but may go to another
_SAYABLE = frozenset({"text", "voice", "photo", "document", "place", "edit"})
_TO_THEM = frozenset(
    {ABOUT, SURE, NOTE, questions.QUESTION, "mark", "done", "failed"}
)  # what the house said to them, or they to colleagues: a reply may be meant for either


def answer(chat: Chat, stored: Stored) -> None:
    """Send it to whom they reply, or speak with, when that is beyond doubt; else ask."""
    if _goes_with_album(chat, stored):
        return
    replied = stored.body.get("reply_to")
    if replied:
        _answer_to(chat, stored, sent.find(chat.db, chat.conversation.id, replied))
        return
    case_id = focus(chat)
    if case_id is None:
        ask_whom(chat, stored)
        return
    other = came_since(chat)
    if other is not None:
        ask_which(chat, stored, [other.id, case_id])
        return
    _try(chat, case_id, stored)


def _answer_to(chat: Chat, stored: Stored, target: SentMessage | None) -> None:
    if target is None or not target.case_id or target.kind not in _REPLIES:
        ask_whom(chat, stored)
    elif target.kind in _TO_THEM or (target.kind == "push" and chat.viewer.is_supervisor):
        ask_how(chat, stored, target.case_id)
    else:
        _try(chat, target.case_id, stored, target)


_REPLIES = _TO_THEM | {"card", "push", "talk", SAID}


def _goes_with_album(chat: Chat, stored: Stored) -> bool:
    """A further picture of an album goes where the first went, or waits with it."""
    first = unsent.album_of(chat, stored)
    if first is None:
        return False
    if first.kind == SAID and first.case_id:
        _try(chat, first.case_id, stored)
    elif first.kind == UNSENT:
        unsent.join_album(chat, stored)
    return True


def _try(
    chat: Chat,
    case_id: str,
    stored: Stored,
    target: SentMessage | None = None,
    *,
    confirmed: bool = False,
) -> bool:
    """Send it, or say why not and keep it at hand; whether it went."""
    no = attempt(chat.talk, send, chat, case_id, stored, target, confirmed)
    if no is None:
        return True
    if no.code == "asked_quiet":
        yes = button(chat.words.say("chat.do.send_anyway"), "tq", case_id, theirs(stored))
        unsent.ask(chat, stored, asked_quiet(chat, case_id), [[yes]])
        return False
    if no.code not in _ELSEWHERE:
        unsent.refuse(chat, stored, too_long(chat, stored, no))
        return False
    end(chat, case_id)
    claim = case_id if no.code == "not_claimed" else None
    never = case_id if no.code == "relay_quiet" else None
    ask_whom(chat, stored, reason(chat, case_id, no), claim, never)
    return False


def send(
    chat: Chat,
    case_id: str,
    stored: Stored,
    target: SentMessage | None = None,
    confirmed: bool = False,
) -> None:
    """Say it to the resident, and show below it what becomes of it.

    Raises:
        Refused: it cannot go there; a case that nobody has is never claimed by words alone.
    """
    body = stored.body
    if body["kind"] not in _SAYABLE:
        raise Refused("not_found", 404)
    case = chat.case(case_id)
    if case.assignee_id is None and case.closed_at is None:
        raise Refused("not_claimed")
    media = body.get("media")
    seq = chat.act(
        reply.reply,
        case_id,
        client_id(chat, stored),
        str(body.get("text", "")),
        chat.now,
        chat.house,
        media_id=media["id"] if media else None,
        confirmed=confirmed,
    )
    unsent.kept_as(chat, stored, SAID, case_id, seq)
    mark(chat, case_id, seq, theirs(stored))
    used(chat, case_id)
    _read(chat, case_id, target)


def client_id(chat: Chat, stored: Stored) -> str:
    """By which the same words are known again, and that they were written in this chat."""
    return f"{chat.conversation.id}:{stored.external_id}"[: reply.MOST_ID]


def mark(chat: Chat, case_id: str, seq: int, external_id: str) -> None:
    """What becomes of the line ``seq`` stands under their message from now on."""
    case = chat.case(case_id)
    show = parcels.shows("mark", case_id, seq)
    made = parcels.body("mark", reply_to=external_id, silent=True, show=show)
    chat.put(made, RED if case.urgency == "red" else PLAIN)


def _read(chat: Chat, case_id: str, target: SentMessage | None) -> None:
    """Whoever answers a line has read up to it."""
    given = staff_shown.shown(chat.db, chat.conversation.id, case_id)
    replied = target.seq if target is not None and target.kind == "talk" else None
    upto = max(replied or 0, given.shown_seq if given is not None else 0)
    if upto:
        chat.act(attend.read_up_to, case_id, upto, chat.now, chat.house)


def send_kept(chat: Chat, case_id: str, own: str, *, confirmed: bool = False) -> None:
    """A case was chosen for words that had no target; for the whole album, where it is one."""
    if unsent.became(chat, own):
        return
    for one in [own, *unsent.others_of(chat, own)]:
        if not _try(chat, case_id, _kept(chat, one), confirmed=confirmed):
            return
    case = naming.called(chat.db, chat.words, chat.case(case_id))
    unsent.settle(chat, own, chat.words.say("chat.sent_to", case=case))


def claim_and_send(chat: Chat, case_id: str, own: str, claim: Callable[[Chat, str], None]) -> None:
    """我来,发出去: the case is claimed when the words still wait, and then answered."""
    if not unsent.became(chat, own):
        claim(chat, case_id)
        send_kept(chat, case_id, own)


def send_confirmed(chat: Chat, case_id: str, own: str) -> None:
    """They were asked to be silent, and this is to be said all the same."""
    send_kept(chat, case_id, own, confirmed=True)


def note_kept(chat: Chat, case_id: str, own: str) -> None:
    """The words are a note after all."""
    if unsent.became(chat, own):
        return
    stored = _kept(chat, own)
    keep_note(chat, stored, case_id, str(stored.body.get("text", "")), said=False)
    number = str(chat.case(case_id).number)
    unsent.settle(chat, own, chat.words.say("chat.noted", number=number))


def more_cases(chat: Chat, own: str, start: int) -> None:
    """Further cases for words that nobody has yet."""
    if not unsent.became(chat, own):
        ask_whom(chat, _kept(chat, own), start=start)


def drop_kept(chat: Chat, own: str) -> None:
    """不发."""
    if not unsent.became(chat, own):
        unsent.drop(chat, own)


def _kept(chat: Chat, own: str) -> Stored:
    stored = unsent.words_of(chat, own)
    if stored is None:
        raise Refused("not_found", 404)
    return stored


def keep_note(chat: Chat, stored: Stored, case_id: str, text: str, *, said: bool = True) -> None:
    """Words for colleagues only; ``said``: that they were kept is said under them."""
    chat.act(reply.note, case_id, client_id(chat, stored), text, chat.now, chat.house)
    unsent.kept_as(chat, stored, NOTE, case_id)
    if said:
        number = str(chat.case(case_id).number)
        chat.say("noted", number=number, reply_to=stored.external_id, about=case_id)
