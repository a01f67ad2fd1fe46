"""A staff bot without Telegram: updates go in as a channel brings them, parcels come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from handlers import delivery, receive, staff
from handlers.ports import STAFF_CHANNEL, MediaInfo, Update, Viewer
from handlers.staff_chat import feed
from storage import media as media_rows
from storage.database import Db
from storage.staff import Staff
from tests.handlers.street import Street

ACCOUNT = "777"
LABEL, VALUE = "label", "value"


@dataclass
class Message:
    """A message as the person's screen shows it."""

    id: str
    title: str
    text: str
    rows: list[list[dict[str, str]]]
    silent: bool
    reply_to: str | None
    media: dict[str, Any] | None
    edits: int = 0

    @property
    def whole(self) -> str:
        """Title and text."""
        return "\n".join(filter(None, (self.title, self.text)))

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons."""
        return [button[LABEL] for row in self.rows for button in row]

    def value(self, label: str) -> str:
        """The value of the button whose words begin so."""
        found = [one for row in self.rows for one in row if one[LABEL].startswith(label)]
        assert found, (label, self.labels)
        return found[0][VALUE]


@dataclass
class Phone:
    """Somebody's chat with the staff bot, or a group."""

    office: Office
    chat: str
    person: str
    group: bool = False
    screen: dict[str, Message] = field(default_factory=dict)
    read: int = 0
    left: bool = False  # the bot went out of it

    @property
    def messages(self) -> list[Message]:
        """Everything on the screen, oldest first."""
        return list(self.screen.values())

    @property
    def last(self) -> Message:
        """The newest message."""
        return self.messages[-1]

    def news(self) -> list[Message]:
        """What came since the last look."""
        self.office.run()
        found, self.read = self.messages[self.read :], len(self.messages)
        return found

    def sends(self, kind: str = "text", person: str | None = None, **update: Any) -> list[Message]:
        """One update, handled; what came."""
        office = self.office
        made = update.pop("external_id", None) or office.next_id()
        self.wrote = made
        full = Update(
            STAFF_CHANNEL,
            ACCOUNT,
            f"chat-{self.chat}",
            made,
            kind,
            address=self.chat,
            actor=f"actor-{person or self.person}",
            group=self.group,
            **update,
        )
        self.news()
        office.street.write(receive.receive, full, (), office.street.now, office.street.house)
        office.street.work()
        office.street.now += timedelta(seconds=1)
        return self.news()

    def says(self, text: str, **update: Any) -> list[Message]:
        """Words."""
        return self.sends(text=text, **update)

    def sends_only(self, text: str) -> None:
        """Words that are handled; nothing is told or sent meanwhile."""
        office, made = self.office, self.office.next_id()
        full = Update(
            STAFF_CHANNEL,
            ACCOUNT,
            f"chat-{self.chat}",
            made,
            "text",
            text=text,
            address=self.chat,
            actor=f"actor-{self.person}",
        )
        office.street.write(receive.receive, full, (), office.street.now, office.street.house)
        office.street.work()

    def presses(self, label: str, message: Message | None = None, **more: Any) -> list[Message]:
        """A button of a message, or of the newest that has it."""
        if message is None:
            message = next(
                one
                for one in reversed(self.messages)
                if any(words.startswith(label) for words in one.labels)
            )
        value = message.value(label)
        return self.taps(value, message, **more)

    def taps(self, value: str, message: Message | None = None, **more: Any) -> list[Message]:
        """Any value, as an old client or a forger sends it."""
        made = f"cb:{self.office.next_id()}"
        under = message.id if message else None
        return self.sends("choice", external_id=made, choice=value, reply_to=under, **more)

    def speaks(self, **update: Any) -> list[Message]:
        """A voice note."""
        office = self.office
        item = MediaInfo(f"{int(office.next_id()):032x}", "voice", "audio/ogg", 9, "0" * 64, 4.0)
        return self.sends("voice", media=item, **update)

    def find(self, words: str) -> Message:
        """The newest message with these words."""
        self.news()
        found = [one for one in self.messages if words in one.whole]
        assert found, (words, [one.whole for one in self.messages])
        return found[-1]


