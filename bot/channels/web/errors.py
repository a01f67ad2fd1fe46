"""Every refusal as JSON with a sentence: residents' words, and the staff's under /desk."""

from __future__ import annotations

import errno

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.channels.web.problems import Problem, answer
from bot.channels.web.site import Site
from bot.media import Unfit
from handlers.ports import InboxFull, Refused
from storage.database import StorageBusy, StorageError, StorageFull
from storage.inbox import DifferentBody

log = structlog.get_logger(__name__)

_OF_STATUS = {404: "not_found", 405: "bad_request", 400: "bad_request", 413: "too_large"}
_UNFIT = {"too_large": 413, "unsupported": 415, "too_long_voice": 413, "empty_file": 400}

_KNOWN: tuple[type[Exception], ...] = (
    Problem,
    Refused,
    DifferentBody,
    InboxFull,
    StorageError,
    Unfit,
    OSError,
    HTTPException,
)


def problem_of(error: Exception) -> Problem | None:
    """What an exception means for a client; None for a fault of ours."""
    match error:
        case Problem():
            return error
        case Refused():
            return Problem(
                error.status, error.code, params=error.params, retry_after=error.retry_after
            )
        case DifferentBody():
            return Problem(409, "same_id")
        case InboxFull():
            return Problem(503, "busy", retry_after=10)
        case StorageFull():
            return Problem(503, "busy", retry_after=60)
        case StorageBusy():
            return Problem(503, "busy", retry_after=2)
        case StorageError():
            return Problem(503, "unavailable", retry_after=5)
        case Unfit():
            return Problem(_UNFIT[error.code], error.code)
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO):
            return Problem(503, "busy", retry_after=60)
        case HTTPException():
            return Problem(error.status_code, _OF_STATUS.get(error.status_code, "bad_request"))
    return None


def say(site: Site, path: str, problem: Problem) -> str:
    """The sentence for a refusal, in the words of those who read it."""
    words = site.house.staff_words if path.startswith("/desk") else site.house.phrases
    for key in (f"errors.{problem.code}", "errors.unknown"):
        try:
            return words.say(key, **problem.params)
        except (KeyError, ValueError):
            continue
    return ""


def install(app: FastAPI, site: Site) -> None:
    """Handle everything that routes raise."""

    def respond(request: Request, problem: Problem) -> Response:
        if problem.status >= 500:
            log.warning("web.refused", code=problem.code, status=problem.status)
        return answer(problem, say(site, request.url.path, problem))

    async def known(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem is None:
            return await fault(request, error)
        response = respond(request, problem)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    async def fault(request: Request, error: Exception) -> Response:
        log.error("web.fault", route=route_of(request), exc_info=error)
        return respond(request, Problem(500, "server"))

    async def gone(request: Request, error: Exception) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    for kind in _KNOWN:
        app.add_exception_handler(kind, known)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, fault)


def route_of(request: Request) -> str:
    """The pattern of the route: a path itself may hold a number or a token."""
    route = request.scope.get("route")
    return str(getattr(route, "path", "?"))
