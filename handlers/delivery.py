"""Sending on channels that push: taking from the outbox, and keeping what became of it.

One order of locks: the conversation, then its case, then the rows of the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.blocked import shut_out, tell_outcome
from handlers.ports import STAFF_CHANNEL, House
from handlers.staff_chat import layout
from handlers.staff_chat import settled as staff_chat
from handlers.staff_chat.parcels import TOGETHER
from handlers.talk import Talk, hint
from storage import cases, conversations, media, outbox, outbox_next, sent
from storage.conversations import Conversation
from storage.database import Db
from storage.errors import StorageError, translate
from storage.outbox import Parcel

MEDIA_SECONDS = 60.0  # longer than text a file may take to be sent
_FILE_WAITS = timedelta(seconds=1)
Body = dict[str, Any]
Filler = Callable[[Db, Parcel, datetime, House], Body | None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A message with everything that its channel needs; ``fault``: it could not be put together."""

    parcel: Parcel
    fault: str | None = None


def lease(
    db: Db,
    channel: str,
    account: str,
    owner: str,
    now: datetime,
    until: datetime,
    limit: int,
    house: House,
    *,
    resting: Collection[str] = (),
    urgent: bool = False,
) -> list[Ready]:
    """The next message of each chat of a bot that has one ready, safety and red first.

    In a chat of staff nothing else is in order: red, what they asked for, what they are told, and
    what is laid out anew (docs/decisions/0008).

    Each is laid out at this very moment: files, what it answers, what a card says now. One whose
    file is still to be fetched waits, uncounted. See storage.outbox_next for the rest.
    """
    parcels = outbox_next.lease(
        db,
        channel,
        account,
        owner,
        now,
        until,
        limit,
        resting=resting,
        urgent=urgent,
        by_lane=channel == STAFF_CHANNEL,
    )
    found = []
    for parcel, address in zip(parcels, _addresses(db, parcels), strict=True):
        ready = _fill(db, replace(parcel, address=address), now, house)
        if ready is None:
            later = now + _FILE_WAITS
            outbox.settle(db, parcel.id, owner, "queued", now, not_before=later, counted=False)
            continue
        if has_file(ready.parcel):
            longer = until + timedelta(seconds=MEDIA_SECONDS)
            outbox.hold_longer(db, parcel.id, owner, longer)
        found.append(ready)
    return found


def has_file(parcel: Parcel) -> bool:
    """Whether a file goes with it."""
    return bool(parcel.body.get("media"))


def _addresses(db: Db, parcels: list[Parcel]) -> list[str]:
    known = conversations.addresses(db, {parcel.conversation_id for parcel in parcels})
    return [known.get(parcel.conversation_id, "") for parcel in parcels]


def _fill(db: Db, parcel: Parcel, now: datetime, house: House) -> Ready | None:
    """One that cannot be laid out fails by itself and holds up no other."""
    filler = FILLERS.get(parcel.channel, _line)
    try:
        with db.begin_nested():
            body = filler(db, parcel, now, house)
    except Exception as error:
        if isinstance(translate(error), StorageError):
            raise
        return Ready(parcel, f"{type(error).__name__}: {error}"[:200])
    return None if body is None else Ready(replace(parcel, body=body))


def _line(db: Db, parcel: Parcel, _now: datetime, _house: House) -> Body | None:
    """A resident's line: its file, and the message that it corrects; None: its file is awaited."""
    body: Body = {**parcel.body, "seq": parcel.seq}
    ref = body.get("ref")
    body["reply_to"] = None if ref is None else sent.of_line(db, parcel.conversation_id, ref)
    media_id = body.get("media_id")
    if media_id:
        row = media.get(db, media_id)
        if row is not None and row.state == "awaited":
            return None
        kept = row is not None and row.state == "kept"
        body["media"] = _file(db, row) if row is not None and kept else None
        body["media_lost"] = not kept
    return body


