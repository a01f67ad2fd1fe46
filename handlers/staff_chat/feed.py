"""What happens in the house, told to the chats of staff: exactly once, and in order.

The counter ``staff_feed`` says up to which notice this was done; its row is locked while parcels
are written, so two processes tell nothing twice. Who is told what: docs/decisions/0008.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from handlers.ports import House
from handlers.staff import viewer_for
from handlers.staff_chat import lines
from handlers.staff_chat.audience import Audience
from handlers.staff_chat.buttons import button
from handlers.staff_chat.chat import Chat
from handlers.staff_chat.deliveries import Deliveries, is_red
from handlers.staff_chat.focus import focus
from handlers.staff_chat.parcels import body, shows
from handlers.talk import Talk
from storage import cases, conversations, notices, staff_chats, staff_shown
from storage.cases import Case
from storage.database import Db
from storage.notices import Notice

_GROUP_PUSHES = frozenset({"red", "untouched"})  # keys of pushes: nobody has the case


def feed(db: Db, account: str, now: datetime, house: House, limit: int = 50) -> int:
    """Tell the next notices to the chats of a bot; how many there were.

    Talks with one case that nobody used for a while end here too, and that is said.
    """
    _end_idle(db, account, now, house)
    if notices.last_seq(db) <= staff_shown.feed_seen(db):
        return 0
    after = staff_shown.feed_place(db)
    found = notices.after_all(db, after, limit)
    if not found:
        return 0
    _Telling(db, account, now, house).tell(found)
    staff_shown.move_feed(db, found[-1].seq)
    return len(found)


class _Telling:
    """One run: who reads, what each chat gets, and which cases were looked at."""

    def __init__(self, db: Db, account: str, now: datetime, house: House) -> None:
        self.db, self.now, self.house = db, now, house
        self.audience = Audience(staff_chats.readers(db, account))
        self.deliveries = Deliveries(db, now, house)
        self.cards: set[tuple[str, str]] = set()  # chat and case: a new card in this run
        self.told: dict[str, Case | None] = {}  # what follows the cards, once a run

    def tell(self, found: list[Notice]) -> None:
        """All of them, then what changed in their cases."""
        kinds: dict[str, Callable[[Notice, Case], None]] = {
            "ring": self._ring,
            "push": self._push,
            "queue": self._offer,
        }
        for notice in found:
            case = cases.get(self.db, notice.case_id) if notice.case_id else None
            if case is None:
                self._without_case(notice)
                continue
            if notice.kind in kinds:
                kinds[notice.kind](notice, case)
            self.told[case.id] = case
        for case in self.told.values():
            if case is not None:
                self._follow(case)
        self.deliveries.write()

    def _ring(self, notice: Notice, case: Case) -> None:
        """Red: every staff member on duty, and the groups."""
        for reader in [*self.audience.groups, *self.audience.rung()]:
            self._card(reader.conversation_id, case, notice, silent=False)

    def _offer(self, notice: Notice, case: Case) -> None:
        """A case that nobody has: a card to those on duty who may read it, once a chat."""
        if case.assignee_id is not None or case.closed_at is not None:
            return
        loud = case.urgency in ("red", "orange")
        for reader in self.audience.may_read(case):
            if staff_shown.shown(self.db, reader.conversation_id, case.id) is None:
                self._card(reader.conversation_id, case, notice, silent=not loud)

    def _card(self, chat_id: str, case: Case, notice: Notice, *, silent: bool) -> None:
        if (chat_id, case.id) in self.cards:
            return
        self.cards.add((chat_id, case.id))
        made = body("card", silent=silent, show=shows("card", case.id), notice=notice.seq)
        bell = is_red(case) and not silent
        if not bell:  # a newer card of the case makes it needless
            made["at"] = self.now.isoformat()
        self.deliveries.put(chat_id, made, case, bell=bell)
        staff_shown.show(self.db, chat_id, case.id)

    def _push(self, notice: Notice, case: Case) -> None:
        """To whom it is addressed, with sound."""
        if notice.data.get("key") == "lost":
            self._lost(notice, case)
            return
        red = case.urgency == "red"
        made = body("push", show=shows("push", case.id, notice.seq), notice=notice.seq)
        closing = notice.data.get("key") == "closing"
        told = self.audience.of(notice.audience, case, red=red)
        for reader in self.audience.second(case) if closing else told:
            self.deliveries.put(reader.conversation_id, made, case, bell=is_red(case))
            if reader.staff is not None and reader.staff.role != "supervisor":
                staff_shown.show(self.db, reader.conversation_id, case.id)
        if notice.data.get("key") in _GROUP_PUSHES:
            for reader in self.audience.groups:
                self._card(reader.conversation_id, case, notice, silent=False)

    def _lost(self, notice: Notice, case: Case) -> None:
        """Somebody took it from them: said aloud, and what they write goes there no more."""
        said, number = str(notice.data.get("text") or ""), str(case.number)
        for reader in self.audience.of(notice.audience, case, red=False):
            spoke = reader.focus_case_id == case.id
            key = "push.ended_too" if spoke else "push.ended_only"
            text = self.house.staff_words.say(key, text=said, number=number)
            made = body("text", text=text)
            self.deliveries.put(
                reader.conversation_id, made, case, ends_focus=case.id if spoke else None
            )

    def _without_case(self, notice: Notice) -> None:
        if notice.kind == "push":
            made = body("push", show=shows("push", None, notice.seq))
            joined = notice.data.get("joined")  # whose chat is new: that very chat is not told
            for reader in self.audience.of(notice.audience, None, red=False):
                if reader.staff is not None and reader.staff.id == joined:
                    continue
                self.deliveries.put(reader.conversation_id, made, None)
        elif notice.kind == "parked" and notice.data.get("sound"):
            words = self.house.staff_words
            look = [[button(words.say("nav.parked"), "ls", "parked")]]
            made = body("text", text=words.say("notice.parked_red"), rows=look)
            for reader in self.audience.rung():
                self.deliveries.put(reader.conversation_id, made, None, bell=True)

    def _follow(self, case: Case) -> None:
        """Its new lines go to who answers; then messages that show the case are laid out anew.

        In this order: a chat gets one message a second, and words must not wait for a look.
        """
        for reader in self.audience.speaking(case):
            lines.give(self.deliveries, reader, case)
        fresh: set[tuple[str, str]] = set()  # the newest card and push of a chat
        for message in reversed(staff_shown.showing(self.db, case.id)):
            place = (message.conversation_id, message.kind)
            if message.kind == "mark" or place not in fresh:
                self.deliveries.refresh(message, case)
            fresh.add(place)


def _end_idle(db: Db, account: str, now: datetime, house: House) -> None:
    for chat_id in staff_chats.idle_in_focus(db, account, now - house.office.live):
        conversation = conversations.lock(db, chat_id)
        row = staff_chats.get(db, chat_id)
        person = staff_chats.person_of(db, row) if row is not None else None
        if row is not None and person is not None:
            talk = Talk(db, house, now, conversation)
            focus(Chat(talk, row, viewer_for(person)))
