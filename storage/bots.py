"""Who speaks for a bot: one process at a time polls, one sends (design §3), and how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

from storage.columns import UtcDateTime

POLL, SEND = "poll", "send"
OK, DOWN = "ok", "down"


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


TABLE = BotLease.__table__  # type: ignore[attr-defined]
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class BotState:
    """How one line of a bot is. ``line`` is POLL or SEND; ``since`` is None before any word."""

    name: str
    channel: str
    account: str
    line: str
    owner: str | None
    until: datetime | None
    state: str
    error: str | None
    since: datetime | None
    username: str | None


def line_name(channel: str, account: str, line: str) -> str:
    """The name of a bot's line in this table."""
    return f"{channel}:{account}:{line}"


def take(db: Session, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Hold a line for so long, or go on holding it; False while somebody else does.

    Exactly one of any number at once succeeds. ``now`` is the database's clock.
    """
    until = now + timedelta(seconds=seconds)
    made = _insert(db).values(name=name, owner=owner, until=until, state=OK)
    free = TABLE.c.owner.is_(None) | TABLE.c.until.is_(None) | (TABLE.c.until < now)
    taken = db.execute(
        made.on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": made.excluded.owner, "until": made.excluded.until},
            where=free | (TABLE.c.owner == owner),
        ).returning(TABLE.c.name)
    )
    return taken.first() is not None


def renew(db: Session, name: str, owner: str, now: datetime, seconds: float) -> bool:
    """Go on holding a line; False when somebody else has it by now."""
    done = db.execute(
        update(TABLE)
        .where(TABLE.c.name == name, TABLE.c.owner == owner)
        .values(until=now + timedelta(seconds=seconds))
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def give_back(db: Session, name: str, owner: str) -> None:
    """Let somebody else have the line at once."""
    db.execute(
        update(TABLE)
        .where(TABLE.c.name == name, TABLE.c.owner == owner)
        .values(owner=None)  # ``until`` stays: when somebody last spoke for the bot
    )


def tell(
    db: Session,
    name: str,
    state: str,
    error: str | None,
    now: datetime,
    username: str | None = None,
) -> bool:
    """Keep how a line is, OK or DOWN and why; whether that is another state than before.

    ``username``, where it is given, is how the bot is called on its channel.
    """
    row = db.execute(
        select(TABLE.c.state, TABLE.c.error, TABLE.c.since)
        .where(TABLE.c.name == name)
        .with_for_update()
    ).one_or_none()
    before = None if row is None or row.since is None else (row.state, row.error)
    error = error[:32] if error else None
    changed = before != (state, error)
    news: dict[str, Any] = {"state": state, "error": error}
    if changed:
        # still down, for another reason: it has been down since the first one
        goes_on = before is not None and before[0] == state
        news["since"] = row.since if row is not None and goes_on else now
    if username is not None:
        news["username"] = username
    if changed or username is not None:
        db.execute(
            _insert(db)
            .values(name=name, **news)
            .on_conflict_do_update(index_elements=["name"], set_=news)
        )
    return changed


def states(db: Session) -> list[BotState]:
    """Every line of every bot that this house has had, by name."""
    found = []
    for row in db.execute(select(TABLE).order_by(TABLE.c.name)):
        channel, _, rest = row.name.partition(":")
        account, _, line = rest.rpartition(":")
        found.append(
            BotState(
                row.name,
                channel,
                account,
                line,
                row.owner,
                row.until,
                row.state,
                row.error,
                row.since,
                row.username,
            )
        )
    return found


def username(db: Session, channel: str, account: str) -> str | None:
    """How a bot is called on its channel; None before anybody has asked there."""
    names = [line_name(channel, account, line) for line in (POLL, SEND)]
    found: str | None = db.execute(
        select(TABLE.c.username)
        .where(TABLE.c.name.in_(names), TABLE.c.username.is_not(None))
        .order_by(TABLE.c.name)
        .limit(1)
    ).scalar_one_or_none()
    return found


def _insert(db: Session) -> Any:
    return _INSERT[db.get_bind().dialect.name](TABLE)
