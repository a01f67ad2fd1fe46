"""What a channel is: it turns what came in into an update, and, where it pushes, it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from handlers.ports import Update


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can carry: what a person can send there, and how much at once.

    text_limit: characters in one message. a_second: messages over all chats. None: no limit.
    """

    buttons: bool = True
    voice: bool = True
    photo: bool = True
    place: bool = False
    edit: bool = False
    text_limit: int | None = None
    a_second: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to send. `lane` 0 is a safety sentence, 1 belongs to a red case, 2 is the rest."""

    id: str
    address: str
    lane: int
    body: Mapping[str, Any]


class SendError(Exception):
    """A channel did not take a message.

    retryable: whether the same message may go later. retry_after: seconds that the channel asked
    for, for this chat. everywhere: nothing can be sent to anybody now (the line is down, the token
    is wrong): no message is to blame. gone: this person cannot be reached here any more (blocked,
    no such chat). moved_to: the chat has another address now. code: a short word for the log of
    the conversation, never the person's words.
    """

    def __init__(
        self,
        code: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        everywhere: bool = False,
        gone: bool = False,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.retryable, self.retry_after = code, retryable, retry_after
        self.everywhere, self.gone, self.moved_to = everywhere, gone, moved_to


class FetchError(Exception):
    """A file could not be had. retryable: it may be there later; everywhere: as in SendError."""

    def __init__(self, code: str, *, retryable: bool = False, everywhere: bool = False) -> None:
        super().__init__(code)
        self.code, self.retryable, self.everywhere = code, retryable, everywhere


@runtime_checkable
class Channel(Protocol):
    """Every channel."""

    @property
    def name(self) -> str:
        """The word that stands in the tables."""

    @property
    def abilities(self) -> Abilities:
        """What it can carry."""

    def to_update(self, raw: Any) -> Update | None:
        """The update in a raw one, or None where it holds nothing for the house. Pure."""


@runtime_checkable
class Pushing(Channel, Protocol):
    """A channel whose messages the house must send; on the others a page fetches them."""

    @property
    def account(self) -> str:
        """Which bot or mailbox of the channel it is."""

    def pause(self, address: str) -> float:
        """Seconds between two messages of one chat; a safety sentence does not wait for it."""

    def parts(self, message: Message) -> tuple[Any, ...]:
        """What is sent for a message, in order; most often one thing. Pure; () is nothing."""

    async def send(self, message: Message, part: Any) -> str | None:
        """Send one part; returns the channel's own id for it.

        Raises:
            SendError: the channel did not take it.
        """

    async def coming(self, address: str) -> None:
        """Show that something is about to come (typing); never raises, may do nothing."""

    async def fetch(self, source: str, most: int) -> bytes:
        """A file that the channel holds, at most ``most`` bytes.

        Raises:
            FetchError: it cannot be had.
        """
