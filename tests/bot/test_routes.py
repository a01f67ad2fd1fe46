"""Every route with every role and with none; what each may, and what nobody may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import col, select

from bot.channels.web.headers import HEADERS
from bot.settings import Settings
from storage.audit import Audit
from storage.database import Db
from tests.bot.running import Running, running

NOBODYS = "0" * 32
OPEN = {
    ("GET", "/"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"),
    ("GET", "/static/{path:path}"), ("GET", "/favicon.ico"), ("GET", "/robots.txt"),
    ("GET", "/desk/login"), ("GET", "/desk/join/{token}"),
    ("POST", "/desk/api/login"), ("POST", "/desk/api/join"),
}  # fmt: skip
PAGES = {("GET", "/desk"), ("GET", "/desk/board")}
SUPERVISORS = {
    ("GET", "/desk/api/board"), ("POST", "/desk/api/cases/{case_id}/assign"),
    ("POST", "/desk/api/cases/{case_id}/remind"), ("POST", "/desk/api/staff/{staff_id}/disable"),
}  # fmt: skip
STREAMS = {"/chat/events", "/desk/events"}


def walk(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and pattern of every route."""

    def each(routes: object) -> Iterator[APIRoute]:
        for route in routes:  # type: ignore[attr-defined]
            if isinstance(route, APIRoute):
                yield route
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            if inner is not None:
                yield from each(inner.routes)

    for route in each(app.routes):
        for method in sorted(route.methods or ()):
            yield method, route.path


def filled(pattern: str) -> str:
    """A path of a pattern, with ids that nothing has."""
    for name in ("case_id", "task_id", "media_id", "row_id", "staff_id"):
        pattern = pattern.replace(f"{{{name}}}", NOBODYS)
    return pattern.replace("{seq}", "1").replace("{token}", "x" * 32).replace("{path:path}", "x")


