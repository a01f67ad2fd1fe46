"""Staff accounts: one-time links, log-ins, duty. Passwords are hashed outside (argon2)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from handlers.ports import House, Refused, Viewer
from handlers.staff_links import TOKEN_BYTES, end_chats, good_link, new_link
from handlers.staff_name import is_name, new_name
from storage import audit, cases, notices, staff, staff_chats
from storage.database import Db, vault_of, wake
from storage.house import House as HouseRow
from storage.ids import uuid7

ROLES = ("advisor", "supervisor")
_DESKS_AN_ADDRESS = 10  # times the tries of one person: the NAT of an office
_PLACES_A_LOGIN = 4  # times the tries from one address, before a login is slowed
_SLOWED = timedelta(seconds=10)  # between two tries of a login that many places try
_KNOWN_FOR = timedelta(days=90)  # a login that came in from an address is known there
_LONGEST_LOGIN = 64


@dataclass(frozen=True, slots=True)
class Colleague:
    """A staff member as others see them."""

    id: str
    name: str
    role: str
    unit: str | None
    on_duty: bool
    open_cases: int


@dataclass(frozen=True, slots=True)
class Try:
    """A try to log in, counted. ``staff_id`` is None for a login that nobody has."""

    staff_id: str | None
    password_hash: str | None
    tries: tuple[str, ...]
    pair: str
    known: str


def invite(
    db: Db, name: str, role: str, unit: str | None, title: str, now: datetime, house: House
) -> str:
    """Make a staff member and a one-time link for them; returns the link's token.

    Raises:
        Refused: an unknown role; nobody can be called so.
    """
    name = name.strip()
    if role not in ROLES:
        raise Refused("invalid", 400, {"field": "role"})
    if not is_name(name) or (title and not is_name(title)):
        raise Refused("invalid", 400, {"field": "name"})
    row = staff.Staff(
        id=uuid7(),
        name=name,
        title=title,
        role=role,
        unit=unit,
        created_at=now,
        tier="street" if role == "supervisor" else "community",
    )
    db.add(row)
    db.flush()
    audit.record(db, row.id, "invited", now, None, role=role)
    return new_link(db, row.id, now, house)


def join(
    db: Db,
    token: str,
    login: str | None,
    password_hash: str,
    now: datetime,
    house: House,
    called: str = "",
) -> tuple[str, str]:
    """Use a link once: set login and password, log in; returns (session token, staff id).

    ``called`` is the name that residents and colleagues read; empty keeps the invitation's.

    Raises:
        Refused: the link is not good, the login or the name is taken, or the login is missing.
    """
    link, person = good_link(db, token, now, staff.WEB)
    wanted = (login or "").strip() or person.login
    if not wanted:
        raise Refused("login_missing", 400)
    if len(wanted) > _LONGEST_LOGIN or not wanted.isprintable():
        raise Refused("invalid", 400, {"field": "login"})
    other = staff.by_login(db, wanted)
    if other is not None and other.id != person.id:
        raise Refused("login_taken")
    if called.strip() not in ("", person.name):
        person.name = new_name(db, person.id, called)
    link.used_at = now
    person.login, person.password_hash = wanted, password_hash
    person.on_duty = True  # who has just joined is here
    staff.end_sessions(db, person.id)
    end_chats(db, person.id, "new_password", now, house)  # whoever had the old one may have joined
    audit.record(db, person.id, "joined", now)
    db.flush()
    return log_in(db, person.id, now, house), person.id


def begin_login(db: Db, login: str, address: str, now: datetime, house: House) -> Try:
    """Count a try to log in, before its password is looked at; ``log_in`` takes it back.

    Counted by login and address together, by address, and by login. The last only slows, and
    not who has come in from here before: nobody can be locked out by others.

    Raises:
        Refused: too many tries (429), with the seconds to wait.
    """
    # tries are counted one after the other: many at once must not all see the same number
    db.get(HouseRow, 1, with_for_update=True)
    office = house.office
    pair, place, name, known = _subjects(db, login, address)
    window = office.login_wait
    free = now  # from then on one may try again
    for subject, most in (
        (pair, office.login_tries),
        # a whole office may stand behind one address: one forgetful person must not lock it out
        (place, office.login_tries * _DESKS_AN_ADDRESS),
    ):
        times = staff.tries_since(db, subject, now - window, most)
        if len(times) == most:
            free = max(free, times[-1] + window)
    if not staff.tries_since(db, known, now - _KNOWN_FOR, 1):
        most = office.login_tries * _PLACES_A_LOGIN
        times = staff.tries_since(db, name, now - window, most)
        if len(times) == most:
            free = max(free, times[0] + _SLOWED)
    if free > now:
        raise Refused("too_many", 429, retry_after=ceil((free - now).total_seconds()))
    for subject in (pair, place, name):
        staff.forget_tries(db, subject, now - window)
    tries = tuple(staff.add_try(db, subject, now) for subject in (pair, place, name))
    person = staff.by_login(db, login)
    if person is None or person.disabled_at is not None or person.password_hash is None:
        return Try(None, None, tries, pair, known)
    return Try(person.id, person.password_hash, tries, pair, known)


def login_failed(db: Db, login: str, now: datetime) -> None:
    """Keep that a password was wrong; the try was counted when it began."""
    person = staff.by_login(db, login)
    audit.record(db, person.id if person else None, "login_failed", now)


def logged_in(db: Db, tried: Try, now: datetime, house: House) -> str:
    """The password was right: take back the try and those before it here; the session's token."""
    if tried.staff_id is None:
        raise Refused("bad_login", 401)
    staff.drop_tries(db, tried.tries)
    staff.forget_tries(db, tried.pair, now)
    staff.forget_tries(db, tried.known, now)
    staff.add_try(db, tried.known, now)
    return log_in(db, tried.staff_id, now, house)


