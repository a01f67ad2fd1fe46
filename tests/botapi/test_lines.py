"""How updates reach a bot: long polling, and webhooks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.botapi import Bot, BotApi, Person
from tests.botapi.calling import Caller, Refusal
from tests.botapi.hook import Hooked


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [each["message"]["text"] for each in updates if "message" in each]


# ---------------------------------------------------------------- polling


def test_updates_stay_until_the_offset_passes_them(bot: Bot, call: Caller, granny: Person) -> None:
    for word in "abc":
        granny.types(word)
    first = call("getUpdates", limit=2)
    assert texts(first) == ["/start", "a"]
    assert call("getUpdates", limit=2) == first
    rest = call("getUpdates", offset=first[-1]["update_id"] + 1)
    assert texts(rest) == ["b", "c"]
    assert [each["update_id"] for each in rest] == [first[0]["update_id"] + n for n in (2, 3)]
    assert texts(call("getUpdates", offset=-1)) == ["c"]
    assert texts(call("getUpdates")) == ["c"]
    assert call("getUpdates", offset=rest[-1]["update_id"] + 1) == []
    assert not bot.pending


def test_a_long_poll_waits_for_the_next_message(call: Caller, granny: Person, bot: Bot) -> None:
    offset = call("getUpdates")[-1]["update_id"] + 1
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(call, "getUpdates", offset=offset, timeout=20)
        time.sleep(0.05)
        assert not waiting.done()
        granny.types("hello")
        assert texts(waiting.result(30)) == ["hello"]


@pytest.mark.alone
def test_a_long_poll_ends_empty(call: Caller, granny: Person) -> None:
    offset = call("getUpdates")[-1]["update_id"] + 1
    started = time.monotonic()
    assert call("getUpdates", offset=offset, timeout=1) == []
    assert 0.9 < time.monotonic() - started < 3


def test_a_poller_that_died_does_not_take_updates_with_it(
    api: BotApi, bot: Bot, call: Caller, granny: Person
) -> None:
    offset = call("getUpdates")[-1]["update_id"] + 1
    with pytest.raises(TimeoutError):
        call.raw("GET", f"getUpdates?offset={offset}&timeout=20", b"", "text/plain", seconds=0.1)
    _until(lambda: api.journal.calls("getUpdates", bot=bot)[-1].fault == "gone")
    granny.types("hello")
    assert texts(call("getUpdates", offset=offset, timeout=1)) == ["hello"]


def test_only_what_was_asked_for_comes(bot: Bot, call: Caller, granny: Person) -> None:
    call("getUpdates", allowed_updates=["message"])
    said = granny.types("a")
    granny.edits(said, "b")
    granny.blocks(bot)
    granny.unblocks(bot)
    updates = call("getUpdates")
    assert {kind for each in updates for kind in each} == {"update_id", "message"}
    call("getUpdates", allowed_updates=[])
    granny.edits(said, "c")
    assert "edited_message" in call("getUpdates")[-1]


# ---------------------------------------------------------------- webhooks


@pytest.fixture
def hook() -> Iterator[Hooked]:
    with Hooked() as made:
        yield made


def test_a_webhook_gets_every_update_with_the_secret(
    api: BotApi, call: Caller, granny: Person, hook: Hooked
) -> None:
    assert call("setWebhook", url=hook.url, secret_token="s3cret-_", max_connections=3) is True
    granny.types("hello")
    hook.waits_for(2)
    assert texts(hook.taken) == ["/start", "hello"]
    assert set(hook.secrets) == {"s3cret-_"}
    info = call("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (hook.url, 3)
    call("deleteWebhook")
    assert call("getWebhookInfo")["url"] == ""
    granny.types("later")
    assert texts(call("getUpdates")) == ["later"]


def test_a_failing_webhook_is_called_again_in_order(
    api: BotApi, bot: Bot, call: Caller, granny: Person, hook: Hooked
) -> None:
    hook.answers = [500, 503, 200]
    call("setWebhook", url=hook.url)
    for word in "abc":
        granny.types(word)
    hook.waits_for(6)
    _until(lambda: not bot.pending)  # the last 200 was heard
    assert texts(hook.taken) == ["/start"] * 3 + ["a", "b", "c"]
    info = call("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 503")
    statuses = [each.status for each in api.journal.calls("webhook", bot=bot)]
    assert statuses == [500, 503, 200, 200, 200, 200]


def test_an_answer_that_is_not_heard_comes_again(
    api: BotApi, call: Caller, granny: Person, hook: Hooked
) -> None:
    api.fault("webhook", "lost")
    call("setWebhook", url=hook.url)
    hook.waits_for(2)
    assert texts(hook.taken) == ["/start", "/start"]


def test_a_webhook_that_is_not_there_waits(
    api: BotApi, bot: Bot, call: Caller, granny: Person, hook: Hooked
) -> None:
    hook.stop()
    call("setWebhook", url=hook.url)
    _until(lambda: call("getWebhookInfo").get("last_error_message") == "Connection refused")
    assert len(bot.pending) == 1
    hook.start()
    hook.waits_for(1)
    _until(lambda: not bot.pending)


def test_chats_come_side_by_side_and_each_in_its_order(
    api: BotApi, bot: Bot, call: Caller, hook: Hooked
) -> None:
    hook.seconds = 0.03
    people = [api.person(f"p{number}") for number in range(8)]
    for each in people:
        each.opens(bot)
    for number in range(5):
        for each in people:
            each.types(str(number))
    call("setWebhook", url=hook.url, max_connections=4)
    hook.waits_for(48)
    assert 1 < hook.most_at_once <= 4
    for each in people:
        own = [u for u in hook.taken if u["message"]["chat"]["id"] == each.id]
        assert texts(own) == ["/start", "0", "1", "2", "3", "4"]
    assert hook.most_of_one_chat == 1


def test_a_press_does_not_wait_for_the_words_of_its_chat(
    api: BotApi, bot: Bot, call: Caller, granny: Person, hook: Hooked
) -> None:
    """The real server keeps a person's presses in a row of their own."""
    rows = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    call("sendMessage", chat_id=granny.id, text="x", reply_markup=rows)
    call("getUpdates", offset=-1)
    hook.answers = [500] * 3 + [200]
    hook.fails_on = "message"
    call("setWebhook", url=hook.url)
    granny.presses("a")
    hook.waits_for(5)
    kinds = ["callback_query" in each for each in hook.taken]
    assert sum(kinds) == 1
    assert not kinds[-1]


def test_a_call_in_the_answer_is_carried_out(call: Caller, granny: Person, hook: Hooked) -> None:
    hook.reply = {"method": "sendMessage", "chat_id": granny.id, "text": "hello"}
    call("setWebhook", url=hook.url)
    assert granny.waits_for("hello").text == "hello"


def test_pending_updates_may_be_dropped(
    bot: Bot, call: Caller, granny: Person, hook: Hooked
) -> None:
    call("setWebhook", url=hook.url, drop_pending_updates=True)
    granny.types("new")
    hook.waits_for(1)
    assert texts(hook.taken) == ["new"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "http://example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.cn/", "secret_token": "a b"}, "secret token contains unallowed"),
        ({"url": "https://a.cn/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
def test_webhooks_that_are_refused(call: Caller, params: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as caught:
        call("setWebhook", **params)
    assert words in caught.value.description


def _until(true: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        threading.Event().wait(0.01)
