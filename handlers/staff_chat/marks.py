"""What became of an answer: a short message under it, edited until its last word is said."""

from __future__ import annotations

from handlers.desk.talk_view import answer_marks
from handlers.ports import House
from handlers.staff_chat import naming
from handlers.staff_chat.buttons import button, rows
from handlers.staff_chat.faces import Face, has_phone, task_rows
from storage import conversations, entries
from storage.cases import Case
from storage.database import Db

DONE = "done"  # the kind of a mark that has said its last word
LAST = frozenset({"seen", "failed"})
_UNKNOWN = ("sending", None)


def state_of(db: Db, case: Case, seq: int, house: House) -> tuple[str, str | None]:
    """sending | sent | unseen | seen | failed, and why in words."""
    talk = conversations.get(db, case.conversation_id)
    return answer_marks(db, talk, [seq], house.staff_words).get(seq, _UNKNOWN)


def mark_face(db: Db, case: Case, seq: int, house: House) -> Face:
    """The mark of one answer. One that did not arrive comes with the way that is left."""
    state, why = state_of(db, case, seq, house)
    words, called = house.staff_words, naming.called(db, house.staff_words, case)
    line = entries.at(db, case.conversation_id, seq)
    if line is not None and line.kind == "edited":  # what it corrects has a mark of its own
        called = words.say("chat.mark.correction", case=called)
    if state != "failed":
        text = words.say(f"chat.mark.{state}", case=called)
        return Face("", text, last=state in LAST)
    key = "chat.mark.failed" if has_phone(db, case) else "chat.mark.failed_visit"
    text = words.say(key, case=called, why=why or words.say("delivery.other"))
    return Face("", text, ways(db, case, house), last=True, failed=True)


def ways(db: Db, case: Case, house: House) -> list[list[dict[str, str]]]:
    """How somebody is reached whom a message does not reach."""
    if case.closed_at is not None:
        return []
    words = house.staff_words
    number = has_phone(db, case)
    look = button(words.say("tasks.show_number"), "ph", case.id) if number else None
    read = button(words.say("chat.do.read"), "rd", case.id)
    return rows([look, read]) + task_rows(db, case, house)
