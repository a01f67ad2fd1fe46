"""Which message of a channel shows what of ours: for replies, for edits and for cards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from storage.columns import UtcDateTime
from storage.prepared import run

LINE = "line"


class SentMessage(SQLModel, table=True):
    """A message as the channel knows it.

    ``kind``: ``line`` an entry (``seq``) of this very conversation; in a chat of staff ``card``
    (a case), ``push`` (``seq`` is the notice), ``talk`` (a line, ``seq``, of the case's own
    conversation) and ``mark`` (what became of the answer ``seq``; ``failed`` once that was told);
    ``about`` says something about a case, ``question`` waits for words about it, ``sure``
    for a yes. ``said``, ``note``, ``unsent`` and ``dropped`` are a staff member's own
    messages; ``ask`` asks whom the unsent message ``seq`` is for, ``words`` are its words after an
    edit. ``stale_since``: it is to be laid out anew, and a parcel that does so waits; ``showing``
    tells layouts apart, and the messages of an album.
    """

    __tablename__ = "sent_messages"
    __table_args__ = (
        Index("ix_sent_case", "case_id", "kind"),
        Index("ix_sent_line", "conversation_id", "seq"),
    )

    conversation_id: str = Field(primary_key=True, foreign_key="conversations.id", max_length=32)
    external_id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=8)
    seq: int | None = None
    case_id: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    stale_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    showing: str | None = Field(default=None, max_length=16)


TABLE = SentMessage.__table__  # type: ignore[attr-defined]


def _add(insert: Any) -> Any:
    made = insert(TABLE)
    news = {name: made.excluded[name] for name in ("kind", "seq", "case_id", "at")}
    own = ["conversation_id", "external_id"]
    return made.on_conflict_do_update(index_elements=own, set_=news)


_ADD = {"sqlite": _add(sqlite.insert), "postgresql": _add(postgresql.insert)}


def add(
    db: Session,
    conversation_id: str,
    external_id: str,
    kind: str,
    now: datetime,
    seq: int | None = None,
    case_id: str | None = None,
) -> None:
    """The channel has a message of ours under this id; one that was edited shows this from now."""
    values = {
        "conversation_id": conversation_id,
        "external_id": external_id,
        "kind": kind,
        "seq": seq,
        "case_id": case_id,
        "at": now,
    }
    run(db, _ADD[db.get_bind().dialect.name], values)


def find(db: Session, conversation_id: str, external_id: str) -> SentMessage | None:
    """What a message of the channel shows, or None where it is none of ours."""
    return db.execute(
        select(SentMessage).where(
            col(SentMessage.conversation_id) == conversation_id,
            col(SentMessage.external_id) == external_id,
        )
    ).scalar_one_or_none()


def of_case(db: Session, case_id: str, kinds: Collection[str]) -> list[SentMessage]:
    """Every message that shows this case in one of these ways, oldest first."""
    statement = (
        select(SentMessage)
        .where(col(SentMessage.case_id) == case_id, col(SentMessage.kind).in_(kinds))
        .order_by(col(SentMessage.at), col(SentMessage.external_id))
    )
    return list(db.execute(statement).scalars())


def of_line(db: Session, conversation_id: str, seq: int) -> str | None:
    """The channel's id of the (first) message that shows this entry of the conversation."""
    found: str | None = db.execute(
        select(TABLE.c.external_id)
        .where(TABLE.c.conversation_id == conversation_id, TABLE.c.seq == seq, TABLE.c.kind == LINE)
        .order_by(TABLE.c.at, TABLE.c.external_id)
        .limit(1)
    ).scalar_one_or_none()
    return found


def newest(db: Session, conversation_id: str, kind: str, seq: int) -> SentMessage | None:
    """The newest message of this kind with this ``seq``, in one chat."""
    statement = (
        select(SentMessage)
        .where(
            col(SentMessage.conversation_id) == conversation_id,
            col(SentMessage.seq) == seq,
            col(SentMessage.kind) == kind,
        )
        .order_by(col(SentMessage.at).desc(), col(SentMessage.external_id).desc())
        .limit(1)
    )
    return db.execute(statement).scalar_one_or_none()


def showing(
    db: Session, conversation_id: str, kinds: Collection[str], showing: str
) -> list[SentMessage]:
    """The messages of a chat in which this stands, oldest first."""
    statement = (
        select(SentMessage)
        .where(
            col(SentMessage.conversation_id) == conversation_id,
            col(SentMessage.kind).in_(kinds),
            col(SentMessage.showing) == showing,
        )
        .order_by(col(SentMessage.at), col(SentMessage.external_id))
    )
    return list(db.execute(statement).scalars())


def last_of_cases(
    db: Session, conversation_id: str, kinds: Collection[str], after: datetime | None = None
) -> dict[str, datetime]:
    """When each case was last spoken of in a chat, the newest first."""
    last = func.max(col(SentMessage.at)).label("last")
    statement = (
        select(col(SentMessage.case_id), last)
        .where(
            col(SentMessage.conversation_id) == conversation_id,
            col(SentMessage.kind).in_(kinds),
            col(SentMessage.case_id).is_not(None),
        )
        .group_by(col(SentMessage.case_id))
        .order_by(last.desc(), col(SentMessage.case_id))
    )
    if after is not None:
        statement = statement.where(col(SentMessage.at) > after)
    return {row[0]: row[1] for row in db.execute(statement)}