def log_in(db: Db, staff_id: str, now: datetime, house: House) -> str:
    """A new web session; returns its token, of which only a keyed hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.add(
        staff.StaffSession(
            token=vault_of(db).index("staff_session", token),
            staff_id=staff_id,
            csrf=secrets.token_urlsafe(TOKEN_BYTES),
            created_at=now,
            expires_at=now + house.office.staff_idle,
        )
    )
    audit.record(db, staff_id, "login", now)
    return token


def viewer_of(db: Db, token: str, now: datetime, hold: bool = False) -> tuple[Viewer, str] | None:
    """Whose web session this is, with its CSRF token; None when it is over (``hold``: locked)."""
    session = staff.find_session(db, vault_of(db).index("staff_session", token), now, hold=hold)
    person = staff.get(db, session.staff_id) if session else None
    if session is None or person is None or person.disabled_at is not None:
        return None
    return viewer_for(person), session.csrf


def viewer_for(person: staff.Staff) -> Viewer:
    """A staff member as the one who asks."""
    return Viewer(person.id, person.name, person.role, person.tier, person.unit)


def forget_old(db: Db, now: datetime) -> None:
    """Once a day: tries to log in that no longer count, and sessions that are over."""
    staff.forget_old(db, now - _KNOWN_FOR, now)


def keep_session(db: Db, token: str, now: datetime, house: House) -> None:
    """A session in use lives on."""
    session = staff.find_session(db, vault_of(db).index("staff_session", token), now)
    if session is not None:
        session.expires_at = now + house.office.staff_idle


def log_out(db: Db, token: str, now: datetime) -> None:
    """End a web session."""
    session = staff.find_session(db, vault_of(db).index("staff_session", token), now)
    if session is not None:
        audit.record(db, session.staff_id, "logout", now)
        db.delete(session)


def on_duty(db: Db, viewer: Viewer) -> bool:
    """Whether the viewer said that they are on duty."""
    person = staff.get(db, viewer.id)
    return bool(person and person.on_duty)


def set_duty(db: Db, viewer: Viewer, on: bool, now: datetime) -> None:
    """Go on or off duty."""
    person = staff.get(db, viewer.id)
    if person is not None and person.on_duty != on:
        person.on_duty = on
        audit.record(db, viewer.id, "duty_on" if on else "duty_off", now)
        notices.post(db, "all", "queue", now, staff_id=viewer.id)
        wake(db, "notices")


def colleagues(db: Db) -> list[Colleague]:
    """Everybody a case can be given to, those on duty first, then those with the least to do."""
    counts = cases.open_count_by_assignee(db)
    linked = staff_chats.linked_staff(db)
    rows = [
        Colleague(row.id, row.name, row.role, row.unit, row.on_duty, counts.get(row.id, 0))
        for row in staff.everyone(db)
        if row.password_hash is not None or row.id in linked
    ]
    return sorted(rows, key=lambda row: (not row.on_duty, row.role != "advisor", row.open_cases))


def somebody_on_duty(db: Db) -> bool:
    """Whether any advisor or supervisor is on duty now."""
    return any(row.on_duty for row in staff.everyone(db))


def _subjects(db: Db, login: str, address: str) -> tuple[str, str, str, str]:
    """Login and address together, the address, the login, and the two as a place that is known."""
    index, pair = vault_of(db).index, f"{login}\0{address}"
    return (
        index("login here", pair),
        index("address", address),
        index("login", login),
        index("login known", pair),
    )
