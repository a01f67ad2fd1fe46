"""New lines of a resident, given to the chat of who answers: each once, in order."""

from __future__ import annotations

from handlers.staff_chat import parcels
from handlers.staff_chat.deliveries import Deliveries
from storage import conversations, entries, media, people, staff_shown
from storage.cases import Case
from storage.entries import Line
from storage.staff_chats import Reader

MOST = 10  # lines at once; older ones stand in the conversation
_SAID = frozenset({"message", "edited"})
_NOT_WORDS = frozenset({entries.OPENED, entries.CONFIRMED})  # taps that cards and marks tell


def give(deliveries: Deliveries, reader: Reader, case: Case) -> None:
    """The lines that this chat has not had: what came after the claim, and nobody has read."""
    db, words = deliveries.db, deliveries.house.staff_words
    if reader.staff is None:
        return
    talk = conversations.get(db, case.conversation_id)
    known = staff_shown.shown(db, reader.conversation_id, case.id)
    after = known.shown_seq if known is not None else 0
    mine = case.assignee_id == reader.staff.id
    if mine:
        after = max(after, talk.read_seq)
    new = [line for line in entries.after(db, talk.id, after) if _is_theirs(line, case, talk)]
    if mine and case.claimed_at is not None:
        new = [line for line in new if line.at > case.claimed_at]
    if not new:
        return
    number = str(case.number)
    if len(new) > MOST:
        text = words.say("chat.talk.earlier", number=number, n=str(len(new) - MOST))
        deliveries.put(reader.conversation_id, parcels.body("text", text=text, silent=True), case)
    files = media.of_ids(db, {line.media_id for line in new if line.media_id})
    title = words.say("chat.talk.title", number=number, name=_name(deliveries, case))
    for line in new[-MOST:]:
        row = files.get(line.media_id) if line.media_id else None
        text = line.text
        if line.kind == "edited":
            text = words.say("chat.talk.edited", text=text)
        made = parcels.talk(
            words,
            case.id,
            line.seq,
            title=title,
            text=text,
            media_id=row.id if row is not None else None,
            unheard=row is not None and row.kind == "voice" and row.heard_at is None,
        )
        deliveries.put(reader.conversation_id, made, case)
    staff_shown.show(db, reader.conversation_id, case.id, new[-1].seq)


def _is_theirs(line: Line, case: Case, talk: conversations.Conversation) -> bool:
    if line.sender != "me" or line.kind not in _SAID or line.tone in _NOT_WORDS:
        return False
    return line.case_id == case.id or (line.case_id is None and talk.case_id == case.id)


def _name(deliveries: Deliveries, case: Case) -> str:
    known = people.details_of(deliveries.db, {case.helped_id} if case.helped_id else set())
    name = known[case.helped_id].name if case.helped_id in known else ""
    return name or deliveries.house.staff_words.say("card.nameless")
