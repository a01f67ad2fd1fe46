"""What Telegram refuses the server refuses, in the same words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.botapi import Bot, BotApi, Person, media
from tests.botapi.calling import Caller, Refusal, keyboard, refused

# ---------------------------------------------------------------- who and where


def test_an_unknown_token_and_an_unknown_method(api: BotApi, call: Caller) -> None:
    stranger = Caller(api, token="7000000000:AAabcdefghijklmnopqrstuvwxyz0123456")
    assert refused(stranger, "getMe") == (401, "Unauthorized")
    assert refused(Caller(api, token="x"), "getMe") == (404, "Not Found")
    assert refused(call, "getMee") == (404, "Not Found: method not found")
    assert call("GETME")["id"] == call("getMe")["id"]


def test_chats_that_cannot_be_reached(api: BotApi, bot: Bot, call: Caller, granny: Person) -> None:
    say = {"text": "hello"}
    assert refused(call, "sendMessage", chat_id=1, **say) == (400, "Bad Request: chat not found")
    assert refused(call, "sendMessage", chat_id="@x", **say)[1] == "Bad Request: chat not found"
    assert refused(call, "sendMessage", **say)[1] == "Bad Request: chat_id is empty"
    other = api.bot("staff")
    assert refused(Caller(api, other), "sendMessage", chat_id=granny.id, **say) == (
        400,
        "Bad Request: chat not found",
    )
    assert refused(call, "sendMessage", chat_id=other.id, **say) == (
        403,
        "Forbidden: bot can't send messages to bots",
    )
    granny.blocks(bot)
    for method, more in (("sendMessage", say), ("sendChatAction", {"action": "typing"})):
        assert refused(call, method, chat_id=granny.id, **more) == (
            403,
            "Forbidden: bot was blocked by the user",
        )
    assert call("getChat", chat_id=granny.id)["id"] == granny.id
    granny.unblocks(bot)
    call("sendMessage", chat_id=granny.id, **say)
    granny.leaves_telegram()
    assert refused(call, "sendMessage", chat_id=granny.id, **say) == (
        403,
        "Forbidden: user is deactivated",
    )


def test_groups_that_cannot_be_reached(api: BotApi, bot: Bot, call: Caller, granny: Person) -> None:
    stranger = api.person("小王")
    group = api.group("值班群", [granny, stranger])
    old = api.group("旧群", [granny], kind="group")
    say = {"text": "hello"}
    assert refused(call, "sendMessage", chat_id=group.id, **say) == (
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    )
    group.add(bot, granny)
    old.add(bot, granny)
    call("sendMessage", chat_id=group.id, **say)
    assert refused(call, "sendMessage", chat_id=stranger.id, **say) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    group.remove(bot, granny)
    assert refused(call, "sendMessage", chat_id=group.id, **say) == (
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    )
    new = old.upgrade(granny)
    with pytest.raises(Refusal) as caught:
        call("sendMessage", chat_id=old.id, **say)
    assert caught.value.body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    call("sendMessage", chat_id=new.id, **say)
    assert call("leaveChat", chat_id=new.id) is True
    assert refused(call, "sendMessage", chat_id=new.id, **say)[0] == 403
    assert refused(call, "leaveChat", chat_id=granny.id) == (
        400,
        "Bad Request: chat member status can't be changed in private chats",
    )


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    "more",
    [
        {"colour": "red"},
        {"reply_parameters": {"message_id": 1, "colour": "red"}},
        {"reply_markup": keyboard({"text": "a", "callback_data": "b", "colour": "red"})},
        {"reply_markup": {"inline_keyboard": [], "colour": "red"}},
        {"link_preview_options": {"is_disabled": True, "colour": "red"}},
        {"reply_markup": keyboard({"label": "a"})},
        {"chat_id": "five"},
        {"message_id": 5},
    ],
)
@pytest.mark.parametrize("way", ["json", "form"])
def test_unknown_and_wrong_parameters(
    call: Caller, granny: Person, more: dict[str, Any], way: str
) -> None:
    send = call if way == "json" else call.form
    params = {"chat_id": granny.id, "text": "hello"}
    send("sendMessage", **params)
    assert refused(send, "sendMessage", **params | more)[0] == 400
    assert len(granny.chat()) == 2


def test_the_same_call_in_every_form(call: Caller, granny: Person) -> None:
    reply = granny.types("hello")
    params = {
        "chat_id": granny.id,
        "text": "12",
        "disable_notification": True,
        "reply_parameters": {"message_id": reply.id},
    }
    call("sendMessage", **params)
    call.form("sendMessage", **params)
    call.query("sendMessage", chat_id=granny.id, text="12", disable_notification="true")
    shown = granny.chat()[-3:]
    assert [(each.text, each.silent) for each in shown] == [("12", True)] * 3
    assert [each.reply_to for each in shown] == [reply.id, reply.id, None]


def test_what_is_no_request(api: BotApi, call: Caller) -> None:
    assert refused(call.raw, "POST", "sendMessage", b"{", "application/json")[0] == 400
    assert refused(call.raw, "POST", "sendMessage", b"reply_markup=x", _FORM)[0] == 400
    assert refused(call, "sendMessage", chat_id=5)[1] == "Bad Request: message text is empty"
    assert refused(call, "getFile")[1] == 'Bad Request: parameter "file_id" is required'


_FORM = "application/x-www-form-urlencoded"


# ---------------------------------------------------------------- texts and keyboards


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "老" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        (
            {"text": "a<br>b", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "br" at byte offset 1',
        ),
        ({"text": "x", "reply_to_message_id": 999}, "message to be replied not found"),
        (
            {"text": "x", "reply_markup": keyboard({"text": "a", "callback_data": "老" * 22})},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": keyboard({"text": "a"})},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": keyboard({"text": "a", "url": "tel:962525"})},
            "inline keyboard button URL 'tel:962525' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "x", "reply_markup": keyboard({"text": "a", "url": "http://localhost/"})},
            "inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101},
            },
            "reply markup is too long",
        ),
    ],
)
def test_texts_that_cannot_be_sent(
    call: Caller, granny: Person, params: dict[str, Any], words: str
) -> None:
    got = refused(call, "sendMessage", chat_id=granny.id, **params)
    assert got == (400, f"Bad Request: {words}")
    assert len(granny.chat()) == 1


def test_what_just_fits(call: Caller, granny: Person) -> None:
    data = "老" * 21 + "a"
    markup = keyboard({"text": "a", "callback_data": data})
    text = "<b>" + "老" * 4096 + "</b>"
    call("sendMessage", chat_id=granny.id, text=text, parse_mode="HTML", reply_markup=markup)
    photo = media.jpeg()
    call.upload("sendPhoto", {"photo": photo}, chat_id=granny.id, caption="老" * 1024)
    too_long = {"chat_id": granny.id, "caption": "老" * 1025}
    got = refused(call.upload, "sendPhoto", {"photo": photo}, **too_long)
    assert got == (400, "Bad Request: message caption is too long")
    assert [len(each.text) for each in granny.chat()[1:]] == [4096, 1024]


# ---------------------------------------------------------------- settings


def test_settings_that_are_refused(call: Caller) -> None:
    bad = [{"command": "Menu!", "description": "x"}]
    assert refused(call, "setMyCommands", commands=bad)[1] == "Bad Request: BOT_COMMAND_INVALID"
    empty = [{"command": "menu", "description": ""}]
    assert refused(call, "setMyCommands", commands=empty)[0] == 400
    assert refused(call, "setMyDescription", description="x" * 513)[0] == 400
    good = [{"command": "menu", "description": "菜单"}]
    call("setMyCommands", commands=good, language_code="zh")
    assert call("getMyCommands", language_code="zh") == good
    assert call("getMyCommands") == []
    call("setMyName", name="暖心屋")
    assert call("getMyName", language_code="en") == {"name": "暖心屋"}
    for method, params in _UNKNOWN.items():
        assert refused(call, method, **params)[0] == 400


_UNKNOWN: dict[str, dict[str, Any]] = {
    "sendChatAction": {"chat_id": 5, "action": "typing"},
    "setMessageReaction": {"chat_id": 5, "message_id": 1},
    "getChatMember": {"chat_id": 5, "user_id": 5},
}
