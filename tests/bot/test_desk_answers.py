"""What a desk says to a resident: corrections, through the whole house."""

from __future__ import annotations

from typing import Any

from tests.bot.running import Desk, Resident, Running


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
