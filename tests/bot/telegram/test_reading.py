"""Recorded updates of Telegram → what they are for the house: a table."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.identity import Identity
from bot.channels.telegram_residents.reading import to_update
from handlers.ports import MediaInfo, Update

CHAT, NUMBER = 6_000_000_001, 1_000
ME = {"id": CHAT, "is_bot": False, "first_name": "李", "language_code": "zh-hans"}
PRIVATE = {"id": CHAT, "first_name": "李", "type": "private"}
WHO = Identity(lambda kind, words: f"{kind}({words})", "telegram", "42")
SENDER = f"sender(telegram:42:{CHAT})"
FILE = {"file_id": "F-1", "file_unique_id": "U-1"}


def message(**more: Any) -> dict[str, Any]:
    plain = {"message_id": NUMBER, "date": 1_764_000_000, "chat": PRIVATE, "from": ME}
    return {**plain, **more}


def said(**more: Any) -> dict[str, Any]:
    return {"update_id": 7, "message": message(**more)}


def update(kind: str, **more: Any) -> Update:
    facts = {"external_id": str(NUMBER), "address": str(CHAT), **more}
    return Update("telegram", "42", SENDER, kind=kind, **facts)


def media(kind: str, mime: str, **more: Any) -> MediaInfo:
    facts: dict[str, Any] = {"size": 0, "sha256": "", "source": "F-1", **more}
    return MediaInfo(id=f"media({SENDER}:{NUMBER}:U-1)"[:32], kind=kind, mime=mime, **facts)


def file(kind: str, mime: str, text: str = "", **more: Any) -> Update:
    return update(kind, text=text, media=media(kind, mime, **more))


def photo(width: int, unique: str) -> dict[str, Any]:
    return {"file_id": f"F-{unique}", "file_unique_id": unique, "width": width, "height": width}


PRESSED: dict[str, Any] = {
    "update_id": 7,
    "callback_query": {
        "id": "555", "from": ME, "chat_instance": "1", "data": "ab:2:yes",
        "message": message(text="对吗?", message_id=990),
    },
}  # fmt: skip
OLD = {"message_id": 990, "date": 0, "chat": PRIVATE}  # what Telegram gives of an old message


def member(old: str, new: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    bot = {"id": 42, "is_bot": True, "first_name": "bot"}

    def one(status: str) -> dict[str, Any]:
        return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    change = {"chat": chat or PRIVATE, "from": ME, "date": 1}
    return {
        "update_id": 7,
        "my_chat_member": change | {"old_chat_member": one(old), "new_chat_member": one(new)},
    }


VENUE = {"location": {"latitude": 31.2, "longitude": 121.4}, "title": "居委会", "address": "长宁路"}
CONTACT = {"phone_number": "+8613812345678", "first_name": "阿婆", "last_name": "王"}
ORIGIN = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}

TABLE: dict[str, tuple[dict[str, Any], Update | None]] = {
    "text": (said(text="我要找人"), update("text", text="我要找人")),
    "start": (said(text="/start"), update("start")),
    "start of a link": (said(text="/start abc-DEF_1"), update("start", text="abc-DEF_1")),
    "menu": (said(text="/menu"), update("choice", choice="cmd:menu")),
    "human": (said(text="/human@nuanxin_bot"), update("choice", choice="cmd:human")),
    "where": (said(text="/where"), update("choice", choice="cmd:where")),
    "back": (said(text="/back"), update("choice", choice="cmd:back")),
    "help": (said(text="/help"), update("choice", choice="cmd:help")),
    "no command of ours": (said(text="/delete all"), update("text", text="/delete all")),
    "a reply": (
        said(text="好", reply_to_message=message(message_id=991, text="几岁?")),
        update("text", text="好", reply_to="991"),
    ),
    "forwarded": (
        said(text="有人说", forward_origin=ORIGIN),
        update("text", text="有人说", forwarded=True),
    ),
    "voice": (
        said(voice={**FILE, "duration": 4, "mime_type": "audio/ogg", "file_size": 900}),
        file("voice", "audio/ogg", size=900, seconds=4.0),
    ),
    "audio": (
        said(audio={**FILE, "duration": 9, "mime_type": "audio/mpeg", "file_name": "a.mp3"}),
        file("voice", "audio/mpeg", seconds=9.0, name="a.mp3"),
    ),
    "photo, the largest": (
        said(photo=[photo(90, "S"), photo(1280, "L"), photo(320, "M")], caption="墙裂了"),
        update(
            "photo",
            text="墙裂了",
            media=MediaInfo(
                f"media({SENDER}:{NUMBER}:L)"[:32], "photo", "image/jpeg", 0, "", source="F-L"
            ),
        ),
    ),
    "one of an album": (
        said(photo=[photo(90, "U-1") | {"file_id": "F-1"}], media_group_id="13"),
        update("photo", media=media("photo", "image/jpeg"), album="13"),
    ),
    "a picture as a file": (
        said(document={**FILE, "mime_type": "image/png", "file_name": "a.png"}),
        file("photo", "image/png", name="a.png"),
    ),
    "document": (
        said(document={**FILE, "mime_type": "application/pdf", "file_name": "诊断.pdf"}),
        file("document", "application/pdf", name="诊断.pdf"),
    ),
    "animation": (
        said(animation={**FILE, "width": 1, "height": 1, "duration": 2}, document=FILE),
        file("document", "video/mp4", seconds=2.0),
    ),
    "video": (
        said(video={**FILE, "width": 1, "height": 1, "duration": 5, "mime_type": "video/mp4"}),
        file("document", "video/mp4", seconds=5.0),
    ),
    "video note": (
        said(video_note={**FILE, "length": 240, "duration": 5}),
        file("document", "video/mp4", seconds=5.0),
    ),
    "sticker": (
        said(sticker={
            **FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False,
            "is_video": False, "emoji": "👍",
        }),
        update("text", text="👍"),
    ),
    "place": (
        said(location={"latitude": 31.2304, "longitude": 121.4737}),
        update("place", text="31.230400,121.473700"),
    ),
    "venue": (
        said(venue=VENUE, location=VENUE["location"]),
        update("place", text="31.200000,121.400000 居委会 长宁路"),
    ),
    "own number": (
        said(contact=CONTACT | {"user_id": CHAT}), update("text", text="+8613812345678")
    ),
    "somebody's number": (said(contact=CONTACT), update("text", text="王 阿婆 +8613812345678")),
    "dice": (said(dice={"emoji": "🎲", "value": 3}), update("unknown")),
    "pinned": (said(pinned_message=message(text="x", message_id=3)), None),
    "edited": (
        {"update_id": 8, "edited_message": message(text="78 岁", edit_date=1_764_000_009)},
        update("edit", text="78 岁", external_id=f"e{NUMBER}.8", edits=str(NUMBER)),
    ),
    "edited caption": (
        {
            "update_id": 8,
            "edited_message": message(photo=[photo(9, "S")], caption="新", edit_date=2),
        },
        update("edit", text="新", external_id=f"e{NUMBER}.8", edits=str(NUMBER)),
    ),
    "a place that moves": (
        {"update_id": 8, "edited_message": message(location=VENUE["location"], edit_date=2)}, None
    ),
    "pressed": (
        PRESSED, update("choice", choice="ab:2:yes", external_id="cb:555", reply_to="990")
    ),
    "pressed under an old message": (
        {"update_id": 7, "callback_query": PRESSED["callback_query"] | {"message": OLD}},
        update("choice", choice="ab:2:yes", external_id="cb:555", reply_to="990"),
    ),
    "blocked": (member("member", "kicked"), update("left", external_id="m7")),
    "let in again": (member("kicked", "member"), update("back", external_id="m7")),
    "in a group": (
        said(text="hi", chat={"id": -5, "type": "group", "title": "g"}),
        None,
    ),
    "brought into a group": (
        member("left", "member", {"id": -100123, "type": "supergroup", "title": "g"}), None
    ),
    "something new beside words that we know": (
        said(text="还是听得懂", entities=[{"type": 5}]), update("text", text="还是听得懂"),
    ),
    "broken, but with a chat": (
        {"update_id": 9, "message": {"message_id": "x", "chat": PRIVATE}},
        update("unknown", external_id="u9"),
    ),
    "broken, without a chat": ({"update_id": 9, "message": {"message_id": 1}}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_an_update_is_for_the_house(name: str) -> None:
    raw, wanted = TABLE[name]
    assert to_update(raw, WHO) == wanted


@pytest.mark.parametrize("raw", [None, 5, "text", [], {}, {"update_id": 1}, {"message": []}])
def test_what_is_no_update_is_nothing(raw: Any) -> None:
    assert to_update(raw, WHO) is None
