"""连上 Telegram: a staff member asks for a link of their own to the staff's bot, or leaves it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request

from bot.channels.web import body, qr
from bot.channels.web.desk import API, answer
from bot.channels.web.problems import Json
from bot.channels.web.schemas import fields
from bot.channels.web.site import Site
from handlers.desk import bots
from handlers.staff_links import TELEGRAM_LINK


def router(site: Site) -> APIRouter:
    """The two routes."""
    routes = APIRouter()

    @routes.post(f"{API}/telegram", openapi_extra=fields({}))
    async def join(request: Request) -> Json:
        """A one-time link, with a code to scan; 404 where there is no staff bot."""
        seat = await site.acting(request)
        await body.read_json(request)
        link = await site.act(seat, bots.join_link, site.staff_bot, site.now(), site.house)
        minutes = int(TELEGRAM_LINK.total_seconds() // 60)
        return answer({"link": link, "qr": qr.code(link), "minutes": minutes})

    @routes.post(f"{API}/telegram/end", openapi_extra=fields({}))
    async def end(request: Request) -> Json:
        """One's own chats speak for nobody any more: a telephone was lost, an account stolen."""
        seat = await site.acting(request)
        await body.read_json(request)
        ended = await site.act(seat, bots.unlink, site.now(), site.house)
        return answer({"ended": ended})

    return routes
