"""An edit of one's own message: the resident gets a correction, or it is said why not."""

from __future__ import annotations

from handlers.advisors import correct
from handlers.ports import Refused
from handlers.staff_chat import naming, unsent
from handlers.staff_chat.answers import client_id, mark
from handlers.staff_chat.asking import ask_whom, asked_quiet, reason
from handlers.staff_chat.buttons import button, rows
from handlers.staff_chat.chat import SURE, Chat, attempt
from handlers.staff_chat.unsent import NOTE, theirs
from storage import conversations, sent
from storage.inbox import Stored
from storage.sent import SentMessage


def edit(chat: Chat, stored: Stored) -> None:
    """They changed a message: the resident gets a correction; a note stays as it is."""
    edited = theirs(stored)
    known = sent.find(chat.db, chat.conversation.id, edited)
    text = str(stored.body.get("text", ""))
    if known is not None and known.kind == NOTE:
        chat.say("note_stays", reply_to=edited, about=known.case_id)
    elif known is None or known.case_id is None or known.seq is None:
        if text.strip() and not text.startswith("/"):
            ask_whom(chat, stored, chat.words.say("chat.edited_unsent"))
    else:
        no = attempt(chat.talk, _correct, chat, known, stored)
        if no is not None and no.code == "asked_quiet":
            _ask_sure(chat, stored, known)
        elif no is not None:
            _not_corrected(chat, known, no)


def confirmed(chat: Chat, own: str) -> None:
    """They were asked to be silent, and the newest words of this message correct it all the same.

    Raises:
        Refused: it is no answer, or the correction cannot go there any more.
    """
    known = sent.find(chat.db, chat.conversation.id, own)
    stored = unsent.words_of(chat, own)
    if known is None or known.case_id is None or known.seq is None or stored is None:
        raise Refused("not_found", 404)
    _correct(chat, known, stored, confirmed=True)
    case = naming.called(chat.db, chat.words, chat.case(known.case_id))
    chat.tell(chat.words.say("chat.sent_to", case=case), about=known.case_id)


def _correct(chat: Chat, known: SentMessage, stored: Stored, *, confirmed: bool = False) -> None:
    case = chat.case(known.case_id or "")
    last = conversations.get(chat.db, case.conversation_id).last_seq
    seq = chat.act(
        correct.correct,
        case.id,
        known.seq or 0,
        str(stored.body.get("text", "")),
        chat.now,
        chat.house,
        client_id=client_id(chat, stored),
        confirmed=confirmed,
    )
    if seq > last:  # the same words again are no correction
        mark(chat, case.id, seq, known.external_id)


def _not_corrected(chat: Chat, known: SentMessage, no: Refused) -> None:
    """Why the resident did not get the correction; under the very message, with the way on."""
    case_id, say = known.case_id or "", chat.words.say
    again = button(say("talk.reopen"), "ro", case_id) if no.code == "closed" else None
    text = say("chat.not_corrected", why=reason(chat, case_id, no))
    chat.tell(text, reply_to=known.external_id, rows=rows([again]), about=case_id)


def _ask_sure(chat: Chat, stored: Stored, known: SentMessage) -> None:
    """They asked for silence: the correction waits until it is said that it goes all the same."""
    case_id, say = known.case_id or "", chat.words.say
    unsent.keep_words(chat, stored)
    yes = button(say("chat.do.send_anyway"), "cq", known.external_id)
    drop = button(say("chat.do.drop"), "no")
    chat.tell(
        asked_quiet(chat, case_id),
        reply_to=known.external_id,
        rows=rows([yes, drop]),
        about=case_id,
        kind=SURE,
    )
