"""A house that exists only for the desk's pages: scripted JSON by the staff API's contract.

It renders the real templates, serves the real static files, keeps its state in plain dicts that
a test may change, and streams hints. Nothing of the house itself is imported, so a failing page
is the page's fault.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
import yaml
from fastapi import Request, Response
from fastapi.responses import JSONResponse

ROOT = Path(__file__).resolve().parents[2]
JSONDict = dict[str, Any]


def words() -> JSONDict:
    """The words staff read, as the house hands them to its templates."""
    found = yaml.safe_load((ROOT / "dialogs/phrases/staff.zh.yml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


class FakeDesk:
    """State and server in one. Start it, open `url`, change `cases`, and `hint(...)` the pages."""

    def __init__(self, me: JSONDict, cases: dict[str, JSONDict], board: JSONDict, staff: list[Any]):
        self.me, self.cases, self.board, self.staff = me, cases, board, staff
        self.tasks: list[JSONDict] = []
        self.parked: list[JSONDict] = []
        self.calls: list[tuple[str, JSONDict]] = []
        self.notices: list[JSONDict] = []
        self.media: dict[str, tuple[str, bytes]] = {}
        self.replied: dict[str, int] = {}
        self.refuse: dict[str, tuple[int, JSONDict]] = {}
        self.last_ids: list[str] = []
        self.streams = 0
        self.acked: set[int] = set()
        self.down = False
        self.too_many = False
        self.troubles: list[str] = []
        self.link: JSONDict = {}
        self.logged_in = True
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._port = 0

    # -- what a test does -------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self._port}"

    def now(self) -> str:
        """The house's clock, ISO in UTC."""
        return datetime.now(UTC).isoformat()

    def hint(self, kind: str, case_id: str | None = None, **more: Any) -> int:
        """Tell every open page that something changed; returns the notice's seq."""
        seq = len(self.notices) + 1
        case = self.cases.get(case_id or "", {}).get("card", {})
        self.notices.append(
            {
                "kind": kind,
                "case_id": case_id,
                "number": case.get("number"),
                "urgency": case.get("urgency"),
                "sound": None,
                **more,
            }
        )
        return seq

    def add_entry(self, case_id: str, **entry: Any) -> None:
        """Append a line to a conversation and hint it."""
        case = self.cases[case_id]
        case["last_seq"] += 1
        case["entries"].append(
            {
                "seq": case["last_seq"],
                "kind": "message",
                "from": "resident",
                "name": None,
                "at": self.now(),
                "text": "",
                "original": None,
                "choices": None,
                "media": None,
                "mark": None,
                "tone": None,
                **entry,
            }
        )
        self.hint("case", case_id)

    def posts(self, suffix: str) -> list[JSONDict]:
        """Bodies of the POSTs whose path ends so."""
        return [body for path, body in self.calls if path.endswith(suffix)]

    def start(self) -> None:
        """Serve on a free port in a thread of its own."""
        from tests.journeys.fake_desk_routes import routes

        config = uvicorn.Config(
            routes(self),
            host="127.0.0.1",
            port=0,
            log_level="error",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._server.started:
            assert time.monotonic() < deadline, "the fake desk did not start"
            time.sleep(0.02)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        """End the server; open streams end with it."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(10)

    # -- what the pages ask -----------------------------------------------------------------

    def cards(self) -> list[JSONDict]:
        """Every case's card."""
        return [case["card"] for case in self.cases.values()]

    def queue(self) -> JSONDict:
        """Open cards in the three groups of the desk."""
        groups: dict[str, list[JSONDict]] = {"now": [], "today": [], "later": []}
        for card in self.cards():
            if card["status"] == "closed":
                continue
            key = {"red": "now", "green": "later"}.get(card["urgency"], "today")
            groups[key].append(card)
        mine = [c for c in self.cards() if c["mine"] and c["status"] != "closed"]
        return {
            "now": self.now(),
            "groups": [{"key": k, "cards": v} for k, v in groups.items()],
            "counts": {
                "queue": sum(len(v) for v in groups.values()),
                "mine": len(mine),
                "due": len(self.tasks),
                "parked": len(self.parked),
            },
            "too_many": self.too_many,
            "troubles": self.troubles,
        }

    def change(self, case_id: str, act: str, body: JSONDict) -> Response:  # noqa: C901
        """One deed on a case, as simply as the pages need it."""
        if act in ("claim", "assign"):
            self.acked |= {seq for seq, n in enumerate(self.notices, 1) if n["case_id"] == case_id}
        if case_id not in self.cases:  # the board's rows need no conversation behind them
            return JSONResponse({})
        case = self.cases[case_id]
        card = case["card"]
        name = next((s["name"] for s in self.staff if s["id"] == body.get("staff_id")), None)
        if act == "claim":
            if card["assignee"]:
                by = card["assignee"]["name"]
                return JSONResponse({"error": "taken", "say": f"{by}已经接了", "by": by}, 409)
            card.update(assignee={"id": self.me["id"], "name": self.me["name"]}, mine=True)
            case["allowed"] = ["reply", "note", "close", "hand_over", "release", "urgency"]
        elif act in ("assign", "hand_over"):
            card.update(assignee={"id": body["staff_id"], "name": name}, mine=False)
        elif act in ("reply", "note"):
            if body["id"] not in self.replied:
                who = "note" if act == "note" else "advisor"
                self.add_entry(
                    case_id,
                    **{"from": who},
                    name=self.me["name"],
                    text=body["text"],
                    mark=None if act == "note" else "sent",
                    own=act == "reply",
                )
                self.replied[body["id"]] = case["last_seq"]
            return JSONResponse({"seq": self.replied[body["id"]]})
        elif act == "photo":
            photo = {"id": "m2", "kind": "photo", "mime": "image/png", "heard": False}
            ours: JSONDict = {"from": "advisor", "name": self.me["name"], "mark": "sent"}
            self.add_entry(case_id, **ours, media={**photo, "seconds": None})
            return JSONResponse({"seq": case["last_seq"]})
        elif act == "correct":
            old = next(one for one in case["entries"] if one["seq"] == body["seq"])
            first = {"kind": "edited", "ref": old.get("ref") or old["seq"], "original": old["text"]}
            new = {**old, **first, "text": body["text"], "at": self.now()}
            self.add_entry(case_id, **{name: new[name] for name in new if name != "seq"})
            return JSONResponse({"seq": case["last_seq"]})
        elif act == "close":
            red_first = card["urgency"] == "red" and not card["closing_by"]
            if red_first:
                card["closing_by"] = self.me["name"]
            else:
                card["status"] = "closed"
                case["allowed"] = ["reopen", "note"]
            return JSONResponse({"status": "closing" if red_first else "closed"})
        elif act == "reopen":
            card["status"] = "received"
        elif act == "release":
            card.update(assignee=None, mine=False)
            case["allowed"] = ["claim", "note"]
        elif act == "urgency":
            card["urgency"] = body["to"]
        elif act == "reveal":
            return JSONResponse({"value": "13812345678"})
        if act != "seen":
            self.hint("case", case_id)
            self.hint("queue")
        return JSONResponse({})

    def notice(self, seq: int) -> str:
        """A hint as the stream sends it."""
        return f"id: {seq}\ndata: {json.dumps(self.notices[seq - 1], ensure_ascii=False)}\n\n"

    async def stream(self, after: int | None, request: Request) -> AsyncIterator[str]:
        """What still rings for a page that opens, or what came after its last hint."""
        self.streams += 1
        try:
            async for words in self._hints(after, request):
                yield words
        finally:
            self.streams -= 1

    async def _hints(self, after: int | None, request: Request) -> AsyncIterator[str]:
        yield ": hello\n\n"
        at = len(self.notices) if after is None else after
        if after is None:  # a page that opens hears what still rings
            for seq, notice in enumerate(self.notices, 1):
                if notice["kind"] in ("ring", "push") and seq not in self.acked:
                    yield self.notice(seq)
            yield f"id: {at}\n\n"
        while self.logged_in and not self.down and not (self._server and self._server.should_exit):
            if await request.is_disconnected():
                return
            while at < len(self.notices):
                at += 1
                yield self.notice(at)
            await asyncio.sleep(0.03)


def ago(minutes: float) -> str:
    """ISO time so many minutes ago (negative: ahead)."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()
