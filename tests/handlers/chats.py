"""People of the street who write from a chat of a channel that pushes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers import delivery
from handlers.advisors import claim, reply
from handlers.ports import STAFF_CHANNEL, MediaInfo, Viewer
from storage import conversations, entries, media
from storage.cases import Case
from storage.database import Db
from storage.outbox import Parcel
from tests.handlers.street import ANSWERS, CARE, Resident, Street, conversations_of

ACCOUNT = "70001"


class Chatter(Resident):
    """Somebody with a chat; every message in it has a number of the channel's own."""

    def __init__(self, street: Street, name: str = "chen") -> None:
        super().__init__(street, ("telegram", ACCOUNT, f"chat-{name}"))
        self.bodies: list[Mapping[str, Any]] = []  # everything that the chat was sent
        self.numbers: dict[int, str] = {}  # seq → the message that shows it

    def posts(self, external_id: str | None = None, **update: Any) -> str:
        """One update of this chat, stored only."""
        return super().posts(external_id, **{"address": "chat 7", **update})

    def gets(self) -> list[Mapping[str, Any]]:
        """The channel sends what waits; what the chat shows anew, oldest first."""
        got = []
        while (parcel := self._next()) is not None:
            got.append(self._show(parcel))
        return got

    def gets_one(self) -> Mapping[str, Any]:
        """The same for the one message that goes first."""
        parcel = self._next()
        assert parcel is not None
        return self._show(parcel)

    def gets_unrecorded(self) -> Mapping[str, Any]:
        """The chat shows the next message, and the house does not know it yet."""
        parcel = self._next()
        assert parcel is not None
        self.numbers[parcel.seq] = f"s{next(self.street.ids)}"
        return parcel.body

    def loses(self, **how: Any) -> Mapping[str, Any]:
        """The next message fails for good; its body."""
        parcel = self._next()
        assert parcel is not None
        self._settle(parcel, "failed", **how)
        return parcel.body

    def taps_under(self, body: Mapping[str, Any], label: str) -> list[str]:
        """Press a button under something that the chat shows; what the house said since."""
        (value,) = [one["value"] for one in body["choices"] if one["label"] == label]
        before = self.last_seq
        self.sends(kind="choice", choice=value, reply_to=self.numbers[body["seq"]])
        return self.heard(before)

    def replies(self, seq: int, text: str, **update: Any) -> list[str]:
        """Answer the message that shows a line of the house; what the house said since."""
        before = self.last_seq
        self.sends(text=text, reply_to=self.numbers[seq], **update)
        return self.heard(before)

    def file(self, kind: str = "photo", name: str | None = None) -> MediaInfo:
        """A file of the chat's own."""
        made = f"{next(self.street.ids):032x}"
        return MediaInfo(made, kind, "image/jpeg", 9, "0" * 64, None, name)

    @property
    def mine(self) -> list[dict[str, Any]]:
        """Their own lines, as a page would show them."""
        return [line for line in self.log() if line["from"] == "me"]

    def _show(self, parcel: Parcel) -> Mapping[str, Any]:
        number = f"s{next(self.street.ids)}"
        self._settle(parcel, "sent", external_id=number)
        self.numbers[parcel.seq] = number
        self.bodies.append(parcel.body)
        return parcel.body

    def _next(self) -> Parcel | None:
        street = self.street
        until = street.now + timedelta(seconds=30)
        found = street.write(
            delivery.lease, "telegram", ACCOUNT, "me", street.now, until, 1, street.house
        )
        return found[0].parcel if found else None

    def _settle(self, parcel: Parcel, outcome: str, **how: Any) -> None:
        street = self.street
        assert street.write(
            delivery.settled, parcel, "me", outcome, street.now, street.house, **how
        )


def from_staff(street: Street, kind: str = "photo", seconds: float | None = None) -> str:
    """A file that came in a chat of staff; its id."""
    made = f"{next(street.ids):032x}"

    def put(db: Db) -> str:
        who = (STAFF_CHANNEL, ACCOUNT, "chat-li")
        chat = conversations.open_for(db, *who, "chat 8", street.now)
        media.add(
            db,
            media_id=made,
            conversation_id=chat,
            kind=kind,
            mime="image/jpeg",
            size=9,
            seconds=seconds,
            name=None,
            now=street.now,
        )
        return made

    return street.write(put)


def answered(street: Street, chen: Chatter, li: Viewer) -> Case:
    """A filed case that the advisor has taken and answered a moment ago."""
    case: Case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    return case


def extras(street: Street, chen: Chatter) -> list[dict[str, object]]:
    """What is kept beside the words of their own lines."""
    talk = conversations_of(street, chen.who).id
    lines = street.write(entries.after, talk, 0)
    return [line.extra for line in lines if line.sender == "me"]
