"""The staff bot, on python-telegram-bot's base package; imported only when its token is set."""

from __future__ import annotations
