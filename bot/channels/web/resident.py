"""What a resident's page asks for: itself, sending, seeing, the log and its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web import body, cookies, sending, uploads
from bot.channels.web.channel import ACCOUNT, CHOICE_BYTES, NAME, Posted
from bot.channels.web.follow import device_topic
from bot.channels.web.problems import Json, Problem
from bot.channels.web.schemas import CHOICE_OR_TEXT, MEDIA_FORM, SEEN
from bot.channels.web.site import Site
from dialogs.meaning import danger
from handlers.ports import House, Update, Who
from handlers.receive import receive
from handlers.residents import page
from storage import conversations, inbox
from storage import media as kept_media
from storage.database import Db
from storage.failpoints import failpoint

_HOUR = timedelta(hours=1)
HISTORY = 500  # entries of one answer; the page asks again after the last
_SHORT = 2_000  # characters: the patterns take less time than a thread would


def router(site: Site) -> APIRouter:
    """The routes of the resident's page."""
    routes = APIRouter()
    get, post = routes.get, routes.post

    @get("/", include_in_schema=False)
    async def home(request: Request) -> Response:
        """The page; it gives a device its cookie."""
        kept = request.cookies.get(cookies.DEVICE)
        if kept is None or site.device(request) is None:
            kept = cookies.new_device(site.database.vault)
        office = site.settings.office
        answer = site.render(
            request,
            "resident.html",
            words=site.page_words.group("page"),
            safety=safety(site.house),
            phone=office.phone,
            zone=office.zone,
            lang=office.language,
        )
        days = office.access.device
        cookies.set_device(answer, kept, days=days, secure=site.secure)
        return answer

    @post("/chat/messages", status_code=202, openapi_extra=CHOICE_OR_TEXT)
    async def messages(request: Request) -> Response:
        """Text or a tapped choice. The same id and body again is the same message."""
        sender = site.posting_device(request)
        posted = _posted(sender, await _json(site, request), site.settings.office.limits.characters)
        posted = replace(posted, origin=site.origin(request))
        await _take(site, posted, when_full=False)
        return Json({"id": posted.id}, status_code=202)

    @post("/chat/media", status_code=202, openapi_extra=MEDIA_FORM)
    async def files(request: Request) -> Response:
        """A voice note or a photo."""
        sender = site.posting_device(request)
        site.must_have_room(for_a_file=True)
        limits = site.media_limits
        with site.room.share(sender) as share:
            await _within_quota(site, sender)
            upload = await uploads.read(request, max(limits.photo, limits.voice), share)
            posted, fit = await _file(site, sender, upload)
            known = await site.database.read(_known, _update(site, posted))
            if not known and posted.media is not None:
                await asyncio.to_thread(site.files.write, posted.media.id, fit)
                failpoint("media.after_file")
        await _take(site, replace(posted, origin=site.origin(request)))
        failpoint("media.after_commit")
        return Json({"id": posted.id}, status_code=202)

    @post("/chat/seen", status_code=204, openapi_extra=SEEN)
    async def seen(request: Request) -> Response:
        """The page has shown the log up to an entry."""
        sender = site.posting_device(request)
        found = await body.read_json(request)
        body.only(found, "seq")
        seq = min(body.whole(found, "seq"), body.MOST_NUMBER)
        await site.database.write(page.seen, _who(sender), seq, site.now(), site.house)
        return Response(status_code=204)

    @get("/chat/history")
    async def history(request: Request) -> Response:
        """The log after an entry."""
        sender = site.known_device(request)
        after = body.number_in(request.query_params.get("after"), "after")
        found = await site.database.read(page.history, _who(sender), after, HISTORY, site.house)
        return Json(found, headers={"Cache-Control": "no-store"})

    @get("/chat/events", include_in_schema=False)
    async def events(request: Request) -> StreamingResponse:
        """The log as it grows; Last-Event-ID resumes."""
        sender = site.known_device(request)
        last = request.headers.get("last-event-id") or request.query_params.get("after")
        return site.streams.resident(sender, body.number_in(last, "after"))

    @get("/chat/media/{media_id}")
    async def file(request: Request, media_id: str) -> Response:
        """A file that this device sent."""
        sender = site.known_device(request)
        found = await site.database.read(page.may_see_media, _who(sender), body.row_id(media_id))
        if found is None:
            raise Problem(404, "not_found")
        return await sending.file(site, found, request.headers.get("range"), keep=True)

    return routes


