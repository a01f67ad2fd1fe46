"""One message of a resident, as the turns see it."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs.meaning.reading import Reading
from handlers.residents import drafts
from handlers.residents.file import open_case
from handlers.talk import Talk
from storage import entries


@dataclass(slots=True)
class Message:
    """One message, with what it was taken to mean and the dialog that waits for an answer.

    ``quiet``: it asks that nothing is written back (``asks_quiet``), or such a silence holds.
    ``further``: one more file of an album that was answered. ``replies``: it is a reply that
    speaks of an open case.
    """

    kind: str
    text: str
    choice: str | None
    media: str | None
    reading: Reading
    seq: int
    draft: drafts.Draft | None
    quiet: bool = False
    asks_quiet: bool = False
    further: bool = False
    replies: bool = False


def to_the_case_spoken_of(talk: Talk, seq: int) -> None:
    """Words to an advisor belong to the advisor's case, also while a dialog waits."""
    case = open_case(talk)
    if case is not None:
        talk.case = case
        entries.put_in_case(talk.db, talk.conversation.id, seq, case.id)