def _file(db: Db, row: media.Media) -> Body:
    return {
        "id": row.id,
        "kind": row.kind,
        "mime": row.mime,
        "seconds": row.seconds,
        "name": media.name_of(db, row),
    }


def _staff_chat(db: Db, parcel: Parcel, now: datetime, house: House) -> Body | None:
    return layout.fill(db, parcel.conversation_id, parcel.body, now, house)


FILLERS: dict[str, Filler] = {STAFF_CHANNEL: _staff_chat}  # all others are residents' channels


def part_sent(
    db: Db,
    parcel: Parcel,
    owner: str,
    parts_sent: int,
    now: datetime,
    *,
    external_id: str | None,
    until: datetime | None,
) -> bool:
    """Record that the channel has so many parts of a message, the last of them as
    ``external_id``. ``until``: the next part follows at once; None: it waits for the chat's rest.

    False when the lease was lost.
    """
    conversations.lock(db, parcel.conversation_id)
    if not outbox.part_sent(db, parcel.id, owner, parts_sent, until):
        return False
    if parcel.body.get(TOGETHER) is not None:  # the rest is of the same words, whatever comes now
        rest = {name: value for name, value in parcel.body.items() if name != TOGETHER}
        outbox.rewrite(db, parcel.id, rest)
    _keep_id(db, parcel, external_id, now)
    return True


def settled(
    db: Db,
    parcel: Parcel,
    owner: str,
    outcome: str,
    now: datetime,
    house: House,
    *,
    error: str | None = None,
    external_id: str | None = None,
    not_before: datetime | None = None,
    counted: bool = True,
    gone: bool = False,
    moved_to: str | None = None,
) -> bool:
    """Record ``sent``, ``queued`` (again, not before a time) or ``failed``.

    ``counted``: whether the attempt counts. ``gone``: the person cannot be reached there any
    more. ``moved_to``: the chat has another address from now on. What became of a message is an
    entry that the advisor sees. False when the lease was lost.
    """
    conversation = conversations.lock(db, parcel.conversation_id)
    if not outbox.settle(
        db,
        parcel.id,
        owner,
        outcome,
        now,
        error=error,
        external_id=external_id,
        not_before=not_before,
        counted=counted,
    ):
        return False
    if moved_to is not None:
        conversations.move(db, conversation, moved_to)
    if outcome == "sent":
        _keep_id(db, parcel, external_id, now)
    if outcome == "queued":
        return True
    if parcel.channel == STAFF_CHANNEL:
        staff_chat.settled(db, conversation.id, parcel, outcome, error, gone, now, house)
    else:
        _settle_line(db, conversation, parcel, outcome, error, gone, now, house)
    return True


def _settle_line(
    db: Db,
    conversation: Conversation,
    parcel: Parcel,
    outcome: str,
    error: str | None,
    gone: bool,
    now: datetime,
    house: House,
) -> None:
    """A line of a resident's chat: the log says what became of it."""
    case = cases.get(db, conversation.case_id, lock=True) if conversation.case_id else None
    talk = Talk(db, house, now, conversation, case)
    tell_outcome(talk, parcel.seq, outcome, error)
    if gone:
        answered = parcel.body.get("from") == "advisor"
        shut_out(talk, error or "gone", answer=parcel.seq if answered else None)
    elif case is not None and (outcome == "failed" or parcel.body.get("from") == "advisor"):
        hint(db, case, now)  # a mark under an advisor's answer changes


def _keep_id(db: Db, parcel: Parcel, external_id: str | None, now: datetime) -> None:
    """Which of the channel's messages shows what: for replies, corrections and cards."""
    if not external_id:
        return
    if parcel.channel != STAFF_CHANNEL:
        sent.add(db, parcel.conversation_id, external_id, sent.LINE, now, parcel.seq)
        return
    show: Mapping[str, Any] | None = parcel.body.get("show")
    if show:
        sent.add(
            db,
            parcel.conversation_id,
            external_id,
            show["kind"],
            now,
            show.get("seq"),
            show.get("case_id"),
        )
