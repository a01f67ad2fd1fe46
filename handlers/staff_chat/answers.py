"""What a staff member says to a resident: by replying, or while they speak with one case.

Words without a target are never lost: they are asked about, and read again from the inbox when a
case was chosen.
"""

from __future__ import annotations

from handlers.advisors import attend, correct, reply
from handlers.advisors.desk_case import must_be_open, must_hold
from handlers.desk import lists as desk
from handlers.ports import Refused
from handlers.residents.wait import quiet
from handlers.staff_chat import parcels
from handlers.staff_chat.buttons import Rows, button, rows
from handlers.staff_chat.chat import Chat, attempt, why
from handlers.staff_chat.faces import card_of
from handlers.talk import PLAIN, RED
from storage import cases, conversations, inbox, sent, staff_shown
from storage.inbox import Stored
from storage.sent import SentMessage

SAID, NOTE = "said", "note"  # kinds of a staff member's own messages
A_CHOICE = 8  # cases that are offered for words without a target
_NOT_THERE = frozenset(
    {"closed", "not_yours", "not_claimed", "relay_quiet", "forbidden", "not_found"}
)  # refusals that say that words cannot go to that case now
_SAYABLE = frozenset({"text", "voice", "photo", "document", "place", "edit"})


def answer(chat: Chat, stored: Stored) -> None:
    """Send it to whom they reply, or speak with; else ask whom it is for."""
    target = _replied(chat, stored)
    case_id = target.case_id if target is not None and target.case_id else focus(chat)
    if case_id is None:
        ask_whom(chat, stored)
        return
    _try(chat, case_id, stored, target)


def _replied(chat: Chat, stored: Stored) -> SentMessage | None:
    replied = stored.body.get("reply_to")
    return sent.find(chat.db, chat.conversation.id, replied) if replied else None


def _try(chat: Chat, case_id: str, stored: Stored, target: SentMessage | None = None) -> None:
    """Send it, or say why not and keep it at hand."""
    no = attempt(chat.talk, send, chat, case_id, stored, target)
    if no is None:
        return
    if no.code in _NOT_THERE:
        _end_focus(chat, case_id)
    claim = case_id if no.code == "not_claimed" else None
    never = case_id if no.code == "relay_quiet" else None
    ask_whom(chat, stored, why(chat.words, no), claim, never)


def send(chat: Chat, case_id: str, stored: Stored, target: SentMessage | None = None) -> None:
    """Say it to the resident, and show below it what becomes of it."""
    body = stored.body
    if body["kind"] not in _SAYABLE:
        raise Refused("not_found", 404)
    media = body.get("media")
    seq = chat.act(
        reply.reply,
        case_id,
        f"{chat.conversation.id}:{stored.external_id}"[: reply.MOST_ID],
        str(body.get("text", "")),
        chat.now,
        chat.house,
        media_id=media["id"] if media else None,
    )
    sent.add(
        chat.db, chat.conversation.id, stored.external_id, SAID, chat.now, seq=seq, case_id=case_id
    )
    _mark(chat, case_id, seq, stored.external_id)
    if chat.row.focus_case_id == case_id:
        chat.row.focus_at = chat.now
    _read(chat, case_id, target)


def _mark(chat: Chat, case_id: str, seq: int, external_id: str) -> None:
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


def ask_whom(
    chat: Chat,
    stored: Stored,
    before: str = "",
    claim: str | None = None,
    without: str | None = None,
) -> None:
    """Nobody has these words yet: whom are they for? ``claim``: a case to be taken first.
    ``without``: a case that they cannot go to."""
    words, ext = chat.words, stored.external_id
    shown: Rows = []
    if claim is not None:
        shown.append([button(words.say("chat.do.claim_and_send"), "ct", claim, ext)])
    mine = [card for card in chat.act(desk.mine, chat.house) if card.id != without][:A_CHOICE]
    if without is not None and not mine:
        chat.tell(before, reply_to=_theirs(stored))
        return
    label = "chat.do.case"
    shown += rows(
        [
            button(words.say(label, number=str(card.number), title=card.title), "to", card.id, ext)
            for card in mine
        ],
        2,
    )
    shown.append([button(words.say("chat.do.drop"), "dr", ext)])
    text = words.say("chat.unsent" if mine or claim else "chat.unsent_none")
    chat.tell("\n".join(filter(None, (before, text))), rows=shown, reply_to=_theirs(stored))


