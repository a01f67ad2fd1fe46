"""A small house of the tests' own: the real template and files, entries as the test writes them."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import uvicorn
import yaml
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from bot.channels.web import signs

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "bot" / "channels" / "web"
PHONE = "021-6280-1234"
CSP = (
    "default-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# As the server makes it from danger.yml; the sentences here are the tests' own.
SAFETY: list[dict[str, Any]] = [
    {
        "kind": "suicide_selfharm",
        "label": "心里难受,不想活了",
        "say": "您先别一个人扛着。马上打这个电话,有人听您说。",
        "tel": [{"label": "24小时", "number": "962525"}, {"label": "心理热线", "number": "12356"}],
    },
    {
        "kind": "medical_emergency",
        "label": "摔倒、叫不应、胸口痛",
        "say": "马上打120。人先别动,等医生来。",
        "tel": [{"label": "急救", "number": "120"}],
    },
    {
        "kind": "violence_abuse",
        "label": "有人打您、威胁您",
        "say": "先到安全的地方去。马上打110。",
        "tel": [{"label": "报警", "number": "110"}],
    },
]
Json = dict[str, Any]


def page_words(language: str = "zh") -> dict[str, str]:
    """The words of the page as the phrases give them."""
    path = ROOT / "dialogs" / "phrases" / f"page.{language}.yml"
    words: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))["page"]
    return words


def pages() -> jinja2.Environment:
    """The web channel's templates with a plain `asset`."""
    loader = jinja2.FileSystemLoader(WEB / "templates")
    env = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    env.globals["asset"] = lambda path: f"/static/{path}"
    return env


@dataclass
class FakeHouse:
    """What the test sees and turns: entries to show, posts that came, and how the line behaves."""

    entries: list[Json] = field(default_factory=list)
    posts: list[Json] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # when each of them came, by one clock
    seen: list[int] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    state: Json | None = None
    refuse: list[tuple[int, dict[str, str], Json]] = field(default_factory=list)
    broken: bool = False  # every POST ends without an answer
    stream: str = "open"  # open | blocked | silent
    answer: list[Json] = field(default_factory=list)  # said one by one after each accepted message
    signs: bool = True  # whether the page gets the signs of danger
    language: str = "zh"
    url: str = ""

    def add(self, **more: Any) -> Json:
        """Write an entry; `at` is now unless given."""
        entry: Json = {
            "seq": len(self.entries) + 1, "kind": "message", "ref": None, "id": None,
            "from": "bot", "at": datetime.now(UTC).isoformat(), "text": "", "choices": None,
            "media": None, "tone": None, "name": None, "title": None,
            "number": None, "first": False,
        }  # fmt: skip
        entry.update(more)
        self.entries.append(entry)
        return entry

    def me(self, text: str, **more: Any) -> Json:
        return self.add(**{"from": "me", "text": text, **more})

    def bot(self, text: str, **more: Any) -> Json:
        return self.add(**{"text": text, **more})

    def ask(self, text: str, *labels: str, tone: str = "question", **more: Any) -> Json:
        """A question with choices; the values are as the house makes them."""
        at = len(self.entries)
        choices = [{"label": w, "value": f"s1234567:{at}:k{n}"} for n, w in enumerate(labels)]
        return self.add(**{"text": text, "choices": choices, "tone": tone, **more})

    def join(self, name: str = "李顾问", title: str = "社区救助顾问") -> Json:
        self.state = {"live": {"name": name, "title": title}, "phone": PHONE}
        return self.add(kind="human_joined", text=f"{name}来了,在和您说话", name=name, title=title)

    def advisor(self, text: str, **more: Any) -> Json:
        return self.add(
            **{"from": "advisor", "text": text, "name": "李顾问", "title": "社区救助顾问", **more}
        )

    def ids(self) -> list[str]:
        return [str(post["id"]) for post in self.posts]


def build(house: FakeHouse) -> FastAPI:
    """The routes of the resident's page (contract: design §9)."""
    app = FastAPI()
    _page(app, house)
    _writing(app, house)
    _reading(app, house)
    return app


