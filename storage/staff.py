"""Staff: who works here, their one-time links, their web sessions and their failed log-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, delete, select
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import UtcDateTime
from storage.ids import uuid7

ANY, TELEGRAM, WEB = "any", "telegram", "web"  # what a link is for, and where it is used


class Staff(SQLModel, table=True):
    """An advisor or a supervisor. Names of staff are public to residents, so not sealed."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("login", name="uq_staff_login"),)

    id: str = Field(primary_key=True, max_length=32)
    login: str | None = Field(default=None, max_length=64)
    name: str = Field(max_length=64)
    title: str = Field(default="", max_length=64)
    role: str = Field(max_length=16)  # advisor | supervisor
    tier: str = Field(default="community", max_length=16)
    unit: str | None = Field(default=None, max_length=64)
    password_hash: str | None = Field(default=None, max_length=256)
    on_duty: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffLink(SQLModel, table=True):
    """A one-time link: one use, 24 hours (design §8). Only its keyed hash is kept.

    ``telegram``: it joins a chat, and sets no password: whoever reads it over a shoulder must not
    take an account over with it.
    """

    __tablename__ = "staff_links"

    token: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    purpose: str = Field(default=ANY, max_length=8)  # any | telegram


class StaffSession(SQLModel, table=True):
    """A browser that is logged in. Only the keyed hash of its cookie is kept."""

    __tablename__ = "staff_sessions"
    __table_args__ = (Index("ix_staff_sessions", "staff_id"),)

    token: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", max_length=32)
    csrf: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Attempt(SQLModel, table=True):
    """A try to log in, counted by login and address (keyed hashes) until it was right."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_attempts", "subject", "at"),)

    id: str = Field(primary_key=True, max_length=32)
    subject: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


def get(db: Session, staff_id: str, *, hold: bool = False) -> Staff | None:
    """A staff member by id; ``hold``: nobody changes them before the commit."""
    statement = select(Staff).where(col(Staff.id) == staff_id)
    if hold:
        statement = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return db.execute(statement).scalar_one_or_none()


def by_login(db: Session, login: str) -> Staff | None:
    """A staff member by login name."""
    if not login.isprintable():  # PostgreSQL refuses a NUL even in a question
        return None
    return db.execute(select(Staff).where(col(Staff.login) == login)).scalar_one_or_none()


def everyone(db: Session) -> list[Staff]:
    """All staff who are not disabled, in the order they joined."""
    statement = (
        select(Staff).where(col(Staff.disabled_at).is_(None)).order_by(col(Staff.created_at))
    )
    return list(db.execute(statement).scalars())


def names(db: Session) -> dict[str, str]:
    """Every staff member's name, disabled ones too, for events."""
    return {row.id: row.name for row in db.execute(select(Staff)).scalars()}


def find_link(db: Session, token: str) -> StaffLink | None:
    """A one-time link by its hash, locked until the commit."""
    statement = select(StaffLink).where(col(StaffLink.token) == token).with_for_update()
    return db.execute(statement).scalar_one_or_none()


def find_session(
    db: Session, token: str, now: datetime, *, hold: bool = False
) -> StaffSession | None:
    """A live web session by its hash; ``hold``: nobody ends it before the commit."""
    statement = select(StaffSession).where(
        col(StaffSession.token) == token, col(StaffSession.expires_at) > now
    )
    if hold:
        statement = statement.with_for_update(read=True)
    return db.execute(statement).scalar_one_or_none()


def end_sessions(db: Session, staff_id: str) -> None:
    """Log a staff member out everywhere."""
    db.execute(delete(StaffSession).where(col(StaffSession.staff_id) == staff_id))


def add_try(db: Session, subject: str, now: datetime) -> str:
    """Count a try to log in; its id."""
    row = Attempt(id=uuid7(), subject=subject, at=now)
    db.add(row)
    return row.id


def tries_since(db: Session, subject: str, moment: datetime, most: int) -> list[datetime]:
    """The newest tries of a subject since a moment, ``most`` of them, newest first."""
    statement = (
        select(col(Attempt.at))
        .where(col(Attempt.subject) == subject, col(Attempt.at) > moment)
        .order_by(col(Attempt.at).desc())
        .limit(most)
    )
    return list(db.execute(statement).scalars())


def forget_tries(db: Session, subject: str, until: datetime) -> None:
    """Tries up to a moment no longer count."""
    db.execute(delete(Attempt).where(col(Attempt.subject) == subject, col(Attempt.at) <= until))


def forget_old(db: Session, tries_until: datetime, now: datetime) -> None:
    """Tries up to a moment, and sessions that are over, are deleted."""
    db.execute(delete(Attempt).where(col(Attempt.at) <= tries_until))
    db.execute(delete(StaffSession).where(col(StaffSession.expires_at) <= now))


def drop_tries(db: Session, ids: tuple[str, ...]) -> None:
    """These tries were none."""
    db.execute(delete(Attempt).where(col(Attempt.id).in_(ids)))
