"""The web application, put together."""

from __future__ import annotations

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from bot.channels.web import deeds, desk, door, errors, resident, system, telegram
from bot.channels.web.headers import Headers
from bot.channels.web.site import Site


def create(site: Site, registry: CollectorRegistry, *, describe: bool = False) -> FastAPI:
    """All routes. `describe`: give /openapi.json, for tests; people have no use for it."""
    app = FastAPI(
        title="Nuanxin",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if describe else None,
        redirect_slashes=False,
    )
    for routes in (
        resident.router(site),
        door.router(site),
        desk.router(site),
        deeds.router(site),
        telegram.router(site),
        system.router(site, registry),
    ):
        app.include_router(routes)
    errors.install(app, site)
    app.add_middleware(Headers, secure=site.secure)
    return app
