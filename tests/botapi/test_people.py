"""A person's side: what they see, what they can do, and what they cannot."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.botapi import Bot, BotApi, Person, media
from tests.botapi.calling import Caller


def keyboard(**labels: str) -> dict[str, Any]:
    rows = [[{"text": label, "callback_data": data}] for label, data in labels.items()]
    return {"inline_keyboard": rows}


def later(what: Any, *args: Any, **more: Any) -> threading.Timer:
    timer = threading.Timer(0.05, what, args, more)
    timer.start()
    return timer


def test_waiting_ends_with_what_comes(call: Caller, granny: Person) -> None:
    later(call, "sendMessage", chat_id=granny.id, text="<b>您</b>好", parse_mode="HTML")
    shown = granny.waits_for("您好", 5)
    assert (shown.text, shown.by, shown.mine) == ("您好", "residents", False)
    later(call, "editMessageText", chat_id=granny.id, message_id=shown.id, text="您早")
    assert granny.waits_for(lambda each: each.edited, 5).id == shown.id


def test_waiting_in_vain_shows_the_chat(call: Caller, granny: Person) -> None:
    granny.types("有人吗")
    call("sendMessage", chat_id=granny.id, text="您好", reply_markup=keyboard(是="1:yes"))
    granny.waits_for("您好")
    with pytest.raises(AssertionError) as caught:
        granny.waits_for("您好", 0.05)
    words = str(caught.value)
    assert "有人吗" in words
    assert "[是→1:yes]" in words
    assert "1 were waited for before" in words
    assert granny.waits_for("您好", 0.05, again=True).labels == ("是",)


def test_waiting_for_what_comes_after_something(call: Caller, granny: Person) -> None:
    for word in ("您好", "几岁?"):
        call("sendMessage", chat_id=granny.id, text=word)
    said = granny.types("80")
    with pytest.raises(AssertionError):
        granny.waits_for("几岁", 0.05, since=said)
    call("sendMessage", chat_id=granny.id, text="几岁?")
    assert granny.waits_for("几岁", since=said).id > said.id


def test_one_does_not_wait_for_ones_own_words(granny: Person) -> None:
    granny.types("您好")
    with pytest.raises(AssertionError):
        granny.waits_for("您好", 0.05)


def test_buttons_are_pressed_where_they_stand(bot: Bot, call: Caller, granny: Person) -> None:
    first = call("sendMessage", chat_id=granny.id, text="一", reply_markup=keyboard(是="1", 否="2"))
    call("sendMessage", chat_id=granny.id, text="二", reply_markup=keyboard(是="3"))
    granny.presses("是")
    granny.presses("2")
    granny.presses("是", message=first["message_id"])
    with pytest.raises(AssertionError, match="has no button"):
        granny.presses("不知道")
    with pytest.raises(AssertionError, match="has no button"):
        granny.presses("3", message=first["message_id"])
    queries = [each["callback_query"] for each in call("getUpdates")[1:]]
    assert [each["data"] for each in queries] == ["3", "2", "1"]
    assert {each["chat_instance"] for each in queries} == {queries[0]["chat_instance"]}
    assert queries[-1]["message"]["text"] == "一"


def test_a_button_that_was_just_taken_away(call: Caller, granny: Person) -> None:
    sent = call("sendMessage", chat_id=granny.id, text="一", reply_markup=keyboard(是="1"))
    here = {"chat_id": granny.id, "message_id": sent["message_id"]}
    call("editMessageText", **here, text="✓ 是")
    with pytest.raises(AssertionError):
        granny.presses("是")
    granny.presses("是", late=True)
    call("deleteMessage", **here)
    with pytest.raises(AssertionError):
        granny.presses("是", late=True)
    last = call("getUpdates")[-1]["callback_query"]
    assert last["data"] == "1"
    assert "reply_markup" not in last["message"]


def test_a_keyboard_below_the_chat_types_its_words(call: Caller, granny: Person) -> None:
    keys = [[{"text": "菜单"}, {"text": "我的电话", "request_contact": True}]]
    board = {"keyboard": keys, "resize_keyboard": True}
    call("sendMessage", chat_id=granny.id, text="一", reply_markup=board)
    granny.presses("菜单")
    granny.presses("我的电话")
    said, shared = (each["message"] for each in call("getUpdates")[-2:])
    assert said["text"] == "菜单"
    assert shared["contact"]["user_id"] == granny.id
    call("sendMessage", chat_id=granny.id, text="二", reply_markup={"remove_keyboard": True})
    with pytest.raises(AssertionError):
        granny.presses("菜单")


def test_what_the_app_does_not_let_one_do(api: BotApi, bot: Bot, granny: Person) -> None:
    stranger = api.person("小王")
    with pytest.raises(AssertionError, match="has not opened"):
        stranger.types("hello")
    with pytest.raises(AssertionError, match="no link can carry"):
        stranger.opens(bot, "中文")
    with pytest.raises(AssertionError, match="several messages"):
        granny.types("老" * 4097)
    granny.blocks(bot)
    with pytest.raises(AssertionError, match="blocked"):
        granny.types("hello")
    granny.opens(bot)
    assert granny.types("hello").text == "hello"


def test_a_blocked_bot_is_told_and_let_in_again(bot: Bot, call: Caller, granny: Person) -> None:
    granny.blocks(bot)
    granny.opens(bot, "again")
    updates = call("getUpdates")
    changes = [each["my_chat_member"] for each in updates if "my_chat_member" in each]
    states = [each["new_chat_member"]["status"] for each in changes]
    assert states == ["kicked", "member"]
    assert updates[-1]["message"]["text"] == "/start again"


def test_an_album_is_one_and_its_words_are_the_firsts(call: Caller, granny: Person) -> None:
    shown = granny.album([media.jpeg(), media.jpeg(color="red"), media.jpeg(color="blue")], "三张")
    assert len({each.album for each in shown}) == 1
    messages = [each["message"] for each in call("getUpdates")[1:]]
    assert [each.get("caption") for each in messages] == ["三张", None, None]
    assert len({each["media_group_id"] for each in messages}) == 1


def test_files_are_what_was_sent(call: Caller, granny: Person) -> None:
    granny.speaks(media.ogg(2), 2)
    granny.photo(media.jpeg(640, 480))
    granny.document(b"hello", "a.txt", "text/plain")
    granny.sticker("🌹")
    voice, photo, paper, sticker = (each["message"] for each in call("getUpdates")[1:])
    assert call.file(voice["voice"]["file_id"]) == media.ogg(2)
    assert call.file(photo["photo"][-1]["file_id"]) == media.jpeg(640, 480)
    assert call.file(paper["document"]["file_id"]) == b"hello"
    assert paper["document"]["file_name"] == "a.txt"
    assert sticker["sticker"]["emoji"] == "🌹"
    assert call("getFile", file_id=voice["voice"]["file_id"])["file_path"].startswith("voice/file_")


def test_in_a_group_a_bot_hears_what_is_meant_for_it(
    api: BotApi, bot: Bot, call: Caller, granny: Person
) -> None:
    helper = api.person("小王")
    group = api.group("值班群", [granny, helper])
    group.add(bot, granny)
    sent = call("sendMessage", chat_id=group.id, text="新的事")
    helper.types("谁去?", to=group)
    helper.types("/menu")
    helper.types("/menu@other_bot")
    helper.types(f"@{bot.username} 在吗")
    granny.types("我去", reply_to=sent["message_id"], to=group)
    heard = [each["message"] for each in call("getUpdates") if "message" in each]
    words = [each["text"] for each in heard if "text" in each and each["chat"]["id"] == group.id]
    assert words == ["/menu", f"@{bot.username} 在吗", "我去"]
    assert heard[-1]["reply_to_message"]["text"] == "新的事"
    assert [each.by for each in helper.chat(group)][-2:] == ["小王", "李阿婆"]


def test_ids_of_private_chats_are_one_row_for_the_bot(api: BotApi, bot: Bot, call: Caller) -> None:
    one, two = api.person("a"), api.person("b")
    shown = [one.opens(bot), two.opens(bot), one.types("x")]
    shown.append(one.types("y"))
    first = shown[0].id
    assert [each.id for each in shown] == [first, first + 1, first + 2, first + 3]


def test_a_press_is_answered(call: Caller, granny: Person) -> None:
    call("sendMessage", chat_id=granny.id, text="一", reply_markup=keyboard(是="1"))
    press = granny.presses("是")
    with pytest.raises(AssertionError, match="did not answer"):
        press.answered(0.02)
    later(call, "answerCallbackQuery", callback_query_id=press.id, text="好", show_alert=True)
    assert press.answered(5) == "好"
    assert press.answer == {"text": "好", "alert": True}


def test_marks_of_the_bot_are_seen(call: Caller, granny: Person) -> None:
    said = granny.types("谢谢")
    here = {"chat_id": granny.id, "message_id": said.id}
    call("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    call("pinChatMessage", **here)
    shown = granny.chat()[-1]
    assert (shown.reactions, shown.pinned) == (("👍",), True)
    call("unpinChatMessage", chat_id=granny.id)
    assert not granny.chat()[-1].pinned


@pytest.mark.alone
def test_many_threads_at_once(api: BotApi, bot: Bot, call: Caller) -> None:
    people = [api.person(f"p{number}") for number in range(8)]
    started = time.monotonic()

    def writes(person: Person) -> None:
        person.opens(bot)
        for number in range(20):
            person.types(str(number))

    threads = [threading.Thread(target=writes, args=(each,)) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    updates: list[dict[str, Any]] = []
    while batch := call("getUpdates", offset=updates[-1]["update_id"] + 1 if updates else 0):
        updates += batch
    assert len(updates) == 8 * 21
    ids = [each["update_id"] for each in updates]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    for person in people:
        own = [each["message"] for each in updates if each["message"]["from"]["id"] == person.id]
        assert [each["text"] for each in own[1:]] == [str(number) for number in range(20)]
    assert time.monotonic() - started < 10
