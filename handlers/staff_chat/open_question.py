"""Words that come while a question is open: they answer it, or it ends."""

from __future__ import annotations

from handlers.advisors import attend
from handlers.rules.triage import URGENCIES
from handlers.staff_chat import answers, asking, joining, naming, questions, unsent
from handlers.staff_chat.chat import Chat
from handlers.staff_chat.questions import NAME, NOTE, QUESTION, URGENCY
from storage import sent
from storage.inbox import Stored


def take(chat: Chat, stored: Stored, text: str) -> bool:
    """These words answer the question that stands open; False: there is none.

    Words that reply to something else, or come late, are asked about: a note must never go out
    to a resident by mistake, and an answer must not stay in the house.
    """
    row = chat.row
    if row.question == NAME:
        return _name(chat, stored, text)
    what, case_id, asked = row.question, row.question_case_id, row.question_at
    if what is None or case_id is None or asked is None:
        return False
    replied = stored.body.get("reply_to")
    target = sent.find(chat.db, chat.conversation.id, replied) if replied else None
    if not questions.waits(chat):
        questions.forget(chat)
        if chat.now - asked >= chat.house.office.live or replied:
            return False
        asking.ask_how(chat, stored, case_id, questions.ended(chat, case_id))
        return True
    if replied and not (target and target.kind == QUESTION and target.case_id == case_id):
        questions.forget(chat)
        note_for = case_id if what == NOTE else None
        about = target.case_id if target is not None and target.case_id else case_id
        asking.ask_how(chat, stored, about, questions.ended(chat, case_id), note_for)
        return True
    questions.forget(chat)
    if what == NOTE:
        answers.keep_note(chat, stored, case_id, text)
        return True
    to = what.removeprefix(URGENCY)
    if to in URGENCIES:
        chat.act(attend.change_urgency, case_id, to, text, chat.now, chat.house)
        said = chat.words.say("talk.lowered")
        number = str(chat.case(case_id).number)
        text = chat.words.say("chat.about", number=number, text=said)
        chat.tell(text, reply_to=stored.external_id, about=case_id)
    return True


def _name(chat: Chat, stored: Stored, text: str) -> bool:
    """What they are called; words that reply to something else, or come late, are no name."""
    replied, waits = stored.body.get("reply_to"), questions.waits(chat)
    target = sent.find(chat.db, chat.conversation.id, replied) if replied else None
    questions.forget(chat)
    if not waits or (replied and (target is None or target.kind != QUESTION)):
        return False
    joining.rename(chat, text)
    return True


def refuse_file(chat: Chat, stored: Stored) -> bool:
    """A voice, a picture, a file, a place is no note: it goes nowhere, and the question stays."""
    row = chat.row
    if row.question_case_id is None or row.question is None:
        return False
    if not questions.waits(chat):
        case_id, asked = row.question_case_id, row.question_at
        questions.forget(chat)
        late = asked is None or chat.now - asked >= chat.house.office.live
        if late or stored.body.get("reply_to"):
            return False
        asking.ask_how(chat, stored, case_id, questions.ended(chat, case_id))
        return True
    if unsent.album_of(chat, stored) is None:
        key = "chat.note_words_only" if row.question == NOTE else "chat.reason_words_only"
        case = chat.case(row.question_case_id)
        text = chat.words.say(key, case=naming.called(chat.db, chat.words, case))
        unsent.refuse(chat, stored, text)
    return True
