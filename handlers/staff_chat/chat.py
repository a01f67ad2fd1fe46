"""A staff member's chat while one of their updates is handled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from dialogs.wording import Phrases
from handlers.advisors.desk_case import readable
from handlers.ports import House, Refused, Viewer
from handlers.staff_chat import parcels
from handlers.staff_chat.buttons import Rows
from handlers.talk import PLAIN, RED, Talk
from storage import sent, staff_shown
from storage.cases import Case
from storage.conversations import Conversation
from storage.database import Db
from storage.outbox import PUBLIC
from storage.staff_chats import StaffChat

P = ParamSpec("P")
T = TypeVar("T")
ABOUT = "about"  # the kind of a message that tells a staff member something about a case
SURE = "sure"  # one that asks for a yes: what comes of it takes its place
_AGAIN = timedelta(minutes=1)  # between two sentences to somebody who is not of the staff
ROOM = "chat"  # where the sentences of these chats stand in staff.zh.yml


@dataclass(slots=True)
class Chat:
    """Who speaks, and where answers go: ``talk`` is their own chat with the bot, locked."""

    talk: Talk
    row: StaffChat
    viewer: Viewer
    pressed: str | None = None  # the message whose button is being handled

    @property
    def db(self) -> Db:
        """The transaction of this update."""
        return self.talk.db

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.talk.now

    @property
    def house(self) -> House:
        """Content and settings."""
        return self.talk.house

    @property
    def words(self) -> Phrases:
        """What staff read."""
        return self.talk.house.staff_words

    @property
    def conversation(self) -> Conversation:
        """The staff member's own."""
        return self.talk.conversation

    def act(
        self, use_case: Callable[Concatenate[Db, Viewer, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What the staff member does: a use case of the house, in this transaction."""
        return use_case(self.db, self.viewer, *args, **kwargs)

    def case(self, case_id: str) -> Case:
        """A case that they may read.

        Raises:
            Refused: there is none, or it is another unit's.
        """
        return readable(self.db, self.viewer, case_id)

    def say(
        self,
        key: str,
        *,
        rows: Rows | None = None,
        reply_to: str | None = None,
        silent: bool = True,
        about: str | None = None,
        **params: str,
    ) -> None:
        """Say a sentence of ``chat.*``; ``about`` a case."""
        text = self.words.say(f"{ROOM}.{key}", **params)
        self.tell(text, rows=rows, reply_to=reply_to, silent=silent, about=about)

    def tell(
        self,
        text: str,
        *,
        title: str = "",
        rows: Rows | None = None,
        reply_to: str | None = None,
        silent: bool = True,
        about: str | None = None,
        kind: str = ABOUT,
    ) -> None:
        """Say words that were put together already; a reply to them is known to be ``about`` it.

        Under a pressed button of such a message they stand in its place: what was asked is
        answered, and its buttons are gone.
        """
        edit = self._in_place() if about is not None else None
        self.put(
            parcels.body(
                "text",
                title=title,
                text=text,
                rows=rows,
                edit=edit,
                reply_to=None if edit else reply_to,
                silent=silent,
                show=None if about is None and kind == ABOUT else parcels.shows(kind, about),
            )
        )

    def _in_place(self) -> str | None:
        known = sent.find(self.db, self.conversation.id, self.pressed) if self.pressed else None
        if known is None or known.kind != SURE:
            return None
        self.pressed = None  # once
        return known.external_id

    def put(self, made: dict[str, Any], lane: int = PLAIN) -> None:
        """Send a parcel to this chat."""
        parcels.put(self.db, self.conversation, made, self.now, lane)

    def card(self, case_id: str, *, reply_to: str | None = None) -> None:
        """Send the card of a case; it is laid out when it is sent."""
        case = self.case(case_id)
        show = parcels.shows("card", case_id)
        made = parcels.body("card", reply_to=reply_to, silent=True, show=show)
        self.put(made, RED if case.urgency == "red" else PLAIN)
        staff_shown.show(self.db, self.conversation.id, case_id)


def attempt(talk: Talk, fn: Callable[..., Any], *args: Any) -> Refused | None:
    """Do something whole, or undo it whole and give the refusal."""
    try:
        with talk.db.begin_nested():
            fn(*args)
    except Refused as no:
        return no
    return None


def why(words: Phrases, no: Refused) -> str:
    """A refusal in words."""
    key = f"errors.{no.code}"
    return words.say(key if key in words else "errors.unknown", **no.params)


def tell_publicly(
    talk: Talk,
    key: str,
    *,
    ends: bool = False,
    reply_to: str | None = None,
    always: bool = False,
    **params: str,
) -> None:
    """Say a sentence that holds nothing of the house to whoever is in a chat with the bot.

    One a minute and chat, after everything else: strangers must not keep the bot from the staff.
    ``always``: a supervisor's word is answered, and what was said in a group of ours.
    """
    if not always:
        said = talk.conversation.acknowledged_at
        if said is not None and talk.now - said < _AGAIN:
            return
        talk.conversation.acknowledged_at = talk.now
    text = talk.house.staff_words.say(f"{ROOM}.{key}", **params)
    made = parcels.body("text", text=text, reply_to=reply_to, silent=True, public=True, ends=ends)
    parcels.put(talk.db, talk.conversation, made, talk.now, PLAIN if always else PUBLIC)