async def ask(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    if path in STREAMS:
        async with client.stream(method, path) as answer:
            return answer
    body: dict[str, str] | None = {} if method == "POST" else None
    return await client.request(method, filled(path), json=body)


async def test_every_route_asks_who_is_there(settings: Settings) -> None:
    async with running(settings) as house:
        routes = list(walk(house.app.web()))
        assert len(routes) > 40
        assert set(routes) >= OPEN | PAGES | SUPERVISORS
        nobody, page = house.client(), await house.resident()
        desk = await house.staff("李顾问")
        for method, path in routes:
            if (method, path) in OPEN:
                continue
            for client in (nobody, page.client if path.startswith("/desk") else nobody):
                answer = await ask(client, method, path)
                if (method, path) in PAGES:
                    assert answer.status_code == 303, path
                    assert answer.headers["location"] == "/desk/login"
                else:
                    wanted = {401} if path.startswith("/desk") else {401, 403}
                    assert answer.status_code in wanted, (path, answer.status_code)
            if path.startswith("/chat"):  # a desk's cookie is nothing to the chat
                assert (await ask(desk.client, method, path)).status_code in (401, 403), path


@pytest.mark.parametrize("role", ["advisor", "supervisor"])
async def test_staff_meet_no_fault_of_ours_and_advisors_no_supervisors_route(
    house: Running, role: str
) -> None:
    desk = await house.staff("李顾问", role)
    routes = [
        (method, path)
        for method, path in walk(house.app.web())
        if path.startswith("/desk") and (method, path) not in OPEN and "logout" not in path
    ]
    assert routes
    for method, path in routes:
        answer = await ask(desk.client, method, path)
        assert answer.status_code < 500, (method, path, answer.text)
        if (method, path) in SUPERVISORS and role == "advisor":
            assert answer.status_code in (400, 403), (path, answer.status_code)
            assert answer.status_code == 403 or "assign" in path
        if method == "POST":
            without = await desk.client.post(filled(path), json={}, headers={"X-CSRF-Token": "x"})
            assert without.status_code == 403, path
            assert without.json()["error"] == "csrf"


async def test_an_advisor_of_another_unit_reads_no_case(house: Running) -> None:
    page = await house.resident()
    await page.say("我不想活了")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    mine = await house.staff("李顾问")
    other = await house.staff("外面的", unit="别的居委")
    case_id = (await mine.cards())[0]["id"]
    assert (await mine.client.get(f"/desk/api/cases/{case_id}")).status_code == 200
    # a red case that nobody has is for anybody on duty (docs/decisions/0008); this one is taken,
    # and they hear by whom
    assert (await mine.post(f"cases/{case_id}/claim")).status_code == 200
    for method, path in walk(house.app.web()):
        if "/cases/{case_id}" not in path:
            continue
        real = path.replace("{case_id}", case_id)
        body = {
            "id": "x", "text": "x", "staff_id": mine.me["id"], "resolution": "done", "seq": 1,
            "to": "green", "reason": "x", "field": "phone", "person": "helped",
        } if method == "POST" else None  # fmt: skip
        answer = await other.client.request(method, real, json=body)
        refused = 409 if path.endswith("/claim") else 403
        assert answer.status_code == refused, (path, answer.status_code, answer.text)
    for card in await other.cards():
        assert card["redacted"] is True


async def test_headers_stand_on_every_answer(house: Running) -> None:
    client = house.client()
    for path in ("/", "/desk/login", "/healthz", "/chat/history", "/static/tokens.css", "/nowhere"):
        answer = await client.get(path)
        for name in HEADERS:
            assert answer.headers.get(name), (path, name)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


async def test_pages_have_no_inline_script_and_their_files_are_there(house: Running) -> None:
    page, desk = await house.resident(), await house.staff("王主管", "supervisor")
    files = 0
    for client, path in (
        (page.client, "/"), (page.client, "/desk/login"), (page.client, f"/desk/join/{'x' * 32}"),
        (desk.client, "/desk"), (desk.client, "/desk/board"),
    ):  # fmt: skip
        text = (await client.get(path)).text
        assert "<script>" not in text
        assert "style=" not in text
        for part in text.split('"'):
            if part.startswith("/static/"):
                files += 1
                answer = await client.get(part)
                assert answer.status_code == 200, part
                assert "immutable" in answer.headers["cache-control"]
    assert files > 10


async def test_figures_are_for_this_machine_only(house: Running) -> None:
    answer = await house.client().get("/metrics")
    assert answer.status_code == 200
    assert "nuanxin_write_units" in answer.text
    for name, value in (
        ("X-Forwarded-For", "203.0.113.9"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 caddy"),
    ):
        far = await house.client(**{name: value}).get("/metrics")
        assert far.status_code == 403, name


async def test_health(house: Running) -> None:
    client = house.client()
    assert (await client.get("/healthz")).json() == {"ok": True}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert "database" in ready.json()
    far = await house.client(**{"X-Forwarded-For": "203.0.113.9"}).get("/readyz")
    assert (far.status_code, far.json()) == (200, {"ready": True})
    assert (await client.get("/openapi.json")).status_code == 404


async def test_what_lists_show_is_kept_once_a_minute(house: Running) -> None:
    page = await house.resident()
    await page.say("我不想活了")
    await page.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    desk, other = await house.staff("李顾问"), await house.staff("外面的", unit="别的居委")
    case_id = (await desk.cards())[0]["id"]
    for _ in range(3):
        for path in ("queue", "mine", "due"):
            await desk.get(path)
            await other.get(path)
    rows = await _listed_rows(house, 1)
    assert [(row.staff_id, row.data) for row in rows] == [(desk.me["id"], {"cases": [case_id]})]
    second = await house.resident()
    await second.say("我不想活了")
    await second.until(lambda log: any(entry["tone"] == "danger" for entry in log))
    await desk.get("queue")
    fresh = [row.data["cases"] for row in await _listed_rows(house, 2)]
    assert [len(one) for one in fresh] == [1, 1], "what is new within the minute is not lost"
    assert fresh[0] != fresh[1]


def _listed(db: Db) -> list[Audit]:
    statement = select(Audit).where(col(Audit.act) == "list").order_by(col(Audit.at))
    return list(db.execute(statement).scalars())


async def _listed_rows(house: Running, count: int) -> list[Audit]:
    """The rows, as soon as there are so many (they are written beside the answer)."""
    for _ in range(200):
        if len(rows := await house.app.database.read(_listed)) >= count:
            return rows
        await asyncio.sleep(0.02)
    raise AssertionError("the look was not kept")


async def test_a_number_beyond_every_row(both: Running) -> None:
    page, desk = await both.resident(), await both.staff("王主管", "supervisor")
    await page.say("想进养老院")
    await page.until(lambda log: len(log) >= 3)
    for number in ("2147483647", "2147483648", "999999999999999"):
        assert (await page.log(int(number))) == []
        last = {"Last-Event-ID": number}
        for client, path in ((page.client, "/chat/events"), (desk.client, "/desk/events")):
            async with client.stream("GET", path, headers=last) as answer:
                assert answer.status_code == 200
                lines = [line async for line in _some(answer)]
                assert lines
        seen = await page.client.post("/chat/seen", json={"seq": int(number)})
        assert seen.status_code == 204
        assert (await desk.post(f"notices/{number}/ack")).status_code < 500


async def _some(answer: httpx.Response) -> AsyncIterator[str]:
    async for line in answer.aiter_lines():
        yield line
        if line.startswith(("data", ":")):
            return
