"""Who speaks for a bot: one process at a time polls, one sends (design §3), and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime


class BotLease(SQLModel, table=True):
    """One line of a bot: ``<channel>:<account>:poll`` or ``…:send``.

    ``state``: ok | down; ``error`` says in a short word why, ``since`` when it began.
    """

    __tablename__ = "bot_leases"

    name: str = Field(primary_key=True, max_length=96)
    owner: str | None = Field(default=None, max_length=64)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(default="ok", max_length=8)
    error: str | None = Field(default=None, max_length=32)
    username: str | None = Field(default=None, max_length=64)  # how the bot is called there
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
