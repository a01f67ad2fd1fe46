"""Keep what a channel brought in, before the channel is told that we have it (design §3, 1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.file_names import known, safe_name
from handlers.ports import STAFF_CHANNEL, House, InboxFull, MediaInfo, Update
from handlers.staff_chat import parcels
from handlers.staff_chat.groups import is_command
from handlers.talk import open_talk
from storage import conversations, fetches, inbox, media, staff_chats
from storage.database import Db, wake

_HOUR = timedelta(hours=1)
BYTES_AN_HOUR = 200 * 1024 * 1024  # of one conversation: ten of the largest that a bot may fetch


def receive(
    db: Db,
    update: Update,
    danger: tuple[str, ...],
    now: datetime,
    house: House,
    waiting: int | None = None,
) -> bool:
    """Store an update with the danger that was read in it; False when it is known already.

    Of a group that no supervisor linked nothing is kept but what may link it, or that we came in.

    ``waiting``: how many updates waited a moment ago; not given, they are counted here.

    Raises:
        DifferentBody: the same id came before with other words (storage.inbox).
        InboxFull: too many updates wait. Danger is taken in whatever waits.
    """
    body = update.body()
    if update.channel == STAFF_CHANNEL and update.group and not _is_for_us(db, update):
        return False
    who = (update.channel, update.account, update.sender)
    waiting = conversations.pending_total(db) if waiting is None else waiting
    if not danger and waiting >= house.office.inbox_limit:
        if inbox.known(db, *who, update.external_id, body):
            return False
        raise InboxFull
    place = conversations.arrive(db, *who, bool(danger), now)
    if place is None:
        conversations.open_for(db, *who, update.address, now)
        place = conversations.arrive(db, *who, bool(danger), now)
    if place is None:
        raise LookupError("a conversation vanished while it was opened")
    conversation_id, arrival = place
    stored = inbox.add(
        db,
        channel=update.channel,
        account=update.account,
        sender=update.sender,
        external_id=update.external_id,
        conversation_id=conversation_id,
        arrival=arrival,
        body=body,
        danger=danger,
        now=now,
    )
    if stored is None:
        conversations.undo_arrival(db, conversation_id, bool(danger))
        inbox.known(db, *who, update.external_id, body)  # raises if the first said something else
        return False
    if update.media is not None:
        _keep(db, update, update.media, conversation_id, now, house)
    wake(db, "inbox")
    return True


def _is_for_us(db: Db, update: Update) -> bool:
    if update.kind == "back" or (update.kind == "text" and is_command(update.text)):
        return True
    found = conversations.find(db, update.channel, update.account, update.sender)
    row = staff_chats.get(db, found) if found is not None else None
    return row is not None and row.ended_at is None


def _keep(
    db: Db, update: Update, item: MediaInfo, conversation_id: str, now: datetime, house: House
) -> None:
    """The file's row, and where the channel still holds the file, the order to fetch it.

    Of too many in an hour it is only kept that they came; whoever sends them hears so once.
    """
    held = item.source is not None
    mime = known(item.mime) if held else item.mime  # nobody has looked into it
    ordered = held and (
        update.channel != STAFF_CHANNEL or _is_of_staff(db, update, conversation_id)
    )
    if ordered:
        number, size = media.came_since(db, conversation_id, now - _HOUR)
        most = house.office.media_an_hour
        if number >= most or size + item.size > BYTES_AN_HOUR:
            ordered = False
            if number <= most and size <= BYTES_AN_HOUR:
                _say_too_many(db, update, conversation_id, now, house)
    media.add(
        db,
        media_id=item.id,
        conversation_id=conversation_id,
        kind=item.kind,
        mime=mime,
        size=item.size,
        seconds=item.seconds,
        name=safe_name(item.name, mime, item.kind) if item.name else None,
        now=now,
        state="awaited" if ordered else "lost" if held else "kept",
    )
    if ordered and item.source is not None:
        fetches.add(
            db,
            media_id=item.id,
            channel=update.channel,
            account=update.account,
            conversation_id=conversation_id,
            source=item.source,
            now=now,
        )
        wake(db, "fetches")


def _say_too_many(
    db: Db, update: Update, conversation_id: str, now: datetime, house: House
) -> None:
    talk = open_talk(db, conversation_id, now, house)
    if update.channel == STAFF_CHANNEL:
        told = parcels.body("text", text=house.staff_words.say("fetched.too_many"))
        parcels.put(db, talk.conversation, told, now)
    else:
        talk.say("media.too_many")


def _is_of_staff(db: Db, update: Update, conversation_id: str) -> bool:
    """Did a member of the staff send it, in their own chat? Nobody else fills our disk there."""
    row = staff_chats.get(db, conversation_id)
    return (
        row is not None
        and row.staff_id is not None
        and row.ended_at is None
        and row.actor == update.actor
    )
