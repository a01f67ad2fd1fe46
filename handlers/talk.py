"""One conversation in one transaction: the only place that writes what a resident will read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogs.engine import Button
from handlers.ports import House
from storage import conversations, entries, notices, outbox
from storage.cases import Case
from storage.database import Db, wake

SAFETY, RED, PLAIN = 0, 1, 2  # lanes of the outbox: what overtakes what (design §3)
QUIET = "quiet"  # in ``extra`` of a line that asks for silence
SEEN = "seen:"  # prefix of the value of 看到了, under an advisor's words; the line's seq follows
SILENT: Mapping[str, bool] = {"silent": True}  # extra of words that another message follows
FIRST: Mapping[str, bool] = {"first": True}  # extra of a question with nothing to go back to
OVERTAKEN = "overtaken"  # what became of a question that would have come behind a safety sentence
FORMS = ("question", "summary")  # tones
SAID = frozenset({"message", "edited"})  # kinds of lines that hold words
Choices = tuple[dict[str, str], ...]


@dataclass(slots=True)
class Talk:
    """A locked conversation, its house and the moment."""

    db: Db
    house: House
    now: datetime
    conversation: conversations.Conversation
    case: Case | None = None
    chosen: str = ""  # the button that was taken as an answer; what is said next shows it
    _held: bool | None = None  # None: not looked up yet

    @property
    def live(self) -> bool:
        """Whether a human is in the talk: an advisor wrote a short time ago (design §3)."""
        talk = self.conversation
        return is_live(self.house, talk.live_staff_id, talk.advisor_wrote_at, self.now)

    @property
    def held(self) -> bool:
        """Whether the last thing they wrote asks that nothing is written to them.

        Somebody who beats them may see the screen: the bot is silent until they write again.
        """
        if self._held is None:
            last = None
            if self.conversation.case_id is not None:  # it follows danger, which has a case
                last = entries.last_of(self.db, self.conversation.id, "me")
            self._held = last is not None and bool(last.extra.get(QUIET))
        return self._held

    def say(
        self,
        key: str,
        *,
        choices: Sequence[Button] | None = None,
        tone: str | None = None,
        lane: int = PLAIN,
        icons: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: str,
    ) -> None:
        """The bot says a phrase."""
        self.tell(
            self.house.phrases.say(key, **params),
            choices=choices,
            tone=tone,
            lane=lane,
            icons=icons,
            extra=extra,
        )

    def tell(
        self,
        text: str,
        *,
        choices: Sequence[Button] | None = None,
        tone: str | None = None,
        lane: int = PLAIN,
        icons: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """The bot says words that were put together already, unless it was asked to be silent."""
        if self.held:
            return
        shown = {**(extra or {}), "chosen": self.chosen} if self.chosen else extra
        self.chosen = ""
        self.write(
            kind="message",
            sender="bot",
            text=text,
            choices=None if choices is None else as_choices(choices, icons or {}),
            tone=tone,
            lane=lane,
            extra=shown,
        )

    def write(
        self,
        *,
        kind: str,
        sender: str,
        text: str = "",
        choices: Choices | None = None,
        tone: str | None = None,
        ref: int | None = None,
        client_id: str | None = None,
        media_id: str | None = None,
        staff_id: str | None = None,
        lane: int = PLAIN,
        extra: Mapping[str, Any] | None = None,
    ) -> entries.Line:
        """Add a line to the log, and to the outbox where the channel pushes."""
        line = entries.append(
            self.db,
            self.conversation,
            kind=kind,
            sender=sender,
            at=self.now,
            text=text,
            ref=ref,
            client_id=client_id,
            choices=choices,
            tone=tone,
            media_id=media_id,
            case_id=self.case.id if self.case else None,
            staff_id=staff_id,
            extra=dict(extra or {}),
        )
        if sender == "me":
            self._held = bool(line.extra.get(QUIET))
        wake(self.db, f"conversation:{self.conversation.id}")
        if self.conversation.address is not None and sender != "me" and kind != "delivery":
            self._post(line, lane)
        return line

    def _post(self, line: entries.Line, lane: int) -> None:
        """Hand a line to a channel that pushes: who says it, what it shows, what it corrects.

        Marks of the house's own (seen, joined, left) are no words: where silence was asked for
        they stay in the log.
        """
        if line.kind not in SAID and self.held:
            return
        if lane == SAFETY:
            self._withdraw_forms()
        red = self.case is not None and self.case.urgency == "red"
        outbox.put(
            self.db,
            conversation_id=self.conversation.id,
            channel=self.conversation.channel,
            account=self.conversation.account,
            seq=line.seq,
            lane=min(lane, RED) if red else lane,
            body={
                "kind": line.kind,
                "from": line.sender,
                "seq": line.seq,
                "ref": line.ref,
                "name": line.extra.get("name"),
                "text": self._as_sent(line),
                "choices": self._choices_sent(line),
                "tone": line.tone,
                "media_id": line.media_id,
                "extra": line.extra,
            },
            now=self.now,
        )
        wake(self.db, "outbox")

    def _withdraw_forms(self) -> None:
        """What still waits here under answers would come behind the safety sentence, and be the
        last thing that somebody in danger reads. A dialog asks again when the talk goes on."""
        chat = self.conversation.id
        for seq in outbox.fail_waiting(self.db, chat, OVERTAKEN, _is_form):
            what = {"outcome": "failed", "error": OVERTAKEN}
            self.write(kind="delivery", sender="bot", ref=seq, extra=what)

    def _as_sent(self, line: entries.Line) -> str:
        """The words as a chat shows them: a correction says that it is one."""
        if line.kind != "edited":
            return line.text
        return self.house.phrases.say("talk.correction", text=line.text)

    def _choices_sent(self, line: entries.Line) -> Choices | None:
        """The buttons as a chat shows them: under an advisor's words stands 看到了.

        Whoever fetches a page says by itself what it has shown; a chat cannot (design §3, 4).
        """
        if line.sender != "advisor" or line.kind not in SAID:
            return line.choices
        label = self.house.phrases.say("talk.taps.seen")
        return ({"label": label, "value": f"{SEEN}{line.seq}"},)


def _is_form(body: Mapping[str, Any]) -> bool:
    """Whether it is a question of a dialog."""
    return body.get("from") == "bot" and body.get("tone") in FORMS


def is_live(house: House, staff_id: str | None, wrote: datetime | None, now: datetime) -> bool:
    """Whether a talk is live: an advisor is in it and wrote a short time ago (design §3)."""
    return staff_id is not None and wrote is not None and now - wrote < house.office.live


def as_choices(buttons: Sequence[Button], icons: Mapping[str, str]) -> Choices:
    """Buttons as the log keeps them; ``icons`` by value."""
    return tuple(
        {"label": button.label, "value": button.value}
        | ({"icon": icons[button.value]} if button.value in icons else {})
        for button in buttons
    )


def open_talk(db: Db, conversation_id: str, now: datetime, house: House) -> Talk:
    """Lock a conversation to write in it."""
    return Talk(db, house, now, conversations.lock(db, conversation_id))


def hint(db: Db, case: Case, now: datetime, kind: str = "case", audience: str = "all") -> None:
    """Tell open desks that a case changed; nothing personal is in it."""
    notices.post(db, audience, kind, now, case.id, number=case.number, urgency=case.urgency)
    wake(db, "notices")


def ring(db: Db, case: Case, now: datetime, text: str) -> None:
    """Ring on every open desk: a red case."""
    notices.post(
        db,
        "all",
        "ring",
        now,
        case.id,
        number=case.number,
        urgency=case.urgency,
        sound="red",
        text=text,
    )
    wake(db, "notices")


def push(
    db: Db,
    case: Case,
    now: datetime,
    audience: str,
    text: str,
    why: str,
    since: datetime | None = None,
) -> None:
    """Push a case to an audience, with sound; ``why`` and ``since`` let a page count on."""
    sound = "red" if case.urgency == "red" else "push"
    notices.post(
        db,
        audience,
        "push",
        now,
        case.id,
        number=case.number,
        urgency=case.urgency,
        sound=sound,
        text=text,
        key=why,
        since=since.isoformat() if since else None,
    )
    wake(db, "notices")
