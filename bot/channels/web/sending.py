"""A kept file on its way to somebody who may have it."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.responses import Response

from bot.channels.web import ranges
from bot.channels.web.problems import Problem
from bot.channels.web.site import Site
from handlers.file_names import safe_name
from handlers.ports import MediaInfo

# What a browser may show or play inside a page; everything else is only ever saved. Both kinds
# were decoded by us before they were kept (bot/media.py), so the type is what it says.
SHOWN = {
    "photo": ("image/jpeg", "image/png", "image/webp", "image/gif"),
    "voice": ("audio/",),
}
SAVED = "application/octet-stream"


async def file(site: Site, info: MediaInfo, asked: str | None, *, keep: bool) -> Response:
    """The file, opened; or the part of it that was asked for. Raises Problem(404).

    `keep`: the browser may have it for an hour (a resident's own), or must not (at a desk).
    A document comes as something to save, of a type that no browser opens in the page.
    """
    try:
        data = await asyncio.to_thread(site.files.read, info.id)
    except FileNotFoundError:
        raise Problem(404, "not_found") from None
    if info.mime.startswith(SHOWN.get(info.kind, ())):
        return ranges.respond(data, info.mime, asked, keep=keep)
    return ranges.respond(
        data, SAVED, asked, keep=keep, how=attachment(info.name, info.mime, info.kind)
    )


def attachment(name: str | None, mime: str, kind: str = "file") -> str:
    """A Content-Disposition that saves a file under its safe name (RFC 6266, RFC 8187)."""
    kept = safe_name(name, mime, kind)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in kept)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, safe='')}"
