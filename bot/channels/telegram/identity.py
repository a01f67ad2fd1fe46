"""Who is who on Telegram, in keyed hashes; and what can be read of an update without a library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.base import SendError
from bot.channels.telegram.line import Raw
from handlers.ports import Update

_MESSAGES = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_message",
    "edited_business_message",
)  # fmt: skip
_WITH_CHAT = ("my_chat_member", "chat_member", "chat_join_request", "message_reaction")


@dataclass(frozen=True, slots=True)
class Identity:
    """One bot's names for chats, people and files. `index` is vault.index(kind, words)."""

    index: Callable[[str, str], str]
    channel: str
    account: str

    def sender(self, chat_id: int) -> str:
        """The chat, for the tables."""
        return self.index("sender", f"{self.channel}:{self.account}:{chat_id}")

    def actor(self, user_id: int) -> str:
        """The person, for the tables."""
        return self.index("actor", f"{self.channel}:{self.account}:{user_id}")

    def media(self, sender: str, external_id: str, unique_id: str) -> str:
        """The id of a file's row."""
        return self.index("media", f"{sender}:{external_id}:{unique_id}")[:32]

    def unknown(self, raw: Raw) -> Update | None:
        """What is kept of an update that no library could read: that there was one. None where
        not even the chat can be told."""
        chat = chat_of(raw)
        if chat is None:
            return None
        return Update(
            channel=self.channel,
            account=self.account,
            sender=self.sender(chat),
            external_id=f"u{update_id(raw)}",
            kind="unknown",
            address=str(chat),
            group=is_group(raw),
        )


def account_of(token: str) -> str:
    """The bot's id: the figures before ":" of its token."""
    return token.partition(":")[0]


def update_id(raw: Any) -> int | None:
    """The number of an update; None for something that is none."""
    found = raw.get("update_id") if isinstance(raw, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def chat_of(raw: Any) -> int | None:
    """The chat of an update, read without a library, so that it is found in a broken one too."""
    found = _chat(raw).get("id")
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def is_group(raw: Any) -> bool:
    """Is its chat one of several people?"""
    return _chat(raw).get("type") in ("group", "supergroup", "channel")


def _chat(raw: Any) -> dict[str, Any]:
    for name in (*_MESSAGES, *_WITH_CHAT):
        chat = _inside(_inside(raw, name), "chat")
        if chat:
            return chat
    return _inside(_inside(_inside(raw, "callback_query"), "message"), "chat")


def _inside(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def chat_id(address: str) -> int:
    """The chat that an address names. Raises SendError where it names none."""
    try:
        return int(address)
    except ValueError:
        raise SendError("no_chat", gone=True) from None


def message_id(sent: Any) -> str | None:
    """The id of a message; `sent` is a library's message, or plain where it could not read it."""
    found = sent.get("message_id") if isinstance(sent, dict) else getattr(sent, "message_id", None)
    return str(found) if isinstance(found, int) else None
