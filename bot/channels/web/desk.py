"""What the desk asks for: its lists, a case, the board, colleagues, files, and what changed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web import body, sending
from bot.channels.web.problems import Json
from bot.channels.web.site import Site
from handlers import staff
from handlers.advisors import attend
from handlers.desk import lists
from handlers.desk import parked as parked_updates
from handlers.desk.case_view import case_view
from handlers.supervisors import board as boards

API = "/desk/api"
CASE = f"{API}/cases/{{case_id}}"
MOST_QUERY = 64


def answer(content: Any) -> Json:
    """JSON for a desk; never kept by the browser."""
    return Json(content, headers={"Cache-Control": "no-store"})


def router(site: Site) -> APIRouter:
    """What a desk reads."""
    routes = APIRouter()
    get, read, write = routes.get, site.database.read, site.database.write

    @get(f"{API}/queue")
    async def queue(request: Request) -> Json:
        """Cases that wait, most urgent first."""
        seat = await site.seat(request)
        found = await read(lists.queue, seat.viewer, site.now(), site.house)
        shown = [card for group in found.groups for card in group.cards]
        site.looks.showed(seat.viewer, [card.id for card in shown if not card.redacted])
        return answer(found)

    @get(f"{API}/mine")
    async def mine(request: Request) -> Json:
        """The viewer's own cases."""
        seat = await site.seat(request)
        found = await read(lists.mine, seat.viewer, site.house)
        site.looks.showed(seat.viewer, [card.id for card in found])
        return answer({"cards": found})

    @get(f"{API}/due")
    async def due(request: Request) -> Json:
        """Calls to make, voice notes to hear."""
        seat = await site.seat(request)
        found = await read(lists.due_tasks, seat.viewer, site.house)
        site.looks.showed(seat.viewer, [task.case_id for task in found])
        return answer({"tasks": found})

    @get(f"{API}/parked")
    async def parked(request: Request) -> Json:
        """Messages that the house could not handle; the look is audited, hence a write."""
        seat = await site.seat(request)
        return answer({"items": await write(parked_updates.parked, seat.viewer, site.now())})

    @get(f"{API}/search")
    async def search(request: Request) -> Json:
        """Cases by number, telephone or name; the question is audited, hence a write."""
        seat = await site.seat(request)
        wanted = request.query_params.get("q", "")[:MOST_QUERY]
        found = await write(lists.search, seat.viewer, wanted, site.now(), site.house)
        return answer({"cards": found})

    @get(CASE)
    async def case(request: Request, case_id: str) -> Json:
        """One case with its conversation; the look is audited, hence a write."""
        seat = await site.seat(request)
        case_id = body.row_id(case_id)
        return answer(await write(case_view, seat.viewer, case_id, site.now(), site.house))

    @get(f"{API}/board")
    async def board(request: Request) -> Json:
        """What nobody touches, and the figures; for supervisors."""
        seat = await site.seat(request)
        return answer(await read(boards.board, seat.viewer, site.now(), site.house))

    @get(f"{API}/staff")
    async def colleagues(request: Request) -> Json:
        """Who is here, to give a case to."""
        await site.seat(request)
        return answer(await read(staff.colleagues))

    @get(f"{API}/media/{{media_id}}")
    async def media(request: Request, media_id: str) -> Response:
        """A voice note or a photo; the look is audited, hence a write."""
        seat = await site.seat(request)
        info = await write(attend.media_for, seat.viewer, body.row_id(media_id), site.now())
        return await sending.file(site, info, request.headers.get("range"), keep=False)

    @get("/desk/events", include_in_schema=False)
    async def events(request: Request) -> StreamingResponse:
        """Hints of what changed; Last-Event-ID resumes."""
        seat = await site.seat(request)
        last = request.headers.get("last-event-id")
        after = body.number_in(last, "Last-Event-ID") if last else None
        return site.streams.desk(seat.token, seat.viewer, after)

    return routes
