"""The staff's door: one-time links, passwords, counted tries, sessions that end."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.channels.web import cookies
from handlers import staff
from tests.bot.running import PASSWORD, Running, events


async def invited(house: Running) -> str:
    office = house.app.house.office
    return await house.app.database.write(
        staff.invite, "李顾问", "advisor", office.units[0], "", house.app.clock.now(),
        house.app.house,
    )  # fmt: skip


async def test_a_link_works_once(house: Running) -> None:
    token = await invited(house)
    client = house.client()
    assert (await client.get(f"/desk/join/{token}")).status_code == 200
    body = {"token": token, "login": "li", "password": PASSWORD}
    first = await client.post("/desk/api/join", json=body)
    assert first.status_code == 200
    flags = first.headers["set-cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=strict" in flags
    again = await house.client().post("/desk/api/join", json=body | {"login": "other"})
    assert (again.status_code, again.json()["error"]) == (410, "token_used")
    assert (await house.client().get(f"/desk/join/{token}")).status_code == 410


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "kurz"}, 400, "weak_password"),
        ({"password": ""}, 400, "weak_password"),
        ({"password": "x" * 201}, 413, "too_long"),
        ({"login": ""}, 400, "login_missing"),
        ({"login": "a\x00b"}, 400, "invalid"),
        ({"login": "a" * 65}, 413, "too_long"),
        ({"token": "x" * 32}, 404, "bad_token"),
        ({"token": 7}, 404, "bad_token"),
    ],
)
async def test_a_bad_first_visit_leaves_the_link_good(
    house: Running, change: dict[str, object], status: int, code: str
) -> None:
    token = await invited(house)
    body = {"token": token, "login": "li", "password": PASSWORD}
    client = house.client()
    answer = await client.post("/desk/api/join", json=body | change)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["say"]
    assert (await client.post("/desk/api/join", json=body)).status_code == 200


async def test_wrong_passwords_are_counted_even_when_they_come_at_once(both: Running) -> None:
    desk = await both.staff("李顾问")
    client = both.client()
    wrong = {"login": "李顾问", "password": "falsches Passwort"}
    tries = both.app.house.office.login_tries
    at_once = await asyncio.gather(
        *(client.post("/desk/api/login", json=wrong) for _ in range(4 * tries))
    )
    statuses = Counter(answer.status_code for answer in at_once)
    assert statuses == {401: tries, 429: 3 * tries}
    right = {"login": "李顾问", "password": PASSWORD}
    waits = await client.post("/desk/api/login", json=right)
    assert (waits.status_code, waits.json()["error"]) == (429, "too_many")
    assert waits.json()["say"]
    assert 0 < int(waits.headers["Retry-After"]) <= 15 * 60
    far = await client.post("/desk/api/login", json=right, headers={"X-Forwarded-For": "192.0.2.7"})
    assert far.status_code == 200, "others cannot lock a person out"
    both.app.database.clock.advance(timedelta(minutes=16))
    assert (await client.post("/desk/api/login", json=right)).status_code == 200
    assert (await client.get("/desk/api/me")).json()["id"] == desk.me["id"]


async def test_an_unknown_login_is_told_nothing_else(house: Running) -> None:
    await house.staff("李顾问")
    client = house.client()
    answers = [
        await client.post("/desk/api/login", json={"login": login, "password": "x" * 12})
        for login in ("李顾问", "nobody")
    ]
    assert answers[0].status_code == answers[1].status_code == 401
    assert answers[0].content == answers[1].content


async def test_logged_out_is_out_and_its_stream_ends(house: Running) -> None:
    desk = await house.staff("李顾问")
    second = house.client()
    second.cookies.set(cookies.STAFF, desk.client.cookies[cookies.STAFF], path="/desk")
    assert (await second.get("/desk/api/me")).status_code == 200
    assert (await desk.post("logout")).status_code == 200
    assert (await second.get("/desk/api/me")).status_code == 401
    assert (await second.get("/desk/events")).status_code == 401


async def test_a_session_ends_by_itself(house: Running) -> None:
    desk = await house.staff("李顾问")
    house.app.database.clock.advance(timedelta(hours=13))
    assert (await desk.client.get("/desk/api/queue")).status_code == 401


async def test_duty(house: Running) -> None:
    desk = await house.staff("李顾问")
    assert (await desk.get("me"))["on_duty"] is True
    assert (await desk.post("duty", {"on": False})).status_code == 200
    assert (await desk.get("me"))["on_duty"] is False
    assert (await desk.post("duty", {"on": "yes"})).status_code == 400


async def test_a_desk_that_opens_hears_what_rings_and_resumes_after_it(both: Running) -> None:
    desk = await both.staff("李顾问")
    page = await both.resident()
    await page.say("我不想活了")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    found = await events(desk.client, "/desk/events", 1)
    assert found[0]["data"]["kind"] == "ring"
    assert "不想活" not in str(found)
    everything = await events(desk.client, "/desk/events", 2, last="0")
    seqs = [each["id"] for each in everything]
    assert seqs == sorted(set(seqs))
    acknowledged = await desk.post(f"notices/{found[0]['id']}/ack")
    assert acknowledged.status_code == 200
