"""What a desk says to a resident: corrections and photos, through the whole house."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.bot.running import Desk, Resident, Running
from tests.bot.test_media import jpeg


async def talk(house: Running) -> tuple[Resident, Desk, str]:
    """A resident, and the advisor who has taken their case."""
    page, desk = await house.resident(), await house.staff("李顾问")
    await page.say("找人工")
    await page.until(lambda log: any("编号" in entry["text"] or entry["seq"] > 1 for entry in log))
    (card,) = await desk.cards()
    assert (await desk.post(f"cases/{card['id']}/claim")).status_code == 200
    return page, desk, f"cases/{card['id']}"


def own(view: Any) -> list[tuple[str, str]]:
    """The lines that the viewer may say in other words."""
    return [(entry["kind"], entry["text"]) for entry in view["entries"] if entry["own"]]


async def test_a_correction_reaches_the_residents_page(house: Running) -> None:
    page, desk, case = await talk(house)
    seq = (await desk.post(f"{case}/reply", {"id": "a1", "text": "三点来"})).json()["seq"]
    answer = await desk.post(f"{case}/correct", {"seq": seq, "text": "两点来"})
    assert answer.status_code == 200, answer.text
    again = await desk.post(f"{case}/correct", {"seq": seq, "text": "两点来"})
    assert again.json() == answer.json(), "the same words again are said once"
    log = await page.log(seq)
    assert [(one["kind"], one["text"], one["ref"]) for one in log] == [("edited", "两点来", seq)]
    assert own(await desk.get(case)) == [("message", "三点来"), ("edited", "两点来")]
    boss = await house.staff("周主管", "supervisor")
    assert own(await boss.get(case)) == []
    for body in ({"seq": seq, "text": " "}, {"seq": 1, "text": "x"}, {"seq": -1, "text": "x"}):
        assert (await desk.post(f"{case}/correct", body)).status_code in (400, 404), body
    other = await house.staff("张顾问")
    assert (await other.post(f"{case}/correct", {"seq": seq, "text": "x"})).status_code == 403


@pytest.mark.parametrize("words", ["\u200b", "\u2060\ufeff", "\u202e", "\0", "\ud800"])
async def test_an_answer_that_nobody_can_see_is_none(house: Running, words: str) -> None:
    """It would end the waiting of somebody who has heard nothing."""
    page, desk, case = await talk(house)
    seq = (await desk.post(f"{case}/reply", {"id": "a1", "text": "三点来"})).json()["seq"]
    before = await page.log()
    for path, body in (("reply", {"id": "a2"}), ("correct", {"seq": seq}), ("note", {"id": "a3"})):
        answer = await desk.client.post(
            f"/desk/api/{case}/{path}",
            content=json.dumps({**body, "text": words}),
            headers={"Content-Type": "application/json"},
        )
        assert (answer.status_code, answer.json()["error"]) == (400, "empty"), path
    assert await page.log() == before


async def send(desk: Desk, case: str, data: bytes, **fields: str) -> httpx.Response:
    """A photo, as the page sends it."""
    form = {"id": "p1", **fields}
    path = f"/desk/api/{case}/photo"
    return await desk.client.post(path, data=form, files={"file": ("a.jpg", data)})


async def test_a_photo_reaches_the_residents_page_once(house: Running) -> None:
    page, desk, case = await talk(house)
    data = jpeg()
    answers = await asyncio.gather(*(send(desk, case, data) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    seq = answers[0].json()["seq"]
    assert answers[1].json() == {"id": "p1", "seq": seq}
    log = await page.log(seq - 1)
    (shown,) = [one for one in log if one["media"]]
    assert (shown["from"], shown["media"]["kind"]) == ("advisor", "photo")
    media_id = shown["media"]["id"]
    theirs = await page.client.get(f"/chat/media/{media_id}")
    assert theirs.status_code == 200
    assert b"Exif" not in theirs.content, "drawn anew: nobody learns where it was taken"
    assert (await desk.client.get(f"/desk/api/media/{media_id}")).content == theirs.content
    sealed = (house.app.settings.env.data / "media" / media_id).read_bytes()
    assert theirs.content[:32] not in sealed
    stranger = await house.resident()
    assert (await stranger.client.get(f"/chat/media/{media_id}")).status_code == 404
    other = await send(desk, case, jpeg(size=(9, 9)))
    assert (other.status_code, other.json()["error"]) == (409, "same_id")
    assert (await desk.post(f"{case}/release", {})).status_code == 200
    late = await send(desk, case, data)
    assert late.json() == {"id": "p1", "seq": seq}, "it arrived, whosever the case is now"
    assert (await send(desk, case, data, id="p2")).json()["error"] == "not_claimed"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 no picture", "unsupported"),
        (b"\0" * 11_000_000, "too_large"),
    ],
    ids=["empty", "no picture", "large"],
)
async def test_what_is_no_photo_is_refused_in_words(house: Running, data: bytes, code: str) -> None:
    page, desk, case = await talk(house)
    before = len(await page.log())
    answer = await send(desk, case, data)
    assert (answer.status_code // 100, answer.json()["error"]) == (4, code)
    assert answer.json()["say"]
    assert len(await page.log()) == before


async def test_only_who_has_the_case_sends_a_photo(house: Running) -> None:
    page, desk, case = await talk(house)
    other = await house.staff("张顾问")
    assert (await send(other, case, jpeg())).json()["error"] == "not_yours"
    without = {"X-CSRF-Token": "x"}
    path = f"/desk/api/{case}/photo"
    forged = await desk.client.post(path, data={"id": "p"}, files={"file": b"x"}, headers=without)
    assert forged.status_code == 403
    assert [one for one in await page.log() if one["media"]] == []
