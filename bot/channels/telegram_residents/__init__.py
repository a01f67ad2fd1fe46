"""The residents' bot, on aiogram 3. Importing what is in here takes seconds: only with a token."""

from __future__ import annotations
