"""What machines ask for: is it alive, is it ready, how much is there to do."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.problems import Json, Problem
from bot.channels.web.site import Site

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def router(site: Site, registry: CollectorRegistry) -> APIRouter:
    """Health and figures, and the files of the pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    async def alive(request: Request) -> Json:
        """The process answers; who is on this machine hears how the bots are."""
        bots = await site.bots() if from_here(request) else {}
        said = {"ok": True, **({"bots": bots} if bots else {})}
        return Json(said, headers={"Cache-Control": "no-store"})

    @routes.get("/readyz")
    async def ready(request: Request) -> Json:
        """Whether everything works that is needed: 503; who is on this machine hears what not."""
        parts = await site.ready()
        good = all(parts.values())
        return Json(
            {"ready": good, **(parts if from_here(request) else {})},
            status_code=200 if good else 503,
            headers={"Cache-Control": "no-store"},
        )

    @routes.get("/metrics")
    async def metrics(request: Request) -> Response:
        """Figures, for this machine only."""
        if not from_here(request):
            raise Problem(403, "forbidden")
        return Response(generate_latest(registry), media_type=_TEXT)

    @routes.get("/static/{path:path}")
    async def static(request: Request, path: str) -> Response:
        """A file of the pages."""
        return site.static.respond(request, path)

    @routes.get("/favicon.ico")
    async def icon() -> Response:
        """The pages name their own."""
        return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})

    @routes.get("/robots.txt")
    async def robots() -> Response:
        """Nothing here is for search engines."""
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")

    return routes


_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def from_here(request: Request) -> bool:
    """Does somebody on this machine ask, and not through a proxy that stands on it?"""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
