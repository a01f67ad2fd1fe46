"""Every route with every role and with none; what each may, and what nobody may."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from bot.channels.web.headers import HEADERS
from bot.settings import Settings
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
    ("POST", "/desk/api/cases/{case_id}/remind"),
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
    for name in ("case_id", "task_id", "media_id", "row_id"):
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
    for method, path in walk(house.app.web()):
        if "/cases/{case_id}" not in path:
            continue
        real = path.replace("{case_id}", case_id)
        body = {
            "id": "x", "text": "x", "staff_id": mine.me["id"], "resolution": "done", "seq": 1,
            "to": "green", "reason": "x", "field": "phone", "person": "helped",
        } if method == "POST" else None  # fmt: skip
        answer = await other.client.request(method, real, json=body)
        assert answer.status_code == 403, (path, answer.status_code, answer.text)
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
    far = await house.client(**{"X-Forwarded-For": "203.0.113.9"}).get("/metrics")
    assert far.status_code == 403


async def test_health(house: Running) -> None:
    client = house.client()
    assert (await client.get("/healthz")).json() == {"ok": True}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert (await client.get("/openapi.json")).status_code == 404
