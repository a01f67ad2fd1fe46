"""Edits, deletions, presses and files that Telegram refuses, in the same words."""

from __future__ import annotations

from tests.botapi import Bot, BotApi, Person, media
from tests.botapi.calling import Caller, keyboard, refused

# ---------------------------------------------------------------- edits, deletions, presses


def test_edits_that_change_nothing_or_cannot_be(api: BotApi, call: Caller, granny: Person) -> None:
    own = granny.types("hello")
    markup = keyboard({"text": "a", "callback_data": "b"})
    sent = call("sendMessage", chat_id=granny.id, text="x", reply_markup=markup)
    here = {"chat_id": granny.id, "message_id": sent["message_id"]}
    same = (
        "Bad Request: message is not modified: specified new message content and reply markup are"
        " exactly the same as a current content and reply markup of the message"
    )
    words = {"text": "<b>x</b>"}
    assert refused(call, "editMessageText", **here, text="x", reply_markup=markup) == (400, same)
    assert refused(call, "editMessageReplyMarkup", **here, reply_markup=markup) == (400, same)
    call("editMessageText", **here, **words, parse_mode="HTML", reply_markup=markup)
    call("editMessageReplyMarkup", **here)
    assert refused(call, "editMessageReplyMarkup", **here) == (400, same)
    assert refused(call, "editMessageCaption", **here, caption="y")[1] == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert refused(call, "editMessageText", chat_id=granny.id, message_id=own.id, text="y")[1] == (
        "Bad Request: message can't be edited"
    )
    assert refused(call, "editMessageText", chat_id=granny.id, message_id=99, text="y")[1] == (
        "Bad Request: message to edit not found"
    )
    assert refused(call, "editMessageText", chat_id=granny.id, text="y")[1] == (
        "Bad Request: message identifier is not specified"
    )
    assert refused(call, "editMessageText", **here, text="y" * 4097)[1] == (
        "Bad Request: message is too long"
    )
    shown = granny.chat()[-1]
    assert (shown.text, shown.marks, shown.edited) == ("x", (("bold", "x"),), True)
    photo = call.upload("sendPhoto", {"photo": media.jpeg()}, chat_id=granny.id)
    at = {"chat_id": granny.id, "message_id": photo["message_id"]}
    assert refused(call, "editMessageText", **at, text="y")[1] == (
        "Bad Request: there is no text in the message to edit"
    )


def test_deletions_that_cannot_be(api: BotApi, bot: Bot, call: Caller, granny: Person) -> None:
    sent = call("sendMessage", chat_id=granny.id, text="x")
    here = {"chat_id": granny.id, "message_id": sent["message_id"]}
    assert call("deleteMessage", **here) is True
    assert refused(call, "deleteMessage", **here)[1] == ("Bad Request: message to delete not found")
    assert refused(call, "editMessageText", **here, text="y")[1] == (
        "Bad Request: message to edit not found"
    )
    kept = call("sendMessage", chat_id=granny.id, text="x")
    api.world.shift = 49 * 3600
    assert refused(call, "deleteMessage", chat_id=granny.id, message_id=kept["message_id"])[1] == (
        "Bad Request: message can't be deleted"
    )


def test_presses_are_answered_once_and_in_time(
    api: BotApi, bot: Bot, call: Caller, granny: Person
) -> None:
    markup = keyboard({"text": "a", "callback_data": "b"})
    call("sendMessage", chat_id=granny.id, text="x", reply_markup=markup)
    gone = (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    press = granny.presses("a")
    assert call("answerCallbackQuery", callback_query_id=press.id) is True
    assert refused(call, "answerCallbackQuery", callback_query_id=press.id) == gone
    assert refused(call, "answerCallbackQuery", callback_query_id="5") == gone
    late = granny.presses("a")
    late.expires()
    assert refused(call, "answerCallbackQuery", callback_query_id=late.id) == gone
    long = {"callback_query_id": granny.presses("a").id, "text": "x" * 201}
    assert refused(call, "answerCallbackQuery", **long)[1] == "Bad Request: MESSAGE_TOO_LONG"
    foreign = Caller(api, api.bot("staff"))
    mine = granny.presses("a").id
    assert refused(foreign, "answerCallbackQuery", callback_query_id=mine) == gone


# ---------------------------------------------------------------- files


def test_file_ids_belong_to_one_bot(api: BotApi, call: Caller, granny: Person) -> None:
    data = media.ogg(3)
    sent = call.upload("sendVoice", {"voice": data}, chat_id=granny.id, duration=3)
    file_id = sent["voice"]["file_id"]
    assert call.file(file_id) == data
    call("sendVoice", chat_id=granny.id, voice=file_id)
    staff = api.bot("staff")
    other = Caller(api, staff)
    granny.opens(staff)
    wrong = (400, "Bad Request: wrong file identifier/HTTP URL specified")
    assert refused(other, "sendVoice", chat_id=granny.id, voice=file_id) == wrong
    assert refused(other, "getFile", file_id=file_id) == (400, "Bad Request: invalid file_id")
    unique = sent["voice"]["file_unique_id"]
    assert refused(call, "sendVoice", chat_id=granny.id, voice=unique) == wrong
    assert refused(call, "sendPhoto", chat_id=granny.id, photo=file_id) == (
        400,
        "Bad Request: can't use file of type Voice as Photo",
    )
    path = call("getFile", file_id=file_id)["file_path"]
    assert call.fetch(f"/file/bot{staff.token}/{path}")[0] == 404
    assert call.fetch(f"/file/bot{staff.token}x/{path}")[0] == 401


def test_files_that_cannot_be_sent_or_had(
    api: BotApi, bot: Bot, call: Caller, granny: Person
) -> None:
    to = {"chat_id": granny.id}
    assert refused(call, "sendPhoto", **to) == (400, 'Bad Request: parameter "photo" is required')
    assert refused(call.upload, "sendPhoto", {"photo": b"hi"}, **to)[1] == (
        "Bad Request: IMAGE_PROCESS_FAILED"
    )
    assert refused(call.upload, "sendDocument", {"document": b""}, **to)[1] == (
        "Bad Request: file must be non-empty"
    )
    assert refused(call, "sendVoice", **to, voice="attach://x")[0] == 400
    assert refused(call.upload, "sendVoice", {"voice": media.ogg(), "other": b"x"}, **to)[0] == 400
    big = granny.document(size=20_000_001)
    assert big.media is not None
    update = next(reversed(bot.pending.values()))[0]
    document = update["message"]["document"]
    assert document["file_size"] == 20_000_001
    assert refused(call, "getFile", file_id=document["file_id"]) == (
        400,
        "Bad Request: file is too big",
    )
    one = [{"type": "photo", "media": "x"}]
    assert refused(call, "sendMediaGroup", **to, media=one)[0] == 400


def test_what_is_no_voice_note_is_shown_as_what_it_is(call: Caller, granny: Person) -> None:
    sent = call.upload("sendVoice", {"voice": b"ID3 something else"}, chat_id=granny.id)
    assert "voice" not in sent
    assert sent["document"]["file_size"] == 18


def test_an_upload_that_is_too_large(call: Caller, granny: Person) -> None:
    huge = {"document": b"\0" * 52_000_000}
    got = refused(call.upload, "sendDocument", huge, chat_id=granny.id)
    assert got == (413, "Request Entity Too Large")
