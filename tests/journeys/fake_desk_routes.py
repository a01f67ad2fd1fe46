"""The routes of the staff API's contract and the real templates, over a played house."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tests.journeys.fake_desk import ROOT, FakeDesk, JSONDict, words

WEB = ROOT / "bot" / "channels" / "web"
CSP = "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; frame-ancestors 'none'"


def routes(desk: FakeDesk) -> FastAPI:  # noqa: C901 - one list of routes
    """Everything the pages ask, over this state."""
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    env = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
    )

    def page(which: str, csrf: str = "csrf-1", **more: str) -> HTMLResponse:
        html = env.get_template(f"staff_{which}.html").render(
            words=words(), csrf=csrf, **more, asset=lambda path: f"/static/{path}?v=1"
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": CSP})

    @app.middleware("http")
    async def gate(request: Request, call_next: Any) -> Response:
        path = request.url.path
        if desk.down and path.startswith("/desk"):
            return JSONResponse({"error": "unavailable"}, 503)
        if request.method == "POST":
            raw = await request.body()
            form = request.headers.get("Content-Type", "").startswith("multipart/")
            body = {"form": raw} if form else json.loads(raw or b"{}")
            desk.calls.append((path, body))
            refused = next((r for end, r in desk.refuse.items() if path.endswith(end)), None)
            if refused:
                status, said = refused[0], dict(refused[1])
                wait = said.pop("retry_after", None)  # the house says it in a header
                return JSONResponse(said, status, {"Retry-After": str(wait)} if wait else None)
            if not desk.logged_in and not path.endswith(("/login", "/join")):
                return JSONResponse({"error": "login_required"}, 401)
            if not path.endswith(("/login", "/join")) and (
                request.headers.get("X-CSRF-Token") != desk.me["csrf"]
            ):
                return JSONResponse({"error": "csrf"}, 403)
        answer: Response = await call_next(request)
        return answer

    @app.get("/desk")
    def desk_page() -> Response:
        return page("desk") if desk.logged_in else RedirectResponse("/desk/login")

    @app.get("/desk/board")
    def board_page() -> Response:
        return page("board")

    @app.get("/desk/login")
    def login_page() -> Response:
        return page("login", "")

    @app.get("/desk/join/{token}")
    def join_page(token: str) -> Response:
        login = "zhou" if token == "with-login" else ""
        return page("join", "", name="周顾问", login=login)

    @app.post("/desk/api/login")
    async def login(request: Request) -> Response:
        body = await request.json()
        if body["password"] == "right":
            desk.logged_in = True
            return JSONResponse({})
        return JSONResponse({"error": "bad_login"}, 401)

    @app.post("/desk/api/join")
    def join() -> JSONDict:
        return {}

    @app.get("/desk/api/me")
    def me() -> Response:
        if not desk.logged_in:
            return JSONResponse({"error": "login_required"}, 401)
        return JSONResponse({**desk.me, "now": desk.now(), "zone": "Asia/Shanghai"})

    @app.get("/desk/api/queue")
    def queue() -> JSONDict:
        return desk.queue()

    @app.get("/desk/api/mine")
    def mine() -> JSONDict:
        return {"cards": [c for c in desk.cards() if c["mine"]]}

    @app.get("/desk/api/due")
    def due() -> JSONDict:
        return {"tasks": desk.tasks}

    @app.get("/desk/api/parked")
    def parked() -> JSONDict:
        return {"items": desk.parked}

    @app.get("/desk/api/search")
    def search(q: str) -> JSONDict:
        return {"cards": [c for c in desk.cards() if q in str(c["number"])]}

    @app.get("/desk/api/staff")
    def staff() -> list[Any]:
        return desk.staff

    @app.get("/desk/api/board")
    def board() -> JSONDict:
        return {**desk.board, "now": desk.now(), "troubles": desk.troubles}

    @app.get("/desk/api/cases/{case_id}")
    def case(case_id: str) -> Response:
        if case_id not in desk.cases:
            return JSONResponse({"error": "not_found"}, 404)
        return JSONResponse(desk.cases[case_id])

    @app.get("/desk/api/media/{media_id}")
    def media(media_id: str) -> Response:
        kind, content = desk.media[media_id]
        return Response(content, media_type=kind)

    @app.post("/desk/api/media/{media_id}/heard")
    def heard(media_id: str) -> JSONDict:
        for case_id, found in desk.cases.items():
            for entry in found["entries"]:
                if entry["media"] and entry["media"]["id"] == media_id:
                    entry["media"]["heard"] = True
                    desk.hint("case", case_id)
        return {}

    @app.post("/desk/api/tasks/{task_id}/done")
    def task_done(task_id: str) -> JSONDict:
        desk.tasks = [t for t in desk.tasks if t["id"] != task_id]
        return {}

    @app.post("/desk/api/parked/{item_id}/taken")
    def taken(item_id: str) -> JSONDict:
        desk.parked = [p for p in desk.parked if p["id"] != item_id]
        return {}

    @app.post("/desk/api/{what}/{item}/{act}")
    async def deed(what: str, item: str, act: str, request: Request) -> Response:
        if what == "notices":
            desk.acked.add(int(item))
        if what == "cases":
            return desk.change(item, act, {} if act == "photo" else await request.json())
        if what == "staff":
            return JSONResponse({"cases": 2})
        return JSONResponse({})

    @app.post("/desk/api/telegram")
    def telegram() -> JSONDict:
        return desk.link

    @app.post("/desk/api/{what}")
    def plain(what: str) -> JSONDict:
        return {}

    @app.get("/desk/events")
    async def events(request: Request) -> Response:
        if not desk.logged_in:
            return JSONResponse({"error": "login_required"}, 401)
        last = request.headers.get("Last-Event-ID", "")
        desk.last_ids.append(last)
        stream = desk.stream(int(last) if last else None, request)
        return StreamingResponse(stream, media_type="text/event-stream")

    return app
