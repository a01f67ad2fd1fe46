"""Bad luck on demand, the rate limits as they are met, and what the journal tells of it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.botapi import Bot, BotApi, Person, Rates, media
from tests.botapi.calling import Caller, Refusal

_CUT = (ConnectionResetError, http.client.RemoteDisconnected)


def test_the_next_calls_are_refused_as_asked(api: BotApi, call: Caller, granny: Person) -> None:
    other = api.person("小王")
    api.fault("sendMessage", times=2, status=429, retry_after=3, chat=granny)
    api.fault("sendMessage", status=403, description="Forbidden: user is deactivated", chat=granny)
    codes = []
    for _ in range(4):
        try:
            call("sendMessage", chat_id=granny.id, text="x")
            codes.append((200, ""))
        except Refusal as refusal:
            codes.append((refusal.status, refusal.description))
    assert codes == [
        (429, "Too Many Requests: retry after 3"),
        (429, "Too Many Requests: retry after 3"),
        (403, "Forbidden: user is deactivated"),
        (200, ""),
    ]
    assert api.faults.left == 0
    assert [each.text for each in granny.chat()] == ["/start", "x"]
    assert other.id != granny.id


def test_a_fault_meets_only_its_method_bot_and_chat(
    api: BotApi, bot: Bot, call: Caller, granny: Person
) -> None:
    staff = api.bot("staff")
    granny.opens(staff)
    api.fault(("sendMessage", "sendPhoto"), status=500, bot=staff)
    call("sendMessage", chat_id=granny.id, text="x")
    with pytest.raises(Refusal) as caught:
        Caller(api, staff)("sendMessage", chat_id=granny.id, text="x")
    assert caught.value.body["description"] == "Internal Server Error"
    api.fault(None, status=502)
    with pytest.raises(Refusal):
        call("getMe")
    call("getMe")
    api.fault(None, status=502)
    api.faults.clear()
    call("getMe")


@pytest.mark.parametrize(("how", "stands"), [("reset", False), ("lost", True)])
def test_a_connection_that_breaks(
    api: BotApi, call: Caller, granny: Person, how: str, stands: bool
) -> None:
    api.fault("sendMessage", how)  # type: ignore[arg-type]
    with pytest.raises(_CUT):
        call("sendMessage", chat_id=granny.id, text="x")
    assert (len(granny.chat()) == 2) is stands
    (noted,) = api.journal.calls("sendMessage")
    assert (noted.fault, noted.done, noted.status) == (how, stands, 0)
    call("sendMessage", chat_id=granny.id, text="x")
    assert bool(api.journal.duplicates()) is stands


def test_no_answer_for_a_while(api: BotApi, call: Caller, granny: Person) -> None:
    api.fault("sendMessage", "silence", seconds=0.3, times=2)
    body = json.dumps({"chat_id": granny.id, "text": "x"}).encode()
    with pytest.raises(TimeoutError):
        call.raw("POST", "sendMessage", body, "application/json", seconds=0.05)
    started = time.monotonic()
    with pytest.raises(_CUT):
        call("sendMessage", chat_id=granny.id, text="x")
    assert time.monotonic() - started >= 0.3
    assert len(granny.chat()) == 1


def test_a_broken_answer(api: BotApi, call: Caller, granny: Person) -> None:
    api.fault("sendMessage", "broken")
    with pytest.raises(json.JSONDecodeError):
        call("sendMessage", chat_id=granny.id, text="x")
    assert len(granny.chat()) == 2


def test_a_download_that_breaks(api: BotApi, call: Caller, granny: Person) -> None:
    granny.speaks(media.ogg(2))
    voice = call("getUpdates")[-1]["message"]["voice"]["file_id"]
    path = f"/file/bot{call.bot.token}/{call('getFile', file_id=voice)['file_path']}"  # type: ignore[union-attr]
    api.fault("download", status=500)
    api.fault("download", "reset")
    api.fault("download", "broken")
    assert call.fetch(path)[0] == 500
    with pytest.raises(_CUT):
        call.fetch(path)
    assert len(call.fetch(path)[1]) == len(media.ogg(2)) // 2
    assert call.fetch(path) == (200, media.ogg(2))


@pytest.mark.parametrize(("how", "error"), [("refused", ConnectionRefusedError), ("reset", _CUT)])
def test_telegram_cannot_be_reached(
    api: BotApi, call: Caller, granny: Person, how: str, error: type[Exception]
) -> None:
    call("getMe")
    with api.unreachable(how):  # type: ignore[arg-type]
        for _ in range(3):
            with pytest.raises(error):
                call("sendMessage", chat_id=granny.id, text="x")
        granny.types("在吗")
    assert call("getUpdates")[-1]["message"]["text"] == "在吗"
    call("sendMessage", chat_id=granny.id, text="x")


def test_an_open_connection_ends_when_telegram_goes(api: BotApi, call: Caller) -> None:
    line = http.client.HTTPConnection("127.0.0.1", api.port, timeout=5)
    line.connect()
    api.goes_down()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        _ask(line, f"/bot{call.bot.token}/getMe")  # type: ignore[union-attr]
    line.close()
    api.comes_back()
    call("getMe")


def _ask(line: http.client.HTTPConnection, path: str) -> None:
    line.request("GET", path)
    line.getresponse()


# ---------------------------------------------------------------- limits


@pytest.fixture
def strict() -> Iterator[BotApi]:
    with BotApi() as made:
        yield made
        assert not made.wrong


def test_too_much_is_refused_and_counted(strict: BotApi) -> None:
    bot = strict.bot("residents")
    call, granny = Caller(strict, bot), strict.person("李阿婆")
    granny.opens(bot)
    for number in range(3):
        call("sendMessage", chat_id=granny.id, text=str(number))
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            call("sendMessage", chat_id=granny.id, text="3")
        assert caught.value.status == 429
        assert caught.value.body["parameters"] == {"retry_after": 1}
    call("sendChatAction", chat_id=granny.id, action="typing")
    assert (strict.violations, strict.limits(bot).impatient) == (2, 1)
    assert [each.retry_after for each in strict.journal.calls(status=429)] == [1, 1]
    time.sleep(1.05)
    call("sendMessage", chat_id=granny.id, text="3")
    assert strict.journal.said(chat=granny) == ["0", "1", "2", "3"]
    assert len(strict.journal.gaps(granny)) == 3


def test_limits_can_be_set_and_taken_away(strict: BotApi) -> None:
    bot = strict.bot("residents")
    call, granny = Caller(strict, bot), strict.person("李阿婆")
    granny.opens(bot)
    strict.limits(bot).rates = Rates(overall=None, private=None, burst=0, group=None)
    for number in range(50):
        call("sendMessage", chat_id=granny.id, text=str(number))
    assert strict.violations == 0


def test_a_refused_message_does_not_count(strict: BotApi) -> None:
    """A message that is wrong is no message sent."""
    bot = strict.bot("residents")
    call, granny = Caller(strict, bot), strict.person("李阿婆")
    granny.opens(bot)
    for _ in range(5):
        with pytest.raises(Refusal, match="is empty"):
            call("sendMessage", chat_id=granny.id, text="")
    call("sendMessage", chat_id=granny.id, text="x")


# ---------------------------------------------------------------- the journal


def test_the_journal_tells_who_was_told_what(
    api: BotApi, bot: Bot, call: Caller, granny: Person
) -> None:
    other = api.person("小王")
    other.opens(bot)
    for words in ("a", "b", "a"):
        call("sendMessage", chat_id=granny.id, text=words)
    call("sendMessage", chat_id=other.id, text="a")
    call("getUpdates")
    journal = api.journal
    assert journal.said(bot=bot, chat=granny) == ["a", "b", "a"]
    assert journal.duplicates() == {(granny.id, "a"): 2}
    assert [each.method for each in journal] == ["sendMessage"] * 4
    assert len(journal.calls("getUpdates")) == 1
    assert journal.calls(chat=other)[0].result["text"] == "a"
    assert "sendMessage" in str(journal)


@pytest.mark.alone
def test_one_server_carries_hundreds_of_messages_a_second(api: BotApi, call: Caller) -> None:
    bot, line = call.bot, http.client.HTTPConnection("127.0.0.1", api.port, timeout=5)
    assert bot is not None
    granny = api.person("李阿婆")
    granny.opens(bot)
    started = time.monotonic()
    for number in range(300):
        body = json.dumps({"chat_id": granny.id, "text": f"<b>{number}</b>", "parse_mode": "HTML"})
        head = {"Content-Type": "application/json"}
        line.request("POST", f"/bot{bot.token}/sendMessage", body.encode(), head)
        line.getresponse().read()
    line.close()
    assert 300 / (time.monotonic() - started) > 100
    assert [each.text for each in granny.chat()[1:]] == [str(number) for number in range(300)]


def test_the_server_runs_alone() -> None:
    """`python -m tests.botapi`: its address and tokens are printed, a typed line is an update."""
    command = [sys.executable, "-m", "tests.botapi", "--port", "0", "--unchecked"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        base = process.stdout.readline().strip().removeprefix("NUANXIN_TELEGRAM_API_BASE=")
        token = process.stdout.readline().split()[1]
        process.stdin.write("在吗\n")
        process.stdin.flush()
        url = f"{base}/bot{token}/getUpdates?timeout=5&offset="
        updates: list[str] = []
        while len(updates) < 2:
            with urllib.request.urlopen(f"{url}{810_000_000 if not updates else 0}") as answer:
                updates = [each["message"]["text"] for each in json.load(answer)["result"]]
        assert updates == ["/start", "在吗"]
        process.stdin.close()
        assert process.wait(10) == 0