def _theirs(stored: Stored) -> str:
    """The message in the chat that holds the words."""
    found: str = stored.body.get("edits") or stored.external_id
    return found


def send_kept(chat: Chat, case_id: str, external_id: str) -> None:
    """A case was chosen for words that had no target."""
    conversation = chat.conversation
    stored = inbox.find(
        chat.db, conversation.channel, conversation.account, conversation.sender, external_id
    )
    if stored is None:
        raise Refused("not_found", 404)
    if (known := sent.find(chat.db, conversation.id, external_id)) is not None:
        case = cases.get(chat.db, known.case_id or "")
        chat.say("sent_already", number=str(case.number) if case else "")
        return
    _try(chat, case_id, stored)


def edit(chat: Chat, stored: Stored) -> None:
    """They changed a message: the resident gets a correction; a note stays as it is."""
    edited = str(stored.body.get("edits") or "")
    known = sent.find(chat.db, chat.conversation.id, edited)
    text = str(stored.body.get("text", ""))
    if known is None or known.case_id is None or known.seq is None:
        if known is not None and known.kind == NOTE:
            chat.say("note_stays", reply_to=edited)
        elif text.strip() and not text.startswith("/"):
            ask_whom(chat, stored, chat.words.say("chat.edited_unsent"))
        return
    case = chat.case(known.case_id)
    last = conversations.get(chat.db, case.conversation_id).last_seq
    seq = chat.act(correct.correct, case.id, known.seq, text, chat.now, chat.house)
    if seq > last:  # the same words again are no correction
        _mark(chat, case.id, seq, edited)


def keep_note(chat: Chat, stored: Stored, case_id: str, text: str) -> None:
    """Words for colleagues only."""
    client_id = f"{chat.conversation.id}:{stored.external_id}"[: reply.MOST_ID]
    chat.act(reply.note, case_id, client_id, text, chat.now, chat.house)
    sent.add(chat.db, chat.conversation.id, stored.external_id, NOTE, chat.now, case_id=case_id)
    number = str(chat.case(case_id).number)
    chat.say("noted", number=number, reply_to=stored.external_id)


def speak(chat: Chat, case_id: str) -> None:
    """From now on what they write goes to this case's resident.

    Raises:
        Refused: they could not answer there.
    """
    case = chat.case(case_id)
    must_be_open(case)
    must_hold(chat.db, chat.viewer, case)
    if quiet(case):
        raise Refused("relay_quiet")
    before = focus(chat)
    if before is not None and before != case_id:
        _say_left(chat, before, "left_other")
    chat.row.focus_case_id, chat.row.focus_at = case_id, chat.now
    talk = conversations.get(chat.db, case.conversation_id)
    staff_shown.show(chat.db, chat.conversation.id, case_id, talk.last_seq)
    title = card_of(chat.db, chat.viewer, case, chat.house).title
    chat.say(
        "speaking",
        number=str(case.number),
        title=title,
        rows=[[button(chat.words.say("chat.do.leave"), "lv")]],
    )


def focus(chat: Chat) -> str | None:
    """The case that they speak with; one that was not used for a while ends, and that is said."""
    row = chat.row
    if row.focus_case_id is None or row.focus_at is None:
        return None
    if chat.now - row.focus_at < chat.house.office.live:
        return row.focus_case_id
    case_id, row.focus_case_id, row.focus_at = row.focus_case_id, None, None
    _say_left(chat, case_id, "left_late")
    return None


def leave(chat: Chat) -> None:
    """They stop speaking with a case."""
    case_id = focus(chat)
    if case_id is None:
        chat.say("not_speaking")
        return
    chat.row.focus_case_id = chat.row.focus_at = None
    _say_left(chat, case_id, "left")


def _end_focus(chat: Chat, case_id: str) -> None:
    if chat.row.focus_case_id == case_id:
        chat.row.focus_case_id = chat.row.focus_at = None
        _say_left(chat, case_id, "left")


def _say_left(chat: Chat, case_id: str, key: str) -> None:
    case = cases.get(chat.db, case_id)
    chat.say(key, number=str(case.number) if case else "")
