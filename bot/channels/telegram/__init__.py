"""What the two Telegram bots share; no Telegram library is imported here."""

from __future__ import annotations
