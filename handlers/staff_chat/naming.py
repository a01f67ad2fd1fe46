"""How a case is called in a sentence: by its number, and by the name of who is helped."""

from __future__ import annotations

from dialogs.wording import Phrases
from handlers.cards import Card
from handlers.quoting import one_line
from storage import people
from storage.cases import Case
from storage.database import Db

_FIRST = 8  # characters of the first words that tell cases apart on a button


def name_of(db: Db, case: Case) -> str:
    """The name of who is helped; nothing when they gave none."""
    found = people.details_of(db, {case.helped_id} if case.helped_id else set())
    details = found.get(case.helped_id) if case.helped_id else None
    return one_line(details.name) if details is not None else ""


def called(db: Db, words: Phrases, case: Case) -> str:
    """#12 陈老伯; #12. For who may read the case."""
    name, number = name_of(db, case), str(case.number)
    return words.say("chat.called" if name else "chat.do.number", number=number, name=name)


def label(words: Phrases, card: Card, name: str) -> str:
    """A case on a button: #7 陈老伯 · 助学; without a name #7 助学 · 孩子上学."""
    need = card.need_words[0] if card.need_words else ""
    line = card.line if len(card.line) <= _FIRST else card.line[:_FIRST] + "…"
    facts = [name, need] if name else [need, line]
    what = " · ".join(filter(None, facts)) or card.title
    return words.say("chat.do.case", number=str(card.number), title=what)
