"""The staff's door: log in, the first visit by a one-time link, who am I, on duty, log out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import passwords
from bot.channels.web import body, cookies
from bot.channels.web.desk import API, answer
from bot.channels.web.errors import say
from bot.channels.web.problems import Json, Problem
from bot.channels.web.schemas import TEXT, WORD, fields
from bot.channels.web.site import Seat, Site
from handlers import staff, staff_links
from handlers.desk import bots
from handlers.ports import Refused, Viewer
from storage import staff as tables
from storage.database import Db

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
MOST_LOGIN = 64


def router(site: Site) -> APIRouter:
    """The pages of staff and the routes of the door."""
    routes = APIRouter()
    _pages(routes, site)
    _first_visit(routes, site)
    _door(routes, site)
    return routes


def _page(site: Site, request: Request, name: str, /, status: int = 200, **values: Any) -> Response:
    values.setdefault("csrf", "")
    return site.render(request, name, status, words=site.staff_words, **values)


async def _seat_or_none(site: Site, request: Request) -> Seat | None:
    try:
        return await site.seat(request)
    except Problem:
        return None


def _pages(routes: APIRouter, site: Site) -> None:
    @routes.get("/desk", include_in_schema=False)
    async def desk(request: Request) -> Response:
        """The desk of an advisor or a supervisor."""
        seat = await _seat_or_none(site, request)
        if seat is None:
            return RedirectResponse("/desk/login", 303)
        await site.keep(seat)
        return _page(site, request, "staff_desk.html", csrf=seat.csrf, role=seat.viewer.role)

    @routes.get("/desk/board", include_in_schema=False)
    async def board(request: Request) -> Response:
        """The board of a supervisor; an advisor is led to the desk."""
        seat = await _seat_or_none(site, request)
        if seat is None:
            return RedirectResponse("/desk/login", 303)
        if not seat.viewer.is_supervisor:
            return RedirectResponse("/desk", 303)
        await site.keep(seat)
        return _page(site, request, "staff_board.html", csrf=seat.csrf, role=seat.viewer.role)

    @routes.get("/desk/login", include_in_schema=False)
    async def login_page(request: Request) -> Response:
        """Name and password."""
        if await _seat_or_none(site, request) is not None:
            return RedirectResponse("/desk", 303)
        return _page(site, request, "staff_login.html")


def _first_visit(routes: APIRouter, site: Site) -> None:
    @routes.get("/desk/join/{token}", include_in_schema=False)
    async def join_page(request: Request, token: str) -> Response:
        """The first visit; a link that is not good says why."""
        values: dict[str, Any] = {"error": "", "token": token, "name": "", "login": ""}
        try:
            if not _TOKEN.fullmatch(token):
                raise Refused("bad_token", 404)
            found = await site.database.write(staff_links.open_link, token, site.now())
        except Refused as refused:
            problem = Problem(refused.status, refused.code, params=refused.params)
            values |= {"token": "", "error": say(site, request.url.path, problem)}
            return _page(site, request, "staff_join.html", problem.status, **values)
        values |= {"name": found.name, "login": found.login or ""}
        return _page(site, request, "staff_join.html", **values)


def _door(routes: APIRouter, site: Site) -> None:
    read, write = site.database.read, site.database.write

    def inside(token: str) -> Json:
        response = answer({})
        seconds = int(site.house.office.staff_idle.total_seconds())
        cookies.set_staff(response, token, seconds=seconds, secure=site.secure)
        return response

    @routes.post(f"{API}/login", openapi_extra=fields({"login": WORD, "password": TEXT}))
    async def login(request: Request) -> Json:
        """Log in. A try counts before its password is looked at, and is taken back if right."""
        found = await body.read_json(request)
        name = body.line(found, "login", MOST_LOGIN, code="bad_login")
        word = body.text(found, "password", passwords.MOST, empty="bad_login")
        address = request.client.host if request.client else ""
        tried = await write(staff.begin_login, name, address, site.now(), site.house)
        if not await site.passwords.check(tried.password_hash, word):
            await write(staff.login_failed, name, site.now())
            raise Problem(401, "bad_login")
        return inside(await write(staff.logged_in, tried, site.now(), site.house))

    @routes.post(
        f"{API}/join",
        openapi_extra=fields({"token": WORD, "password": TEXT}, {"login": WORD, "name": WORD}),
    )
    async def join(request: Request) -> Json:
        """Use a one-time link: choose a login and a password."""
        found = await body.read_json(request)
        token, word = _token_and_password(found)
        name = found.get("login")
        if name:
            name = body.line(found, "login", MOST_LOGIN, code="login_missing").strip()
        elif name not in (None, ""):
            raise Problem(400, "invalid", field="login")
        called = found.get("name") or ""
        if not isinstance(called, str):
            raise Problem(400, "invalid", field="name")
        await write(staff_links.open_link, token, site.now())
        hashed = await site.passwords.hash(word)
        session, _ = await write(staff.join, token, name, hashed, site.now(), site.house, called)
        return inside(session)

    @routes.post(f"{API}/logout", openapi_extra=fields({}))
    async def logout(request: Request) -> Json:
        """Log out here."""
        seat = await site.acting(request)
        await write(staff.log_out, seat.token, site.now())
        response = answer({})
        cookies.end_staff(response, secure=site.secure)
        return response

    @routes.get(f"{API}/me")
    async def me(request: Request) -> Json:
        """Who is logged in, with what the page needs to act."""
        seat = await site.seat(request)
        await site.keep(seat)
        viewer = seat.viewer
        login, title, on_duty = await read(_profile, viewer)
        telegram = await read(bots.joining, viewer, site.staff_bot)
        return answer(
            {
                "id": viewer.id,
                "name": viewer.name,
                "role": viewer.role,
                "unit": viewer.unit,
                "tier": viewer.tier,
                "login": login,
                "title": title,
                "on_duty": on_duty,
                "telegram": {"linked": telegram.linked} if telegram.can else None,
                "csrf": seat.csrf,
                "now": site.now().isoformat(),
                "zone": site.settings.office.zone,
            }
        )

    @routes.post(f"{API}/duty", openapi_extra=fields({"on": {"type": "boolean"}}))
    async def duty(request: Request) -> Json:
        """Go on or off duty."""
        seat = await site.acting(request)
        on = body.flag(await body.read_json(request), "on")
        await site.act(seat, staff.set_duty, on, site.now())
        return answer({"on": on})


def _token_and_password(found: Mapping[str, Any]) -> tuple[str, str]:
    token = found.get("token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Problem(404, "bad_token")
    word = body.text(found, "password", passwords.MOST, empty="weak_password")
    if len(word) < passwords.LEAST:
        raise Problem(400, "weak_password")
    return token, word


def _profile(db: Db, viewer: Viewer) -> tuple[str, str, bool]:
    person = tables.get(db, viewer.id)
    return (person.login or "", person.title, person.on_duty) if person else ("", "", False)
