"""The house as `python -m bot`, except that a chat rests a twentieth of its second.

A journey is some hundred messages, and its staff read every one of them: with Telegram's pace it
would be waiting and nothing else. That the pace is kept is tested in tests/bot.
"""

from __future__ import annotations

from bot.channels.telegram import pace
from bot.cli import main

PAUSE = 0.05

if __name__ == "__main__":
    pace.CHAT_PAUSE = pace.GROUP_PAUSE = PAUSE
    main()
