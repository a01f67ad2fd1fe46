"""The house's bots as staff see them: a line when one is down, and how to join by Telegram."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.ports import STAFF_CHANNEL, House, Refused, Viewer
from handlers.staff_links import end_chats, new_link
from storage import audit, bots, staff, staff_chats
from storage.database import Db

_UNREACHABLE = "unreachable"
_GIVEN_UP = timedelta(hours=1)  # nobody has spoken for this bot so long: its token was taken away


@dataclass(frozen=True, slots=True)
class Joining:
    """Whether a staff member can join by Telegram, and whether they have."""

    can: bool
    linked: bool


def troubles(db: Db, viewer: Viewer, now: datetime, house: House) -> tuple[str, ...]:
    """One line for each bot that is down: since when, and for supervisors in what way."""
    down: dict[str, list[bots.BotState]] = {}
    for state in bots.states(db):
        given_up = state.until is not None and state.until < now - _GIVEN_UP
        if state.state == bots.DOWN and not given_up:
            down.setdefault(state.channel, []).append(state)
    return tuple(_line(channel, lines, viewer, now, house) for channel, lines in down.items())


def _line(
    channel: str, lines: list[bots.BotState], viewer: Viewer, now: datetime, house: House
) -> str:
    """Of a bot that neither receives nor sends, what began first."""
    first = min(lines, key=lambda line: line.since or now)
    words, error = house.staff_words, first.error if viewer.is_supervisor else None
    key, name = f"bots.down.{error}", f"bots.names.{channel}"
    return words.say(
        key if key in words else f"bots.down.{_UNREACHABLE}",
        bot=words.say(name) if name in words else channel,
        since=_clock(first.since or now, now, house),
    )


def _clock(moment: datetime, now: datetime, house: House) -> str:
    """10:32; with its day when it is not today's."""
    zone, words = house.office.hours.zone, house.staff_words
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    clock = f"{local.hour}:{local.minute:02d}"
    days = (today - local.date()).days
    if days == 0:
        return clock
    day = (
        words.say("time.yesterday")
        if days == 1
        else words.say("time.date", month=str(local.month), day=str(local.day))
    )
    return words.say("time.day_clock", day=day, clock=clock)


def joining(db: Db, viewer: Viewer, account: str | None) -> Joining:
    """Whether the staff's bot (``account``, None: no such bot) is known, and they speak there."""
    if account is None or bots.username(db, STAFF_CHANNEL, account) is None:
        return Joining(can=False, linked=False)
    return Joining(can=True, linked=bool(staff_chats.of_staff(db, viewer.id)))


def join_link(db: Db, viewer: Viewer, account: str | None, now: datetime, house: House) -> str:
    """A one-time link that opens the staff's bot and joins this person, and nothing else; audited.

    Raises:
        Refused: no such bot is configured, or nobody knows yet how it is called.
    """
    username = bots.username(db, STAFF_CHANNEL, account) if account is not None else None
    if username is None:
        raise Refused("no_bot", 404)
    token = new_link(db, viewer.id, now, house, staff.TELEGRAM)
    audit.record(db, viewer.id, "telegram_link", now)
    return f"https://t.me/{username}?start={token}"


def unlink(db: Db, viewer: Viewer, now: datetime, house: House) -> int:
    """End this person's own chats with the staff's bot; how many. Audited."""
    return end_chats(db, viewer.id, "unlinked", now, house)