@dataclass
class Office:
    """The staff's bot on a street."""

    street: Street
    phones: dict[str, Phone] = field(default_factory=dict)
    failing: dict[str, tuple[str, bool]] = field(default_factory=dict)  # chat → code, gone
    failing_only: str | None = None  # what of it
    number: int = 1000

    def next_id(self) -> str:
        """A message id of Telegram."""
        self.number += 1
        return str(self.number)

    def phone(self, name: str, *, group: bool = False) -> Phone:
        """A chat of somebody who has not joined."""
        made = Phone(self, f"-{name}" if group else name, name, group)
        self.phones[made.chat] = made
        return made

    def joined(
        self, name: str = "李顾问", role: str = "advisor", unit: str | None = None
    ) -> tuple[Phone, Viewer]:
        """Somebody who joined by a link, and is on duty."""
        token = self.invite(name, role, unit)
        phone = self.phone(name)
        phone.sends("start", text=token)
        return phone, self.viewer(name)

    def invite(self, name: str, role: str = "advisor", unit: str | None = None) -> str:
        """A one-time link's token."""
        street = self.street
        return street.write(
            staff.invite,
            name,
            role,
            unit or street.house.office.units[0],
            "社区救助顾问",
            street.now,
            street.house,
        )

    def viewer(self, name: str) -> Viewer:
        """A staff member by name."""
        (row,) = self.street.rows(Staff, name=name)
        return staff.viewer_for(row)

    def run(self) -> None:
        """Tell and send until nothing is left."""
        while self.feed() + self.deliver():
            pass

    def feed(self, limit: int = 50) -> int:
        """One run of the feed."""
        street = self.street
        return street.write(feed.feed, ACCOUNT, street.now, street.house, limit)

    def lease(self) -> list[delivery.Ready]:
        """What can be sent now."""
        street = self.street
        until = street.now + timedelta(seconds=30)
        return street.write(
            delivery.lease, STAFF_CHANNEL, ACCOUNT, "t", street.now, until, 50, street.house
        )

    def deliver(self) -> int:
        """Send what can be sent; how many."""
        ready = self.lease()
        for one in ready:
            self.sent(one)
        return len(ready)

    def sent(self, one: delivery.Ready) -> None:
        """One parcel arrived, or did not."""
        street, parcel = self.street, one.parcel
        assert one.fault is None, one.fault
        body = parcel.body
        code, gone = self.failing.get(parcel.address, (None, False))
        if code is not None and self.failing_only in (None, body["what"]):
            street.write(
                delivery.settled, parcel, "t", "failed", street.now, street.house,
                error=code, gone=gone,
            )  # fmt: skip
            return
        made = self._show(self.phones[parcel.address], body)
        street.write(
            delivery.settled, parcel, "t", "sent", street.now, street.house, external_id=made
        )

    def _show(self, phone: Phone, body: Any) -> str | None:
        if body["what"] == "nothing":
            return None
        phone.left = bool(body["ends"])
        if phone.left and not body["text"]:
            return None
        for row in body["rows"]:
            for button in row:
                assert 0 < len(button[VALUE].encode()) <= 64
        if body["edit"]:
            shown = phone.screen[body["edit"]]
            shown.title, shown.text, shown.rows = body["title"], body["text"], body["rows"]
            shown.edits += 1
            return str(body["edit"])
        made = self.next_id()
        phone.screen[made] = Message(
            made, body["title"], body["text"], body["rows"], body["silent"], body["reply_to"],
            body["media"],
        )  # fmt: skip
        return made


def keep_media(db: Db, media_id: str) -> None:
    """A file that was awaited is here."""
    row = media_rows.get(db, media_id)
    assert row is not None
    row.state = "kept"
