"""Parts of a file, as players of sound ask for them (RFC 9110 §14)."""

from __future__ import annotations

import re

from starlette.responses import Response

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def respond(
    data: bytes, mime: str, asked: str | None, *, keep: bool, how: str = "inline"
) -> Response:
    """A kept file, whole or the part that was asked for; 416 for a part that is not there.

    `how`: its Content-Disposition, shown in the page or saved.
    """
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600" if keep else "no-store",
        "Content-Disposition": how,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    found = _RANGE.fullmatch((asked or "").strip())
    if found is None or found.group(1) == found.group(2) == "":
        return Response(data, media_type=mime, headers=headers)
    size = len(data)
    if found.group(1) == "":  # the last n bytes
        start, end = max(0, size - int(found.group(2))), size - 1
    else:
        start = int(found.group(1))
        end = min(int(found.group(2) or size), size - 1)
        if found.group(2) and int(found.group(2)) < start:
            return Response(data, media_type=mime, headers=headers)
    if start >= size:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(data[start : end + 1], status_code=206, media_type=mime, headers=headers)
