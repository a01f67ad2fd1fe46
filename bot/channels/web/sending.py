"""A kept file on its way to somebody who may have it."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from bot.channels.web import ranges
from bot.channels.web.problems import Problem
from bot.channels.web.site import Site
from handlers.ports import MediaInfo


async def file(site: Site, info: MediaInfo, asked: str | None, *, keep: bool) -> Response:
    """The file, opened; or the part of it that was asked for. Raises Problem(404).

    `keep`: the browser may have it for an hour (a resident's own), or must not (at a desk).
    """
    try:
        data = await asyncio.to_thread(site.files.read, info.id)
    except FileNotFoundError:
        raise Problem(404, "not_found") from None
    return ranges.respond(data, info.mime, asked, keep=keep)
