"""Parcels for many chats, written at the end in one order of locks: groups first, then by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.ports import House
from handlers.staff_chat import parcels
from handlers.staff_chat.faces import digest
from handlers.staff_chat.marks import DONE, mark_face
from handlers.talk import PLAIN, RED, SAFETY
from storage import conversations, outbox, staff_chats, staff_shown
from storage.cases import Case
from storage.database import Db
from storage.outbox import LOOK, TOLD
from storage.staff_shown import Showing


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A new message; or, with ``edits``, what an old one shows, for the last time or not."""

    made: dict[str, Any]
    lane: int
    edits: str | None = None
    last: bool = False
    ends_focus: str | None = None  # the case that they speak with no more


@dataclass(slots=True)
class Deliveries:
    """What each chat gets, in order."""

    db: Db
    now: datetime
    house: House
    waiting: dict[str, list[_Waiting]] = field(default_factory=dict)

    def put(
        self,
        chat_id: str,
        made: dict[str, Any],
        case: Case | None,
        *,
        bell: bool = False,
        ends_focus: str | None = None,
    ) -> None:
        """A new message; the ``bell`` of a red case goes before all else in its chat."""
        lane = SAFETY if bell else RED if is_red(case) else TOLD
        self._add(chat_id, _Waiting(made, lane, ends_focus=ends_focus))

    def refresh(self, message: Showing, case: Case) -> None:
        """A message is laid out anew; of a mark only when it has something new to say.

        An answer that did not arrive is said again, with sound.
        """
        show = parcels.shows(message.kind, case.id, message.seq)
        if message.kind != "mark":
            self._add(message.conversation_id, _Waiting(show, LOOK, message.external_id))
            return
        face = mark_face(self.db, case, message.seq or 0, self.house)
        if digest(face) == message.showing:
            return
        waits = _Waiting(show, LOOK, message.external_id, face.last)
        self._add(message.conversation_id, waits)
        if face.failed:
            again = parcels.body("mark", reply_to=message.external_id, show=show)
            lane = RED if is_red(case) else PLAIN
            self._add(message.conversation_id, _Waiting(again, lane))

    def _add(self, chat_id: str, waits: _Waiting) -> None:
        self.waiting.setdefault(chat_id, []).append(waits)

    def write(self) -> None:
        """Queue everything."""
        groups = staff_chats.group_ids(self.db, set(self.waiting))
        for chat_id in sorted(self.waiting, key=lambda one: (one not in groups, one)):
            conversation = conversations.lock(self.db, chat_id)
            bells = _Bells(self.db, chat_id)
            for waits in self.waiting[chat_id]:
                if waits.lane == SAFETY and bells.renewed(waits.made):
                    continue
                if waits.ends_focus is not None:
                    staff_chats.end_focus(self.db, chat_id, waits.ends_focus)
                if waits.lane == RED:
                    _keep_order(self.db, chat_id, waits.made)
                if waits.edits is None:
                    parcels.put(self.db, conversation, waits.made, self.now, waits.lane)
                    continue
                parcels.refresh(self.db, conversation, waits.edits, waits.made, self.now)
                if waits.last:
                    staff_shown.settle_kind(self.db, chat_id, waits.edits, DONE)
        self.waiting.clear()


class _Bells:
    """The cards in a chat that have yet to ring. A case that rings again meanwhile keeps its
    place: whoever writes on and on would make every other bell wait."""

    def __init__(self, db: Db, chat_id: str) -> None:
        self._db, self._chat_id = db, chat_id
        self._by_case: dict[str, str] | None = None  # None: nobody has looked yet

    def renewed(self, made: Mapping[str, Any]) -> bool:
        """Whether a bell of the same case waited, and rings for this one too."""
        if made["what"] != "card":
            return False
        if self._by_case is None:
            self._by_case = {
                body["show"]["case_id"]: row_id
                for row_id, body in outbox.waiting_bells(self._db, self._chat_id)
                if body["what"] == "card"
            }
        row_id = self._by_case.get(made["show"]["case_id"])
        return row_id is not None and outbox.rewrite(self._db, row_id, made, waiting=True)


def _keep_order(db: Db, chat_id: str, made: Mapping[str, Any]) -> None:
    """Lines of a case that is red by now go before its newer ones."""
    case_id = (made.get("show") or {}).get("case_id")
    if made.get("what") != "talk" or case_id is None:
        return

    def same(body: Mapping[str, Any]) -> bool:
        return body.get("what") == "talk" and (body.get("show") or {}).get("case_id") == case_id

    outbox.hurry(db, chat_id, same)


def is_red(case: Case | None) -> bool:
    """Whether it rings: red, and not closed."""
    return case is not None and case.urgency == "red" and case.closed_at is None