def safety(house: House) -> list[dict[str, Any]]:
    """The fixed safety texts as the page shows them: label, what to do, numbers."""
    return [
        {
            "kind": kind,
            "label": script.label,
            "say": script.page,
            "tel": [{"label": tel.label, "number": tel.number} for tel in script.tel],
        }
        for kind, script in house.danger.items()
    ]


def _who(sender: str) -> Who:
    return (NAME, ACCOUNT, sender)


async def _json(site: Site, request: Request) -> dict[str, Any]:
    characters = site.settings.office.limits.characters
    return await body.read_json(request, characters * body.BYTES_A_CHARACTER + 4096)


def _posted(sender: str, found: dict[str, Any], characters: int) -> Posted:
    body.only(found, "id", "text", "choice")
    own_id = body.client_id(found)
    if ("text" in found) == ("choice" in found):
        raise Problem(400, "invalid", field="text")
    if "text" in found:
        return Posted(sender, own_id, text=body.text(found, "text", characters))
    choice = body.text(found, "choice", CHOICE_BYTES)
    if not choice.isascii() or not choice.isprintable():
        raise Problem(400, "invalid", field="choice")
    return Posted(sender, own_id, choice=choice)


async def _file(site: Site, sender: str, upload: uploads.Upload) -> tuple[Posted, bytes]:
    fields = upload.fields
    body.only(fields, "id", "kind", "seconds")
    own_id = body.client_id(fields)
    kind = body.one_of(fields, "kind", ("voice", "photo"))
    info, fit = await site.fit(upload.data, kind, f"{sender}:{own_id}")
    return Posted(sender, own_id, media=info), fit


async def _within_quota(site: Site, sender: str) -> None:
    """Raises Problem(429) when a device has sent as many files in an hour as it may."""
    most = site.settings.office.limits.media_an_hour
    since = site.now() - _HOUR
    if await site.database.read(_files_since, _who(sender), since) >= most:
        raise Problem(429, "too_many", retry_after=600)


def _files_since(db: Db, who: Who, since: datetime) -> int:
    conversation_id = conversations.find(db, *who)
    return kept_media.count_since(db, conversation_id, since) if conversation_id else 0


def _update(site: Site, posted: Posted) -> Update:
    update = site.channel.to_update(posted)
    if update is None:
        raise Problem(400, "bad_request")
    return update


async def _take(site: Site, posted: Posted, *, when_full: bool = True) -> None:
    """Read the danger, store, and only then say that we have it.

    Not `when_full`: on a full disk only danger is stored. Raises Problem(503).
    """
    update = _update(site, posted)
    found: tuple[str, ...] = ()
    if update.text:
        find: Callable[[str], tuple[str, ...]] = danger.find
        short = len(update.text) <= _SHORT
        found = find(update.text) if short else await asyncio.to_thread(find, update.text)
    if not found and not when_full:
        site.must_have_room()
    waiting = await site.backlog.waiting()
    new = await site.database.write(_receive, update, found, site.now(), site.house, waiting)
    failpoint("intake.after_commit")
    if new:
        site.database.wakes.fire([device_topic(posted.sender)])


def _receive(db: Db, update: Update, found: tuple[str, ...], *given: Any) -> bool:
    new = receive(db, update, found, *given)
    failpoint("intake.before_commit")
    return new


def _known(db: Db, update: Update) -> bool:
    who = (update.channel, update.account, update.sender)
    return inbox.known(db, *who, update.external_id, update.body())
