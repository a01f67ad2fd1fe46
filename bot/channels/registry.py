"""Which channels push, and how each is opened: one explicit dictionary (design §9).

A channel's library is imported only when its token is set: aiogram alone takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from bot.channels.telegram.identity import account_of
from bot.channels.telegram.line import BotChannel
from bot.settings import Settings
from dialogs.wording import Phrases
from handlers.ports import STAFF_CHANNEL
from storage.files import MediaFiles

RESIDENTS = "telegram"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a channel is made of. `index` is vault.index."""

    base: str
    phrases: Phrases
    staff_words: Phrases
    files: MediaFiles
    index: Callable[[str, str], str]


def _residents(token: str, needs: Needs) -> BotChannel:
    from bot.channels.telegram_residents.channel import Residents

    return Residents(token, needs.base, needs.phrases, needs.files, needs.index)


def _staff(token: str, needs: Needs) -> BotChannel:
    from bot.channels.telegram_staff.channel import Staff

    return Staff(token, needs.base, needs.staff_words, needs.files, needs.index)


CHANNELS: Mapping[str, Callable[[str, Needs], BotChannel]] = {
    RESIDENTS: _residents,
    STAFF_CHANNEL: _staff,
}


def tokens(settings: Settings) -> dict[str, SecretStr]:
    """The tokens that are set, by channel."""
    env = settings.env
    given = {RESIDENTS: env.telegram_resident_token, STAFF_CHANNEL: env.telegram_staff_token}
    return {name: token for name, token in given.items() if token is not None}


def accounts(settings: Settings) -> dict[str, str]:
    """Which bot each channel with a token is."""
    given = tokens(settings)
    return {name: account_of(token.get_secret_value()) for name, token in given.items()}


def open_channels(settings: Settings, needs: Needs, roles: Iterable[str]) -> tuple[BotChannel, ...]:
    """Every channel whose token is set, for a process whose roles work with bots."""
    hooks = settings.env.telegram_mode == "webhook"
    if not any(role in ("telegram", "worker") or (hooks and role == "web") for role in roles):
        return ()
    return tuple(
        CHANNELS[name](token.get_secret_value(), needs) for name, token in tokens(settings).items()
    )
