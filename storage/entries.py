"""The one immutable log of a conversation: what was said, seen and done in it, in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Integer,
    Select,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlmodel import Field, Session, SQLModel

from storage.columns import SealedBytes, UtcDateTime
from storage.conversations import Conversation
from storage.crypto import Vault
from storage.ids import uuid7
from storage.prepared import run


class Entry(SQLModel, table=True):
    """A line of the log. ``seq`` is given under the conversation's row lock."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq", name="uq_entry_seq"),
        Index("ix_entries_client", "conversation_id", "client_id"),
        Index("ix_entries_case", "case_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    conversation_id: str = Field(foreign_key="conversations.id", max_length=32)
    seq: int
    kind: str = Field(max_length=16)
    ref: int | None = None
    client_id: str | None = Field(default=None, max_length=128)
    sender: str = Field(max_length=8)  # me | bot | advisor
    at: datetime = Field(sa_type=UtcDateTime)
    case_id: str | None = Field(default=None, max_length=32)
    staff_id: str | None = Field(default=None, max_length=32)
    media_id: str | None = Field(default=None, max_length=32)
    tone: str | None = Field(default=None, max_length=16)
    body: bytes = Field(sa_type=SealedBytes)


TABLE = Entry.__table__  # type: ignore[attr-defined]
MOST_SEQ = 2**31 - 1  # what the column holds
# No page of a log is larger, whatever stands in it; the reader asks again after the last line.
MOST_CHARACTERS = 2_000_000
_AT_ONCE = 64  # rows of one question: what is in memory before the characters are counted
_INSERT = insert(TABLE)
_LAST_OF = (
    select(TABLE)
    .where(TABLE.c.conversation_id == bindparam("talk"), TABLE.c.sender == bindparam("who"))
    .order_by(TABLE.c.seq.desc())
    .limit(1)
)
_IN_CASE = update(TABLE).where(
    TABLE.c.conversation_id == bindparam("talk"), TABLE.c.seq == bindparam("line")
)
_OF_TALK = (
    select(TABLE)
    .where(TABLE.c.conversation_id == bindparam("talk"))
    .limit(bindparam("most", type_=Integer))
)
_AFTER = _OF_TALK.where(TABLE.c.seq > bindparam("after", type_=Integer)).order_by(TABLE.c.seq)
_LATEST = _OF_TALK.where(TABLE.c.seq < bindparam("before", type_=Integer)).order_by(
    TABLE.c.seq.desc()
)

# Tones of lines that say what they did (opened the chat, tapped 看到了): nobody said those.
OPENED, CONFIRMED = "opened", "confirmed"
_SAID = func.coalesce(TABLE.c.tone, "").not_in((OPENED, CONFIRMED))
SAID_BY_THEM = (TABLE.c.sender == "me", TABLE.c.kind == "message", _SAID)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, opened. ``choices`` are ``{"label", "value", "icon"?}``; None means no question."""

    seq: int
    kind: str
    sender: str
    at: datetime
    text: str = ""
    ref: int | None = None
    client_id: str | None = None
    choices: tuple[dict[str, str], ...] | None = None
    tone: str | None = None
    media_id: str | None = None
    case_id: str | None = None
    staff_id: str | None = None
    id: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def append(
    db: Session,
    conversation: Conversation,
    *,
    kind: str,
    sender: str,
    at: datetime,
    text: str = "",
    ref: int | None = None,
    client_id: str | None = None,
    choices: tuple[dict[str, str], ...] | None = None,
    tone: str | None = None,
    media_id: str | None = None,
    case_id: str | None = None,
    staff_id: str | None = None,
    extra: dict[str, Any] | None = None,
) -> Line:
    """Write the next line; ``conversation`` must be locked by this transaction."""
    vault: Vault = db.info["vault"]
    conversation.last_seq += 1
    row_id = uuid7()
    body = {"text": text, "choices": choices, "extra": extra or {}}
    plain = {
        "seq": conversation.last_seq,
        "kind": kind,
        "sender": sender,
        "at": at,
        "ref": ref,
        "client_id": client_id,
        "tone": tone,
        "media_id": media_id,
        "case_id": case_id,
        "staff_id": staff_id,
        "id": row_id,
    }
    sealed = vault.seal(_dump(body), "entries", "body", row_id)
    run(db, _INSERT, {"conversation_id": conversation.id, "body": sealed, **plain})
    return Line(text=text, choices=choices, extra=extra or {}, **plain)  # type: ignore[arg-type]


def attach(db: Session, conversation_id: str, case_id: str) -> None:
    """Lines of a draft belong to no case until it is filed; now they belong to this one."""
    db.execute(
        update(TABLE)
        .where(TABLE.c.conversation_id == conversation_id, TABLE.c.case_id.is_(None))
        .values(case_id=case_id)
    )


def put_in_case(db: Session, conversation_id: str, seq: int, case_id: str | None) -> None:
    """One line belongs to this case; None: it began something new, which is no case yet."""
    run(db, _IN_CASE, {"talk": conversation_id, "line": seq, "case_id": case_id})


def after(db: Session, conversation_id: str, seq: int, limit: int = 500) -> list[Line]:
    """The lines with a greater ``seq``, in order: ``limit`` of them, or fewer that are long."""
    return _read(db, _AFTER, conversation_id, "after", seq, limit)


def latest(db: Session, conversation_id: str, limit: int) -> list[Line]:
    """The last ``limit`` lines, in order, or fewer that are long."""
    return _read(db, _LATEST, conversation_id, "before", MOST_SEQ, limit)[::-1]


def _read(
    db: Session, statement: Select[Any], conversation_id: str, edge: str, seq: int, limit: int
) -> list[Line]:
    found: list[Line] = []
    characters = 0
    while len(found) < limit and characters < MOST_CHARACTERS:
        most = min(_AT_ONCE, limit - len(found))
        named = {"talk": conversation_id, edge: seq, "most": most}
        lines = [line_of(db, row) for row in run(db, statement, named)]
        for line in lines:
            characters += len(line.text)
            if found and characters > MOST_CHARACTERS:
                return found
            found.append(line)
        if len(lines) < most:
            break
        seq = lines[-1].seq
    return found


def last_said(
    db: Session, conversation_id: str, case_id: str, after_seq: int, up_to: int
) -> int | None:
    """The last line of the person, of this case or of none, between two places; not opened."""
    seq: int | None = db.execute(
        select(func.max(TABLE.c.seq)).where(
            TABLE.c.conversation_id == conversation_id,
            TABLE.c.sender == "me",
            _SAID,
            TABLE.c.seq > after_seq,
            TABLE.c.seq <= up_to,
            TABLE.c.case_id.is_(None) | (TABLE.c.case_id == case_id),
        )
    ).scalar_one()
    return seq


def unread(db: Session, conversation_ids: set[str]) -> dict[tuple[str, str | None], int]:
    """How many of a person's messages no human of the house has read, by chat and case."""
    if not conversation_ids:
        return {}
    talks = Conversation.__table__  # type: ignore[attr-defined]
    rows = db.execute(
        select(TABLE.c.conversation_id, TABLE.c.case_id, func.count())
        .join(talks, talks.c.id == TABLE.c.conversation_id)
        .where(
            TABLE.c.conversation_id.in_(conversation_ids),
            *SAID_BY_THEM,
            TABLE.c.seq > talks.c.read_seq,
        )
        .group_by(TABLE.c.conversation_id, TABLE.c.case_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def by_client_id(db: Session, conversation_id: str, client_id: str, sender: str) -> Line | None:
    """The line that a client's own id made, so that a repeat makes no second one."""
    own = (TABLE.c.client_id == client_id, TABLE.c.sender == sender)
    return _one(db, TABLE.c.conversation_id == conversation_id, *own)


def at(db: Session, conversation_id: str, seq: int) -> Line | None:
    """The line with this number."""
    return _one(db, TABLE.c.conversation_id == conversation_id, TABLE.c.seq == seq)


def last_of(db: Session, conversation_id: str, sender: str) -> Line | None:
    """The last line of one who speaks: me, bot or advisor."""
    row = run(db, _LAST_OF, {"talk": conversation_id, "who": sender}).first()
    return None if row is None else line_of(db, row)


def versions(db: Session, conversation_id: str, seq: int) -> list[Line]:
    """The line ``seq`` and everything that corrects it, in order."""
    rows = db.execute(
        select(TABLE)
        .where(
            TABLE.c.conversation_id == conversation_id,
            (TABLE.c.seq == seq) | ((TABLE.c.kind == "edited") & (TABLE.c.ref == seq)),
        )
        .order_by(TABLE.c.seq)
    )
    return [line_of(db, row) for row in rows]


def with_media(db: Session, media_id: str) -> Line | None:
    """The line that carries a voice note or photo."""
    return _one(db, TABLE.c.media_id == media_id)


def _one(db: Session, *where: ColumnElement[bool]) -> Line | None:
    newest = select(TABLE).where(*where).order_by(TABLE.c.seq.desc()).limit(1)
    row = db.execute(newest).first()
    return None if row is None else line_of(db, row)


def _dump(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))


def line_of(db: Session, row: Any) -> Line:
    """A row of the log, opened."""
    vault: Vault = db.info["vault"]
    body = json.loads(vault.open_text(row.body, "entries", "body", row.id))
    choices = body["choices"]
    return Line(
        seq=row.seq,
        kind=row.kind,
        sender=row.sender,
        at=row.at,
        text=body["text"],
        ref=row.ref,
        client_id=row.client_id,
        choices=None if choices is None else tuple(choices),
        tone=row.tone,
        media_id=row.media_id,
        case_id=row.case_id,
        staff_id=row.staff_id,
        id=row.id,
        extra=body["extra"],
    )
