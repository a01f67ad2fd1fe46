"""What an update refers to: the line it corrects or answers, the album it goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.meaning import danger
from handlers.residents.drafts import Draft
from handlers.residents.file import HUMAN, before_filing, current_case
from handlers.talk import Talk
from storage import cases, entries, sent
from storage.cases import Case
from storage.entries import Line

_LOOK_BACK = 30  # lines in which the first file of an album is looked for


@dataclass(frozen=True, slots=True)
class Thread:
    """``versions``: the line that an edit corrects and its earlier corrections, oldest first.

    ``answers``: the line that was replied to. ``pressed``: the one under which a button was
    tapped. ``further``: the album was answered already.
    """

    versions: tuple[Line, ...] = ()
    answers: Line | None = None
    pressed: Line | None = None
    further: bool = False

    def is_new(self, text: str) -> bool:
        """Whether an edit says anything else than what stands there; channels send others too."""
        return not self.versions or self.versions[-1].text != text

    def new_dangers(self, dangers: tuple[str, ...]) -> tuple[str, ...]:
        """Those that were not in the line before it was edited."""
        known = {label for line in self.versions for label in danger.find(line.text)}
        return tuple(label for label in dangers if label not in known)


def find(talk: Talk, body: Mapping[str, Any]) -> Thread:
    """Look up what the stored ``body`` refers to; a tap speaks of nothing but its button."""
    db, conversation_id = talk.db, talk.conversation.id
    if body["kind"] == "choice":
        return Thread(pressed=_replied_to(talk, body.get("reply_to")))
    if body["kind"] == "edit":
        line = entries.by_client_id(db, conversation_id, str(body.get("edits") or ""), "me")
        first = line.seq if line is not None else 0
        return Thread(tuple(entries.versions(db, conversation_id, first)) if first else ())
    album = body.get("album")
    return Thread(
        answers=_replied_to(talk, body.get("reply_to")),
        further=bool(album) and _is_begun(talk, str(album)),
    )


def _replied_to(talk: Talk, external_id: str | None) -> Line | None:
    if not external_id:
        return None
    own = entries.by_client_id(talk.db, talk.conversation.id, external_id, "me")
    if own is not None:
        return own
    message = sent.find(talk.db, talk.conversation.id, external_id)
    if message is None or message.seq is None:
        return None
    return entries.at(talk.db, talk.conversation.id, message.seq)


def _is_begun(talk: Talk, album: str) -> bool:
    lines = entries.latest(talk.db, talk.conversation.id, _LOOK_BACK)
    return any(line.sender == "me" and line.extra.get("album") == album for line in lines)


def select(talk: Talk, thread: Thread, draft: Draft | None) -> bool:
    """Speak of the case whose line was replied to; True: the words are for that case.

    A reply within what is spoken of already changes nothing. A closed case is spoken of again
    unless an open one is, whose human would miss the words.
    """
    line, case = thread.answers, case_of(talk, thread.answers)
    if line is None or case is None:
        return False
    before = current_case(talk)
    if case.closed_at is not None:
        if draft is None and (before is None or before.closed_at is not None):
            talk.conversation.case_id = case.id
        return False
    if draft is not None and belongs(case, draft) and line.sender != "advisor":
        return False
    other = before is None or before.id != case.id
    talk.conversation.case_id = case.id
    talk.case = case
    return other or draft is not None


def case_of(talk: Talk, line: Line | None) -> Case | None:
    """The case of a line of this very conversation, locked."""
    if line is None or line.case_id is None:
        return None
    before = current_case(talk)
    if before is not None and before.id == line.case_id:
        return before
    return cases.get(talk.db, line.case_id, lock=True)


def belongs(case: Case | None, draft: Draft | None) -> bool:
    """A line belongs to the case spoken of, unless a dialog about something new is under way."""
    if case is None:
        return False
    if draft is None or before_filing(case):
        return True
    return draft.session is not None and draft.session.flow == HUMAN
