"""Bad input: a precise 4xx with a kind sentence, nothing lost, and no 5xx of ours."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.channels.web import cookies
from tests.bot.running import Running

SENTENCE_END = ("。", "!", "?")
ODD = {
    "emoji": "😀👵🏻🇨🇳",
    "right to left": "مرحبا \u202eabc\u202c",
    "zero width": "\u200b\u200d\ufeff",
    "nul": "a\x00b",
    "half a pair": "\ud800 和 \udfff",
    "controls": "a\x07\x1b[31mb\r\n\tc",
    "html": "<script>alert('x')</script><!--",
    "sql": "'; DROP TABLE inbox; --",
    "template": "{{ 7*7 }} {name} %s ${x}",
    "spaces kept": "  前后有空格  \n",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
    "long": "我" * 100_000,
    "long and odd": "\ud83d" * 100_000,
}


@pytest.mark.parametrize("name", ODD)
async def test_text_is_kept_exactly_as_sent(both: Running, name: str) -> None:
    page = await both.resident()
    raw = json.dumps({"id": "odd", "text": ODD[name]})
    answer = await page.client.post(
        "/chat/messages", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 202, answer.text
    log = await page.until(lambda log: any(entry["from"] == "me" for entry in log))
    assert log[0]["text"] == ODD[name]


BAD: dict[str, tuple[Any, int, str]] = {
    "no json": (b"{", 400, "bad_json"),
    "nothing": (b"", 400, "bad_json"),
    "not utf-8": (b'{"id":"a","text":"\xff"}', 400, "bad_json"),
    "a list": (b"[]", 400, "bad_json"),
    "a number": (b"1", 400, "bad_json"),
    "nan": (b'{"id":"a","text":NaN}', 400, "bad_json"),
    "deep": (b"[" * 100_000, 400, "bad_json"),
    "huge number": (b'{"id":' + b"9" * 10_000 + b"}", 400, "bad_json"),
    "empty text": ({"id": "a", "text": ""}, 400, "empty"),
    "only spaces": ({"id": "a", "text": " \n\t　"}, 400, "empty"),
    "no id": ({"text": "a"}, 400, "invalid"),
    "id no string": ({"id": 1, "text": "a"}, 400, "invalid"),
    "id too long": ({"id": "a" * 129, "text": "a"}, 400, "invalid"),
    "id empty": ({"id": "", "text": "a"}, 400, "invalid"),
    "id with nul": ({"id": "a\x00", "text": "a"}, 400, "invalid"),
    "id half a pair": ({"id": "\ud800", "text": "a"}, 400, "invalid"),
    "text no string": ({"id": "a", "text": ["a"]}, 400, "invalid"),
    "text null": ({"id": "a", "text": None}, 400, "invalid"),
    "neither": ({"id": "a"}, 400, "invalid"),
    "both": ({"id": "a", "text": "a", "choice": "b"}, 400, "invalid"),
    "more": ({"id": "a", "text": "a", "from": "bot"}, 400, "invalid"),
    "choice too long": ({"id": "a", "choice": "x" * 65}, 413, "too_long"),
    "choice empty": ({"id": "a", "choice": ""}, 400, "empty"),
    "choice odd": ({"id": "a", "choice": "\x00"}, 400, "invalid"),
    "too long": ({"id": "a", "text": "x" * 200_001}, 413, "too_long"),
    "much too long": ({"id": "a", "text": "x" * 3_000_000}, 413, "too_large"),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_cannot_be_taken_is_refused_kindly(house: Running, name: str) -> None:
    body, status, code = BAD[name]
    page = await house.resident()
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = await page.client.post(
        "/chat/messages", content=raw, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["say"].endswith(SENTENCE_END)
    assert await page.log() == []


async def test_a_body_without_a_length_is_counted_while_it_comes(house: Running) -> None:
    page = await house.resident()
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        for _ in range(1000):
            sent += 65_536
            yield b"x" * 65_536

    try:
        answer = await page.client.post(
            "/chat/messages", content=endless(), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413
    except httpx.TransportError:
        assert sent < 60_000_000  # the line was closed long before the end


async def test_another_kind_of_body_is_refused(house: Running) -> None:
    page = await house.resident()
    answer = await page.client.post("/chat/messages", content="id=a&text=b")
    assert answer.status_code == 415


async def test_unknown_and_old_choices_show_the_present_question(house: Running) -> None:
    page = await house.resident()
    await page.say("想进养老院")
    log = await page.until(lambda log: len(log) >= 3)
    question = log[-1]
    for number, choice in enumerate(("nonsense", "zzzzzzzz:1:x", "cmd:unknown")):
        answer = await page.client.post(
            "/chat/messages", json={"id": f"c{number}", "choice": choice}
        )
        assert answer.status_code == 202
    answer = await page.client.post(
        "/chat/messages", json={"id": "real", "choice": question["choices"][0]["value"]}
    )
    log = await page.until(
        lambda log: log[-1]["tone"] == "question" and log[-1]["text"] != question["text"]
    )
    after = [entry for entry in log if entry["seq"] > question["seq"] and entry["from"] == "bot"]
    shown = [entry["text"] for entry in after if entry["tone"] == "question"]
    assert shown[:-1]
    assert set(shown[:-1]) == {question["text"]}


FORGED = ["", "x", "a" * 43 + "." + "0" * 32, "a" * 43, "a" * 10_000, "我"]


@pytest.mark.parametrize("value", FORGED)
async def test_a_forged_cookie_is_a_new_device(house: Running, value: str) -> None:
    page = await house.resident()
    await page.say("想进养老院")
    await page.until(lambda log: len(log) >= 3)
    raw = f"{cookies.DEVICE}={value}".encode()
    client = house.client(**{"X-Nuanxin": "1"})
    posted = await client.post(
        "/chat/messages", json={"id": "a", "text": "b"}, headers=[(b"cookie", raw)]
    )
    assert posted.status_code == 401
    assert posted.json()["error"] == "expired"
    assert posted.json()["say"].endswith(SENTENCE_END)
    for path in ("/chat/history", "/chat/events"):
        assert (await client.get(path, headers=[(b"cookie", raw)])).status_code == 401
    fresh = await client.get("/", headers=[(b"cookie", raw)])
    assert fresh.status_code == 200
    given = fresh.cookies[cookies.DEVICE]
    assert cookies.sender_of(house.app.database.vault, given)
    again = await client.post("/chat/messages", json={"id": "a", "text": "b"})
    assert again.status_code == 202
    flags = fresh.headers["set-cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=lax" in flags
    assert "Secure" not in flags


async def test_a_post_without_our_header_is_refused(house: Running) -> None:
    page = await house.resident()
    del page.client.headers["X-Nuanxin"]
    answer = await page.say("想进养老院")
    assert (answer.status_code, answer.json()["error"]) == (403, "csrf")


@pytest.mark.parametrize("after", ["x", "-1", "1e9", "9" * 30, "١"])
async def test_a_number_that_is_none(house: Running, after: str) -> None:
    page = await house.resident()
    answer = await page.client.get("/chat/history", params={"after": after})
    assert answer.status_code == 400


@pytest.mark.parametrize("seq", ["1", -1, 1.5, True, None, 2**60])
async def test_seen_takes_whole_numbers(house: Running, seq: Any) -> None:
    page = await house.resident()
    answer = await page.client.post("/chat/seen", json={"seq": seq})
    assert answer.status_code == 400


async def test_a_low_disk_is_a_503_and_the_same_id_comes_again(house: Running) -> None:
    page = await house.resident()
    house.app.disk._least = 10**9
    refused = await page.say("想进养老院", "a")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["say"].endswith(SENTENCE_END)
    house.app.disk._least = 1
    assert (await page.say("想进养老院", "a")).status_code == 202
    await page.until(lambda log: len(log) >= 3)


async def test_a_flood_is_kept_and_answered_once(house: Running) -> None:
    page = await house.resident()
    for number in range(30):
        assert (await page.say(f"第{number}句")).status_code == 202
    log = await page.until(lambda log: sum(entry["from"] == "me" for entry in log) == 30)
    limit = house.app.house.office.messages_a_minute
    told = house.app.house.phrases.say("too_many")
    assert [entry["text"] for entry in log].count(told) == 1
    assert sum(entry["from"] == "bot" for entry in log) <= 2 * limit + 1
