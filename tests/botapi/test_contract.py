"""The server against the field tables of the Bot API, as both libraries model them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.botapi import Bot, BotApi, Person, check, media
from tests.botapi.calling import Caller
from tests.botapi.server import METHODS


def returned(method: str) -> Any:
    return check.methods()[method.lower()].__returning__


# ---------------------------------------------------------------- answers


def test_the_answer_of_every_method_is_read_whole_by_both_libraries(api: BotApi) -> None:
    bot = api.bot("residents")
    call, granny = Caller(api, bot), api.person("李阿婆", last_name="李", username="granny")
    granny.opens(bot)
    told = {
        method: params(call, bot, granny) if callable(params) else params
        for method, params in CALLS.items()
    }
    assert set(told) == set(METHODS)
    for method, params in told.items():
        result = call(method, **params)
        check.aiogram_reads(returned(method), result)
        if check.telegram_reads(returned(method), result) is None:
            assert isinstance(result, bool), method
    assert {each.method for each in api.journal.calls(*METHODS, done=True)} == set(METHODS)


def _sent(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    buttons = {"inline_keyboard": [[{"text": "好", "callback_data": "1:2:ok"}]]}
    message = call("sendMessage", chat_id=granny.id, text="您好", reply_markup=buttons)
    return {"chat_id": granny.id, "message_id": message["message_id"]}


def _media(kind: str) -> Callable[..., dict[str, Any]]:
    def params(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
        getattr(granny, _SENT_BY[kind])(**_WITH.get(kind, {}))
        latest = max(bot.pending)
        message = bot.pending[latest][0]["message"]
        found = message[kind][-1] if kind == "photo" else message[kind]
        return {"chat_id": granny.id, kind: found["file_id"], "caption": "给您的"}

    return params


_SENT_BY = {
    "photo": "photo",
    "voice": "speaks",
    "audio": "sings",
    "document": "document",
    "video": "video",
}
_WITH = {"audio": {"data": b"ID3" + b"\0" * 200}}


def _file(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    return {"file_id": _media("voice")(call, bot, granny)["voice"]}


def _album(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    photo = _media("photo")(call, bot, granny)["photo"]
    items = [{"type": "photo", "media": photo, "caption": "一"}, {"type": "photo", "media": photo}]
    return {"chat_id": granny.id, "media": items}


def _pressed(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    _sent(call, bot, granny)
    return {"callback_query_id": granny.presses("好").id, "text": "收到"}


def _captioned(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    sent = call("sendPhoto", **_media("photo")(call, bot, granny))
    return {"chat_id": granny.id, "message_id": sent["message_id"], "caption": "另一句"}


def _group(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    group = call.api.group("值班群", [granny])
    group.add(bot, granny)
    return {"chat_id": group.id}


def _chat(call: Caller, bot: Bot, granny: Person) -> dict[str, Any]:
    return {"chat_id": granny.id}


_COMMANDS = [{"command": "menu", "description": "菜单"}]
CALLS: dict[str, Any] = {
    "getMe": {},
    "getChat": _chat,
    "getChatMember": lambda call, bot, granny: {"chat_id": granny.id, "user_id": granny.id},
    "leaveChat": _group,
    "getFile": _file,
    "setMyCommands": {"commands": _COMMANDS, "language_code": "zh"},
    "getMyCommands": {"language_code": "zh"},
    "deleteMyCommands": {},
    "setMyDescription": {"description": "找人帮忙"},
    "getMyDescription": {},
    "setMyShortDescription": {"short_description": "找人帮忙"},
    "getMyShortDescription": {},
    "setMyName": {"name": "暖心屋"},
    "getMyName": {},
    "setChatMenuButton": {"menu_button": {"type": "commands"}},
    "getChatMenuButton": {},
    "sendMessage": lambda call, bot, granny: {
        "chat_id": granny.id,
        "text": "<b>您好</b>",
        "parse_mode": "HTML",
        "reply_parameters": {"message_id": next(iter(granny.chat())).id},
    },
    "sendPhoto": _media("photo"),
    "sendVoice": _media("voice"),
    "sendAudio": _media("audio"),
    "sendDocument": _media("document"),
    "sendVideo": _media("video"),
    "sendMediaGroup": _album,
    "sendLocation": lambda call, bot, granny: {
        "chat_id": granny.id,
        "latitude": 31.23,
        "longitude": 121.47,
    },
    "sendVenue": lambda call, bot, granny: {
        "chat_id": granny.id,
        "latitude": 31.23,
        "longitude": 121.47,
        "title": "暖心屋",
        "address": "人民大道 1 号",
    },
    "sendChatAction": lambda call, bot, granny: {"chat_id": granny.id, "action": "typing"},
    "editMessageText": lambda call, bot, granny: _sent(call, bot, granny) | {"text": "您早"},
    "editMessageCaption": _captioned,
    "editMessageReplyMarkup": _sent,
    "deleteMessage": _sent,
    "answerCallbackQuery": _pressed,
    "setMessageReaction": lambda call, bot, granny: (
        _sent(call, bot, granny) | {"reaction": [{"type": "emoji", "emoji": "👍"}]}
    ),
    "pinChatMessage": _sent,
    "unpinChatMessage": _sent,
    "getUpdates": {},
    "setWebhook": {"url": "http://127.0.0.1:9/hook", "secret_token": "s"},
    "getWebhookInfo": {},
    "deleteWebhook": {"drop_pending_updates": True},
}


# ---------------------------------------------------------------- updates


def test_every_update_is_read_whole_by_both_libraries(api: BotApi) -> None:
    """Everything a person can do, one after the other."""
    bot = api.bot("residents", reads_all=True)
    granny, helper = api.person("李阿婆"), api.person("小王", None, username="wang")
    first = granny.opens(bot, "from_poster")
    said = granny.types("我想找养老院", reply_to=first)
    granny.edits(said, "我想找养老院,近一点的")
    granny.speaks()
    granny.photo(caption="这张")
    granny.album([media.jpeg(), media.jpeg(900, 700)])
    granny.document()
    granny.video()
    granny.sings(b"ID3" + b"\0" * 200)
    granny.sticker()
    granny.place(31.23, 121.47)
    granny.place(31.23, 121.47, title="家", address="人民大道 1 号")
    granny.contact("+8613800000000")
    granny.contact("+8613900000000", "老伴", own=False)
    granny.dice()
    granny.forwards("有人说的", "王医生")
    Caller(api, bot)("sendMessage", **{"chat_id": granny.id, "text": "?"} | _KEYBOARD)
    granny.presses("好")
    granny.presses("好", old=True)
    granny.blocks(bot)
    granny.unblocks(bot)
    group = api.group("值班群", [granny, helper], kind="group")
    group.add(bot, granny)
    helper.types(f"@{bot.username} 在吗", to=group)
    larger = group.upgrade(granny)
    larger.remove(bot, granny)
    updates = [update for update, _ in bot.pending.values()]
    kinds = {kind for update in updates for kind in update if kind != "update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert len(updates) > 25
    for each in updates:
        check.update(json.loads(json.dumps(each)))


_KEYBOARD = {"reply_markup": {"inline_keyboard": [[{"text": "好", "callback_data": "1"}]]}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": 1, "chat": {"id": 5, "type": "private"}},
        {"message_id": 1, "date": 5, "chat": {"id": 5, "type": "private", "mood": "bad"}},
        {"message_id": 1, "date": 5, "chat": {"id": 5, "type": "private"}, "voice": {"size": 5}},
        {"message_id": "x", "date": 5, "chat": {"id": 5, "type": "private"}},
    ],
)
def test_a_wrong_message_is_noticed(wrong: dict[str, Any]) -> None:
    with pytest.raises(check.Strange):
        check.answer("sendMessage", wrong)


@pytest.mark.parametrize("read", [check.aiogram_reads, check.telegram_reads])
def test_each_library_notices_a_field_that_it_does_not_know(read: Callable[..., Any]) -> None:
    chat = {"id": 5, "type": "private"}
    reply = {"message_id": 1, "date": 5, "chat": chat, "weather": "fine"}
    message = {"message_id": 2, "date": 5, "chat": chat, "reply_to_message": reply}
    with pytest.raises(check.Strange, match="weather"):
        read(returned("sendMessage"), message)
