"""What a bot of Telegram carries, and how fast it may be spoken to.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: thirty messages a
second over all chats, one a second in each, twenty a minute in a group.
"""

from __future__ import annotations

from bot.channels.base import Abilities
from bot.channels.telegram.text import TEXT_LIMIT

ABILITIES = Abilities(place=True, edit=True, text_limit=TEXT_LIMIT, a_second=30.0)
CHAT_PAUSE, GROUP_PAUSE = 1.0, 3.0


def pause(address: str) -> float:
    """Seconds between two messages of a chat; groups have negative ids."""
    return GROUP_PAUSE if address.startswith("-") else CHAT_PAUSE
