"""What staff do with cases: each route is one use case in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from bot.channels.web import answers, body
from bot.channels.web.answers import MOST_SEQ, Deed, Found
from bot.channels.web.desk import API, CASE, answer
from bot.channels.web.problems import Json
from bot.channels.web.schemas import TEXT, WORD, fields
from bot.channels.web.site import Seat, Site
from handlers.advisors import attend, claim, close, reply
from handlers.ports import House, Viewer
from handlers.supervisors import assign
from handlers.supervisors import disable as accounts
from storage import due
from storage.database import Db

MOST_NOTE = 4_000


def router(site: Site) -> APIRouter:
    """What a desk does."""
    routes = APIRouter()
    for name, (work, schema) in deeds(site).items():
        _add(routes, site, name, work, schema)
    answers.photos(routes, site)
    _others(routes, site)
    return routes


def _add(routes: APIRouter, site: Site, name: str, work: Deed, schema: Found) -> None:
    async def route(request: Request, case_id: str) -> Json:
        seat = await site.acting(request)
        found = await body.read_json(request)
        return answer(await work(seat, body.row_id(case_id), found))

    routes.post(f"{CASE}/{name}", name=name, openapi_extra=schema)(route)


def deeds(site: Site) -> dict[str, tuple[Deed, Found]]:
    """POST /desk/api/cases/{id}/<name>: what it does, and what its body looks like."""
    act, house, now = site.act, site.house, site.now

    def plain(use_case: Callable[..., Any]) -> tuple[Deed, Found]:
        async def work(seat: Seat, case_id: str, found: Found) -> Found:
            await act(seat, use_case, case_id, now(), house)
            return {}

        return work, fields({})

    def to_colleague(use_case: Callable[..., Any]) -> tuple[Deed, Found]:
        async def work(seat: Seat, case_id: str, found: Found) -> Found:
            staff_id = body.line(found, "staff_id", 64)
            await act(seat, use_case, case_id, staff_id, now(), house)
            return {}

        return work, fields({"staff_id": WORD})

    async def seen(seat: Seat, case_id: str, found: Found) -> Found:
        seq = body.whole(found, "seq", most=MOST_SEQ)
        await act(seat, attend.read_up_to, case_id, seq, now(), house)
        return {}

    async def end(seat: Seat, case_id: str, found: Found) -> Found:
        resolution = body.line(found, "resolution", 32, code="resolution_missing")
        words = body.text(found, "note", MOST_NOTE, empty=None)
        given = (case_id, resolution, words, uuid.uuid4().hex)
        return {"status": await act(seat, _close, *given, now(), house)}

    async def urgency(seat: Seat, case_id: str, found: Found) -> Found:
        to = body.line(found, "to", 16)
        reason = body.text(found, "reason", MOST_NOTE, empty="reason_missing")
        await act(seat, attend.change_urgency, case_id, to, reason, now(), house)
        return {}

    async def reveal(seat: Seat, case_id: str, found: Found) -> Found:
        field, person = body.line(found, "field", 32), body.line(found, "person", 32)
        return {"value": await act(seat, attend.reveal, case_id, person, field, now())}

    return answers.deeds(site) | {
        "claim": plain(claim.claim),
        "release": plain(claim.release),
        "hand_over": to_colleague(claim.hand_over),
        "assign": to_colleague(assign.assign),
        "remind": plain(assign.remind),
        "seen": (seen, fields({"seq": answers.SEQ})),
        "close": (end, fields({"resolution": WORD}, {"note": {"type": "string"}})),
        "reopen": plain(close.reopen),
        "urgency": (urgency, fields({"to": WORD, "reason": TEXT})),
        "reveal": (reveal, fields({"field": WORD, "person": WORD})),
    }


def _others(routes: APIRouter, site: Site) -> None:
    post, act, house, now = routes.post, site.act, site.house, site.now

    @post(
        f"{API}/tasks/{{task_id}}/done",
        openapi_extra=fields({"reached": {"type": "boolean"}}, {"note": {"type": "string"}}),
    )
    async def task_done(request: Request, task_id: str) -> Json:
        """A call was made."""
        seat = await site.acting(request)
        found = await body.read_json(request)
        reached = body.flag(found, "reached")
        words = body.text(found, "note", MOST_NOTE, empty=None)
        given = (body.row_id(task_id), reached, words, uuid.uuid4().hex)
        await act(seat, _task_done, *given, now(), house)
        return answer({})

    @post(f"{API}/media/{{media_id}}/heard", openapi_extra=fields({}))
    async def heard(request: Request, media_id: str) -> Json:
        """Somebody has listened to it."""
        seat = await site.acting(request)
        await body.read_json(request)
        await act(seat, attend.heard, body.row_id(media_id), now(), house)
        return answer({})

    @post(f"{API}/parked/{{row_id}}/taken", openapi_extra=fields({}))
    async def taken(request: Request, row_id: str) -> Json:
        """Somebody has looked at a parked message."""
        seat = await site.acting(request)
        await body.read_json(request)
        await act(seat, attend.parked_taken, body.row_id(row_id), now())
        return answer({})

    @post(f"{API}/staff/{{staff_id}}/disable", openapi_extra=fields({}))
    async def disable(request: Request, staff_id: str) -> Json:
        """Somebody leaves: their account ends, their cases go back to the queue."""
        seat = await site.acting(request)
        await body.read_json(request)
        given = await act(seat, accounts.disable, body.row_id(staff_id), now(), house)
        return answer({"cases": given})

    @post(f"{API}/notices/{{seq}}/ack", openapi_extra=fields({}))
    async def acknowledge(request: Request, seq: str) -> Json:
        """已知晓: the bell pauses."""
        seat = await site.acting(request)
        await body.read_json(request)
        number = min(body.number_in(seq, "seq"), MOST_SEQ)
        await act(seat, assign.acknowledge, number, now(), house)
        return answer({})


def _close(
    db: Db, viewer: Viewer, case_id: str, resolution: str, words: str, own_id: str,
    now: datetime, house: House,
) -> str:  # fmt: skip
    status = close.close(db, viewer, case_id, resolution, now, house)
    if words.strip():
        reply.note(db, viewer, case_id, own_id, words, now, house)
    return status


def _task_done(
    db: Db, viewer: Viewer, task_id: str, reached: bool, words: str, own_id: str,
    now: datetime, house: House,
) -> None:  # fmt: skip
    attend.task_done(db, viewer, task_id, reached, now, house)
    task = due.get_task(db, task_id)
    if task is not None and words.strip():
        reply.note(db, viewer, task.case_id, own_id, words, now, house)
