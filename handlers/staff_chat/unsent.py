"""Words that nobody has yet: one question for each message, and what became of them.

The message itself stands among the sent ones, under its own id: ``unsent`` while it is asked
about, ``dropped``, or what it became. So no button, however old, sends the same words twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from handlers.desk import lists as desk
from handlers.staff_chat import naming, parcels
from handlers.staff_chat.buttons import Rows, button, rows
from handlers.staff_chat.chat import Chat
from storage import cases, inbox, sent, staff_shown
from storage.inbox import Stored
from storage.sent import SentMessage

SAID, NOTE, UNSENT, DROPPED = "said", "note", "unsent", "dropped"  # kinds of their own messages
ASK, _WORDS = "ask", "words"
_OWN = (SAID, NOTE, UNSENT, DROPPED)
_A_PAGE = 6  # cases that are offered at once
_MOST_SEQ = 2**31


def theirs(stored: Stored) -> str:
    """The message in the chat that holds the words."""
    found: str = stored.body.get("edits") or stored.external_id
    return found


def ask(chat: Chat, stored: Stored, text: str, choices: Rows) -> None:
    """Ask about a message, in place of what was asked about it before."""
    own = theirs(stored)
    _keep(chat, stored, UNSENT)
    last = [button(chat.words.say("chat.do.drop"), "dr", own)]
    show(chat, own, text, [*choices, last])


def refuse(chat: Chat, stored: Stored, text: str) -> None:
    """Say why these words can go to nobody as they are; an edit of them is asked about again."""
    _keep(chat, stored, DROPPED)
    show(chat, theirs(stored), text, [])


def show(chat: Chat, own: str, text: str, buttons: Rows) -> None:
    """What stands under the message from now on: the question, or what became of it."""
    seq = _seq(own)
    asked = sent.newest(chat.db, chat.conversation.id, ASK, seq) if seq is not None else None
    chat.put(
        parcels.body(
            "text",
            text=text,
            rows=buttons,
            edit=asked.external_id if asked else None,
            reply_to=None if asked else own,
            silent=True,
            show=parcels.shows(ASK, None, seq),
        )
    )


def settle(chat: Chat, own: str, text: str) -> None:
    """The question is answered: its buttons go."""
    seq = _seq(own)
    if seq is not None and sent.newest(chat.db, chat.conversation.id, ASK, seq) is not None:
        show(chat, own, text, [])


def became(chat: Chat, own: str) -> bool:
    """Whether a message was sent, kept or dropped already; that is said."""
    known = sent.find(chat.db, chat.conversation.id, own)
    if known is None or known.kind == UNSENT or known.kind not in _OWN:
        return False
    case = cases.get(chat.db, known.case_id) if known.case_id else None
    key = {SAID: "sent_already", NOTE: "noted_already", DROPPED: "dropped_already"}[known.kind]
    show(chat, own, chat.words.say(f"chat.{key}", number=str(case.number) if case else ""), [])
    return True


def words_of(chat: Chat, own: str) -> Stored | None:
    """The message with its newest words; None where there is none."""
    first, seq = _find(chat, own), _seq(own)
    edit = sent.newest(chat.db, chat.conversation.id, _WORDS, seq) if seq is not None else None
    newer = _find(chat, edit.external_id) if edit is not None else None
    if first is None or newer is None:
        return newer or first
    body = {**first.body, "text": newer.body.get("text", ""), "edits": own}
    return replace(first, external_id=newer.external_id, body=body)


def _find(chat: Chat, external_id: str) -> Stored | None:
    talk = chat.conversation
    return inbox.find(chat.db, talk.channel, talk.account, talk.sender, external_id)


def drop(chat: Chat, own: str) -> None:
    """不发: this message, and what came with it."""
    for one in [own, *others_of(chat, own)]:
        sent.add(chat.db, chat.conversation.id, one, DROPPED, chat.now)
    if _seq(own) is None or sent.newest(chat.db, chat.conversation.id, ASK, _seq(own) or 0) is None:
        chat.say("dropped")
        return
    show(chat, own, chat.words.say("chat.dropped"), [])


def album_of(chat: Chat, stored: Stored) -> SentMessage | None:
    """The first message of the album that this one came with, when there is one."""
    mark = _mark(stored)
    if mark is None:
        return None
    found = sent.showing(chat.db, chat.conversation.id, _OWN, mark)
    return next((one for one in found if one.external_id != stored.external_id), None)


def join_album(chat: Chat, stored: Stored) -> None:
    """It shares the question that was asked about the first of its album."""
    _keep(chat, stored, UNSENT)


def others_of(chat: Chat, own: str) -> list[str]:
    """The messages of the same album that wait with this one."""
    known = sent.find(chat.db, chat.conversation.id, own)
    if known is None or not known.showing:
        return []
    found = sent.showing(chat.db, chat.conversation.id, (UNSENT,), known.showing)
    return [one.external_id for one in found if one.external_id != own]


def kept_as(chat: Chat, stored: Stored, kind: str, case_id: str, seq: int | None = None) -> None:
    """What the message became."""
    sent.add(chat.db, chat.conversation.id, theirs(stored), kind, chat.now, seq, case_id)
    mark = _mark(stored)
    if mark is not None:
        staff_shown.laid_out(chat.db, chat.conversation.id, theirs(stored), mark)


def _keep(chat: Chat, stored: Stored, kind: str) -> None:
    own = theirs(stored)
    sent.add(chat.db, chat.conversation.id, own, kind, chat.now)
    keep_words(chat, stored)
    mark = _mark(stored)
    if mark is not None:
        staff_shown.laid_out(chat.db, chat.conversation.id, own, mark)


def keep_words(chat: Chat, stored: Stored) -> None:
    """The words of an edit are the newest of their message."""
    seq = _seq(theirs(stored))
    if stored.external_id != theirs(stored) and seq is not None:
        sent.add(chat.db, chat.conversation.id, stored.external_id, _WORDS, chat.now, seq)


def _mark(stored: Stored) -> str | None:
    album = stored.body.get("album")
    return hashlib.sha256(f"album {album}".encode()).hexdigest()[:16] if album else None


def _seq(own: str) -> int | None:
    return int(own) if own.isascii() and own.isdecimal() and int(own) < _MOST_SEQ else None


def offered(chat: Chat, own: str, start: int = 0, without: str | None = None) -> Rows:
    """Their cases on buttons, what was spoken of last first, and the way to more of them."""
    last = sent.last_of_cases(chat.db, chat.conversation.id, ("talk", SAID))
    mine = [card for card in chat.act(desk.mine, chat.house) if card.id != without]
    order = {case_id: place for place, case_id in enumerate(last)}
    mine.sort(key=lambda card: order.get(card.id, len(order)))
    shown = mine[start : start + _A_PAGE]
    made: Rows = []
    for card in shown:
        name = naming.name_of(chat.db, chat.case(card.id))
        made.append([button(naming.label(chat.words, card, name), "to", card.id, own)])
    if len(mine) > start + _A_PAGE:
        made += rows([button(chat.words.say("more"), "tm", own, str(start + _A_PAGE))])
    elif start:
        made += rows([button(chat.words.say("chat.do.from_start"), "tm", own, "0")])
    return made