def _page(app: FastAPI, house: FakeHouse) -> None:
    @app.get(f"/static/{signs.NAME}")
    async def known_signs() -> Response:
        return Response(signs.offline(), 200 if house.signs else 404)

    app.mount("/static", StaticFiles(directory=WEB / "static"))
    env = pages()

    @app.middleware("http")
    async def headers(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/")
    async def page() -> HTMLResponse:
        html = env.get_template("resident.html").render(
            words=page_words(house.language), safety=SAFETY, phone=PHONE, lang=house.language
        )
        return HTMLResponse(html)


def _writing(app: FastAPI, house: FakeHouse) -> None:
    def take(post: Json) -> Response:
        house.posts.append(post)
        house.times.append(time.monotonic())
        if house.refuse:
            status, more, body = house.refuse.pop(0)
            return JSONResponse(body, status, headers=more)
        if not any(entry["id"] == post["id"] for entry in house.entries):
            words = str(post.get("label", post.get("text", "")))
            house.me(words, id=post["id"], media=post.get("media"))
            if house.answer:
                house.add(**house.answer.pop(0))
        return JSONResponse({"id": post["id"]}, 202)

    @app.post("/chat/messages")
    async def messages(request: Request) -> Response:
        post: Json = await request.json()
        if request.headers.get("x-nuanxin") != "1":
            return JSONResponse({"error": "csrf", "say": ""}, 403)
        if house.broken:
            house.posts.append(post)
            return JSONResponse({"error": "broken", "say": ""}, 503)
        label = post.get("choice", "")
        known = [c for e in house.entries for c in e["choices"] or [] if c["value"] == label]
        if known:
            post["label"] = known[0]["label"]
        return take(post)

    @app.post("/chat/media")
    async def media(request: Request) -> Response:
        async with request.form() as form:
            upload: Any = form["file"]
            key = f"m{len(house.media)}"
            house.media[key] = (upload.content_type, await upload.read())
            kind = str(form["kind"])
            shown = {"id": key, "kind": kind, "mime": upload.content_type, "seconds": 2}
            return take({"id": str(form["id"]), "kind": kind, "media": shown})

    @app.post("/chat/seen")
    async def seen(request: Request) -> Response:
        house.seen.append((await request.json())["seq"])
        return Response(status_code=204)


def _reading(app: FastAPI, house: FakeHouse) -> None:
    @app.get("/chat/media/{key}")
    async def fetch(key: str) -> Response:
        kind, body = house.media[key]
        return Response(body, media_type=kind)

    @app.get("/chat/history")
    async def history(after: int = 0) -> list[Json]:
        return [entry for entry in house.entries if entry["seq"] > after]

    @app.get("/chat/events")
    async def events(request: Request) -> Response:
        if house.stream == "blocked":
            return Response(status_code=502)
        last = int(request.headers.get("last-event-id") or 0)

        async def lines() -> AsyncIterator[str]:
            sent, state = last, None
            yield ": hello\n\n"
            while house.stream == "open" or house.stream == "silent":
                if house.stream == "open":
                    for entry in [one for one in house.entries if one["seq"] > sent]:
                        sent = entry["seq"]
                        yield f"id: {sent}\ndata: {json.dumps(entry)}\n\n"
                    if house.state is not state:
                        state = house.state
                        yield f"event: state\ndata: {json.dumps(state)}\n\n"
                await asyncio.sleep(0.05)

        return StreamingResponse(lines(), media_type="text/event-stream")


class Running:
    """The house on a free port, in a thread of its own."""

    def __init__(self) -> None:
        self.house = FakeHouse()
        self.server = uvicorn.Server(
            uvicorn.Config(
                build(self.house), port=0, log_level="error", timeout_graceful_shutdown=1
            )
        )
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def start(self) -> FakeHouse:
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            if time.monotonic() > deadline:
                raise RuntimeError("the test's house did not start")
            time.sleep(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.house.url = f"http://127.0.0.1:{port}"
        return self.house

    def stop(self) -> None:
        self.house.stream = "closed"
        self.server.should_exit = True
        self.thread.join(10)
