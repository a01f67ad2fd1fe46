"""What Telegram brings to the staff bot, as the house's updates: golden tables."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.identity import Identity
from bot.channels.telegram_staff.reading import to_update
from handlers.ports import STAFF_CHANNEL, MediaInfo, Update

BOT, LI, GROUP = 42, 6_000_000_001, -1_002_000_000_001
WHO = Identity(lambda kind, words: f"<{kind} {words}>", STAFF_CHANNEL, str(BOT))
PERSON = {"id": LI, "is_bot": False, "first_name": "李"}
ROBOT = {"id": BOT, "is_bot": True, "first_name": "暖心", "username": "staff_bot"}
CHAT = {"id": LI, "type": "private", "first_name": "李"}
HALL = {"id": GROUP, "type": "supergroup", "title": "值班"}


def message(chat: dict[str, Any] = CHAT, number: int = 7, **more: Any) -> dict[str, Any]:
    return {"message_id": number, "date": 1_764_000_000, "chat": chat, "from": PERSON, **more}


def said(chat: dict[str, Any] = CHAT, **more: Any) -> dict[str, Any]:
    return {"update_id": 900, "message": message(chat, **more)}


def update(kind: str, chat: int = LI, external_id: str = "7", **more: Any) -> Update:
    group = {"group": True} if chat < 0 else {}
    return Update(
        channel=STAFF_CHANNEL, account="42", sender=WHO.sender(chat), external_id=external_id,
        kind=kind, address=str(chat), actor=WHO.actor(LI), **group | more,
    )  # fmt: skip


def file(kind: str, mime: str, name: str | None = None, seconds: float | None = None) -> MediaInfo:
    return MediaInfo(WHO.media(WHO.sender(LI), "7", "u1"), kind, mime, 90, "", seconds, name, "f1")


FILE = {"file_id": "f1", "file_unique_id": "u1", "file_size": 90}
CARD = message(number=3, text="#231") | {"from": ROBOT}
MEMBER = {"user": ROBOT, "status": "member"}
PLACE = {"latitude": 31.2304, "longitude": 121.4737}

GOLDEN: dict[str, tuple[Any, Update | None]] = {
    "text": (said(text="好的"), update("text", text="好的")),
    "an answer": (
        said(text="我来", reply_to_message=CARD), update("text", text="我来", reply_to="3"),
    ),
    "a command is text": (said(text="/queue"), update("text", text="/queue")),
    "a link": (said(text="/start abc-1"), update("start", text="abc-1")),
    "start": (said(text="/start"), update("start")),
    "a voice note": (
        said(voice={**FILE, "duration": 6, "mime_type": "audio/ogg"}),
        update("voice", media=file("voice", "audio/ogg", seconds=6.0)),
    ),
    "music": (
        said(audio={**FILE, "duration": 6, "mime_type": "audio/mp4", "file_name": "a.m4a"}),
        update("voice", media=file("voice", "audio/mp4", "a.m4a", 6.0)),
    ),
    "a photo, the largest": (
        said(caption="看", media_group_id="g", photo=[
            {**FILE, "file_id": "s", "file_unique_id": "us", "width": 90, "height": 60},
            {**FILE, "width": 900, "height": 600},
        ]),
        update("photo", text="看", media=file("photo", "image/jpeg"), album="g"),
    ),
    "a picture as a file": (
        said(document={**FILE, "mime_type": "image/png", "file_name": "x.png"}),
        update("photo", media=file("photo", "image/png", "x.png")),
    ),
    "a paper": (
        said(document={**FILE, "mime_type": "application/pdf", "file_name": "说明.pdf"}),
        update("document", media=file("document", "application/pdf", "说明.pdf")),
    ),
    "a film": (
        said(video={**FILE, "duration": 9, "width": 1, "height": 1, "mime_type": "video/mp4"}),
        update("document", media=file("document", "video/mp4", seconds=9.0)),
    ),
    "a round film": (
        said(video_note={**FILE, "duration": 9, "length": 1}),
        update("document", media=file("document", "video/mp4", seconds=9.0)),
    ),
    "a moving picture": (
        said(animation={**FILE, "duration": 2, "width": 1, "height": 1}, document=FILE),
        update("document", media=file("document", "video/mp4", seconds=2.0)),
    ),
    "a place": (said(location=PLACE), update("place", text="31.230400,121.473700")),
    "a venue": (
        said(location=PLACE, venue={"location": PLACE, "title": "居委会", "address": "大路 1 号"}),
        update("place", text="31.230400,121.473700 居委会 大路 1 号"),
    ),
    "a number": (
        said(contact={"phone_number": "+8613800000000", "first_name": "李", "user_id": LI}),
        update("text", text="+8613800000000"),
    ),
    "a sticker": (
        said(sticker={**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False,
                      "is_video": False, "emoji": "👍"}),
        update("text", text="👍"),
    ),
    "forwarded": (
        said(text="转", forward_origin={
            "type": "hidden_user", "date": 1_764_000_000, "sender_user_name": "某",
        }),
        update("text", text="转", forwarded=True),
    ),
    "a poll": (said(dice={"emoji": "🎲", "value": 3}), update("unknown")),
    "what Telegram wrote itself": (said(pinned_message=CARD), None),
    "an edit": (
        {"update_id": 901, "edited_message": message(text="改了", edit_date=1_764_000_001)},
        update("edit", external_id="e7.901", text="改了", edits="7"),
    ),
    "a place that moves": (
        {"update_id": 901, "edited_message": message(location=PLACE, edit_date=1_764_000_001)},
        None,
    ),
    "a press": (
        {"update_id": 902, "callback_query": {
            "id": "55", "from": PERSON, "chat_instance": "1", "data": "cl:~abc", "message": CARD,
        }},
        update("choice", external_id="cb:55", choice="cl:~abc", reply_to="3"),
    ),
    "a press on an old card": (
        {"update_id": 902, "callback_query": {
            "id": "55", "from": PERSON, "chat_instance": "1", "data": "cl:~abc",
            "message": {"message_id": 3, "date": 0, "chat": CHAT},
        }},
        update("choice", external_id="cb:55", choice="cl:~abc", reply_to="3"),
    ),
    "shut out": (
        {"update_id": 903, "my_chat_member": {
            "chat": CHAT, "from": PERSON, "date": 1_764_000_000, "old_chat_member": MEMBER,
            "new_chat_member": {"user": ROBOT, "status": "kicked", "until_date": 0},
        }},
        update("left", external_id="m903"),
    ),
    "brought into a group": (
        {"update_id": 903, "my_chat_member": {
            "chat": HALL, "from": PERSON, "date": 1_764_000_000, "new_chat_member": MEMBER,
            "old_chat_member": {"user": ROBOT, "status": "left"},
        }},
        update("back", GROUP, "m903"),
    ),
    "a command in a group": (
        said(HALL, text="/queue@staff_bot"), update("text", GROUP, text="/queue@staff_bot"),
    ),
    "an answer to us in a group": (
        said(HALL, text="我来", reply_to_message=message(HALL, 3, text="#231") | {"from": ROBOT}),
        update("text", GROUP, text="我来", reply_to="3"),
    ),
    "a press in a group": (
        {"update_id": 902, "callback_query": {
            "id": "55", "from": PERSON, "chat_instance": "1", "data": "cl:~abc",
            "message": message(HALL, 3, text="#231") | {"from": ROBOT},
        }},
        update("choice", GROUP, "cb:55", choice="cl:~abc", reply_to="3"),
    ),
    "colleagues' own talk": (said(HALL, text="王阿婆家里没人"), None),
    "their answers to each other": (
        said(HALL, text="好", reply_to_message=message(HALL, 3, text="去看看")), None,
    ),
    "their edits": (
        {"update_id": 901, "edited_message": message(HALL, text="改了", edit_date=1_764_000_001)},
        None,
    ),
    "what nobody knows yet": (
        {"update_id": 904, "message": message(hologram={"file_id": "f"})}, update("unknown"),
    ),
    "a message in a new shape": (
        said(text="字还在", venue={"odd": 1}), update("text", text="字还在"),
    ),
    "no chat": ({"update_id": 905, "poll": {"odd": 1}}, None),
    "no update": ("?", None),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    raw, expected = GOLDEN[name]
    assert to_update(raw, WHO) == expected


def test_what_cannot_be_read_at_all_is_told() -> None:
    raw = {"update_id": 906, "message": {"message_id": 7, "chat": CHAT}}
    found = to_update(raw, WHO)
    assert found is not None
    assert (found.kind, found.external_id) == ("unknown", "u906")
    assert to_update({"update_id": 906, "message": {"message_id": 7, "chat": HALL}}, WHO) is None
