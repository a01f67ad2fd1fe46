"""From a POST to the answer in the stream, and from the desk back into the same chat."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.settings import Settings
from tests.bot.running import PATIENCE, Running, events, running

HELP = "我一个人住,身体不好,想进养老院"


async def test_a_message_is_answered_in_the_stream(both: Running) -> None:
    page = await both.resident()
    assert (await page.say(HELP)).status_code == 202
    found = await events(page.client, "/chat/events", 3)
    assert [each["id"] for each in found] == [1, 2, 3]
    assert found[0]["data"]["from"] == "me"
    assert found[0]["data"]["text"] == HELP
    assert found[0]["data"]["id"] == "m1"
    assert found[2]["data"]["tone"] == "question"
    assert found[2]["data"]["choices"]


@pytest.mark.alone
async def test_a_stream_that_is_open_first_hears_the_first_message(both: Running) -> None:
    page = await both.resident()
    listening = asyncio.create_task(events(page.client, "/chat/events", 3))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    await page.say(HELP)
    assert [each["id"] for each in await listening] == [1, 2, 3]
    assert time.monotonic() - began < 5


async def test_the_same_message_twice_is_one(both: Running) -> None:
    page = await both.resident()
    first, second = await page.say(HELP, "a"), await page.say(HELP, "a")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json() == {"id": "a"}
    log = await page.until(lambda log: len(log) >= 3)
    assert [entry["text"] for entry in log if entry["from"] == "me"] == [HELP]


async def test_the_same_id_with_other_words_is_refused_and_changes_nothing(both: Running) -> None:
    page = await both.resident()
    await page.say(HELP, "a")
    other = await page.say("别的话", "a")
    assert other.status_code == 409
    assert other.json()["error"] == "same_id"
    assert other.json()["say"]
    log = await page.until(lambda log: len(log) >= 3)
    assert [entry["text"] for entry in log if entry["from"] == "me"] == [HELP]


async def test_many_conversations_and_each_in_order(both: Running) -> None:
    pages = [await both.resident() for _ in range(8)]
    for number in range(5):
        for answer in await asyncio.gather(*(page.say(f"第{number}句") for page in pages)):
            assert answer.status_code == 202
    for page in pages:
        log = await page.until(lambda log: sum(entry["from"] == "me" for entry in log) == 5)
        said = [entry["text"] for entry in log if entry["from"] == "me"]
        assert said == [f"第{number}句" for number in range(5)]
        assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))


async def test_danger_opens_a_red_case_and_an_advisor_answers_in_the_same_chat(
    both: Running,
) -> None:
    desk = await both.staff("李顾问")
    hints = asyncio.create_task(events(desk.client, "/desk/events", 1))
    page = await both.resident()
    await page.say("我爸摔了一跤叫不应了")
    log = await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    assert any(choice["value"] == "tel:120" for entry in log for choice in entry["choices"] or ())
    card = (await desk.cards())[0]
    assert card["urgency"] == "red"
    assert (await hints)[0]["data"]["case_id"] == card["id"]
    assert (await desk.post(f"cases/{card['id']}/claim")).status_code == 200
    said = await desk.post(f"cases/{card['id']}/reply", {"id": "r1", "text": "我在,您说。"})
    again = await desk.post(f"cases/{card['id']}/reply", {"id": "r1", "text": "我在,您说。"})
    assert said.json() == again.json()
    log = await page.until(lambda log: any(entry["from"] == "advisor" for entry in log))
    assert [entry["text"] for entry in log if entry["kind"] == "message"][-1] == "我在,您说。"
    assert (await page.client.post("/chat/seen", json={"seq": log[-1]["seq"]})).status_code == 204
    view = await desk.get(f"cases/{card['id']}")
    assert view["entries"][-1]["mark"] == "seen"
    assert view["live"] is True


async def test_a_second_claim_is_told_who_has_it(both: Running) -> None:
    one, two = await both.staff("李顾问"), await both.staff("王顾问")
    page = await both.resident()
    await page.say("我不想活了")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    case_id = (await one.cards())[0]["id"]
    answers = await asyncio.gather(*(desk.post(f"cases/{case_id}/claim") for desk in (one, two)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(d for d, a in zip((one, two), answers, strict=True) if a.status_code == 200)
    lost = next(answer for answer in answers if answer.status_code == 409).json()
    assert (lost["error"], lost["by"]) == ("taken", winner.me["name"])
    assert winner.me["name"] in lost["say"]


async def test_two_houses_on_one_database_write_without_gap_or_repeat(
    both_settings: Settings,
) -> None:
    async with running(both_settings) as one, running(both_settings) as two:
        page = await one.resident()
        other = two.client(**{"X-Nuanxin": "1"})
        other.cookies = page.client.cookies
        for number in range(6):
            client = (page.client, other)[number % 2]
            answer = await client.post(
                "/chat/messages", json={"id": f"n{number}", "text": f"第{number}句"}
            )
            assert answer.status_code == 202
        log = await page.until(lambda log: sum(entry["from"] == "me" for entry in log) == 6)
        whole = [entry["seq"] for entry in log]
        heard: list[int] = []
        for client in (page.client, other, page.client):
            last = str(heard[-1]) if heard else None
            heard += [e["id"] for e in await events(client, "/chat/events", 2, last=last)]
        assert heard == whole[:6]
        listening = asyncio.create_task(events(other, "/chat/events", 1, last=str(whole[-1])))
        await asyncio.sleep(0.3)
        await page.say("最后一句", "last")
        assert (await listening)[0]["id"] == whole[-1] + 1


@pytest.mark.alone
async def test_open_streams_do_not_hold_up_the_end(settings: Settings) -> None:
    async with running(settings) as house:
        page, desk = await house.resident(), await house.staff("李顾问")
        open_streams = [
            asyncio.create_task(events(page.client, "/chat/events", 99)),
            asyncio.create_task(events(desk.client, "/desk/events", 99)),
        ]
        follower = house.app.follower
        async with asyncio.timeout(PATIENCE):
            while (follower.pages, follower.desks) != (1, 1):  # noqa: ASYNC110 - counters
                await asyncio.sleep(0.01)
        assert await house.end() < 2.0
        for found in await asyncio.gather(*open_streams):
            assert found == []


async def test_a_stream_from_a_number_of_the_future_still_hears_what_comes(
    house: Running,
) -> None:
    page = await house.resident()
    await page.say(HELP)
    log = await page.until(lambda log: len(log) >= 3)
    listening = asyncio.create_task(events(page.client, "/chat/events", 1, last="99999"))
    await asyncio.sleep(0.3)
    await page.say("再说一句")
    assert (await listening)[0]["id"] == log[-1]["seq"] + 1
