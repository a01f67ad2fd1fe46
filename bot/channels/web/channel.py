"""The web as a channel: what a page sends becomes an update; the page fetches what we say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.channels.base import Abilities
from handlers.ports import MediaInfo, Update

NAME = "web"
ACCOUNT = "house"  # one house has one page
CHOICE_BYTES = 64  # design §4


@dataclass(frozen=True, slots=True)
class Posted:
    """What a page sent, checked. Exactly one of text, choice and media is given."""

    sender: str
    id: str
    text: str | None = None
    choice: str | None = None
    media: MediaInfo | None = None
    origin: str | None = None


class WebChannel:
    """Buttons, voice and photos; the commit is the delivery, so nothing is sent."""

    name = NAME
    abilities = Abilities(buttons=True, voice=True, photo=True)

    def to_update(self, raw: Any) -> Update | None:
        """The update in what a page posted."""
        if not isinstance(raw, Posted):
            return None
        kind = "text"
        if raw.choice is not None:
            kind = "choice"
        elif raw.media is not None:
            kind = raw.media.kind
        return Update(
            channel=NAME,
            account=ACCOUNT,
            sender=raw.sender,
            external_id=raw.id,
            kind=kind,
            text=raw.text or "",
            choice=raw.choice,
            media=raw.media,
            origin=raw.origin,
        )
