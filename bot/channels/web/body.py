"""Bodies of requests: read no further than their limit, and checked by hand."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, NoReturn

from starlette.requests import Request

from bot.channels.web.problems import Problem

STAFF_JSON_BYTES = 512 * 1024
# One character is at most 12 bytes of JSON: an escaped pair of surrogates.
BYTES_A_CHARACTER = 12
SECONDS = 60.0  # for a whole body: half a megabyte, as a page sends a photo, at 68 kbit/s
MOST_NUMBER = 2**31 - 1  # what a column of the database holds
_ID = re.compile(r"[!-~]{1,128}")
_ROW = re.compile(r"[0-9A-Za-z_-]{1,64}")


async def read(request: Request, limit: int) -> bytes:
    """The body, counted while it streams in.

    Raises:
        Problem: 413 as soon as it is longer than `limit` bytes; 400 for a bad length.
    """
    found = bytearray()
    async for part in parts(request, limit):
        found += part
    return bytes(found)


async def parts(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body in parts, as they come.

    Raises:
        Problem: 413 as soon as it is longer than `limit` bytes; 400 for a bad length; 408 when
            it is not there after a minute.
    """
    declared = request.headers.get("content-length")
    if declared is not None:
        if not (declared.isascii() and declared.isdigit()):
            raise Problem(400, "bad_request")
        digits = declared.lstrip("0")
        if len(digits) > 15 or int(digits or "0") > limit:
            raise Problem(413, "too_large")
    loop = asyncio.get_running_loop()
    until, seen = loop.time() + SECONDS, 0
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout_at(until):
                part = await anext(stream, None)
        except TimeoutError:
            # what it still sends must not be read as the next request
            raise Problem(408, "bad_request", close=True) from None
        if part is None:
            return
        seen += len(part)
        if seen > limit:
            raise Problem(413, "too_large")
        yield part


async def read_json(request: Request, limit: int = STAFF_JSON_BYTES) -> dict[str, Any]:
    """A JSON object.

    Raises:
        Problem: 415 for another type, 413 when too long, 400 when it is no JSON object.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "bad_json")
    raw = await read(request, limit)
    try:
        found = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json") from None
    if not isinstance(found, dict):
        raise Problem(400, "bad_json")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def only(found: Mapping[str, Any], *known: str) -> None:
    """Raises Problem(400) for a key that is not known."""
    for key in found:
        if key not in known:
            raise Problem(400, "invalid", field=key[:40])


def client_id(found: Mapping[str, Any], key: str = "id") -> str:
    """The client's own id of a message: 1 to 128 visible ASCII characters."""
    value = found.get(key)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Problem(400, "invalid", field=key)
    return value


def text(found: Mapping[str, Any], key: str, limit: int, *, empty: str | None = "empty") -> str:
    """A string, exactly as sent. `empty`: the code for one with nothing to read; None: allowed.

    Raises:
        Problem: 400 when it is no string or empty, 413 when longer than `limit` characters.
    """
    value = found.get(key, "" if empty is None else None)
    if not isinstance(value, str):
        raise Problem(400, "invalid", field=key)
    if len(value) > limit:
        raise Problem(413, "too_long")
    if empty is not None and not value.strip():
        raise Problem(400, empty)
    return value


def line(found: Mapping[str, Any], key: str, limit: int, *, code: str = "invalid") -> str:
    """A short string for a column of the database: no control character, no half character."""
    value = text(found, key, limit, empty=code)
    if not value.isprintable():
        raise Problem(400, "invalid", field=key)
    return value


def whole(found: Mapping[str, Any], key: str, *, most: int = 2**53) -> int:
    """A whole number that is not negative."""
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Problem(400, "invalid", field=key)
    return value


def flag(found: Mapping[str, Any], key: str) -> bool:
    """True or false."""
    value = found.get(key)
    if not isinstance(value, bool):
        raise Problem(400, "invalid", field=key)
    return value


def one_of(found: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    """One of some words."""
    value = found.get(key)
    if not isinstance(value, str) or value not in known:
        raise Problem(400, "invalid", field=key)
    return value


def number_in(value: str | None, name: str, *, default: int = 0) -> int:
    """A whole number of a query or a header; one beyond every row counts as the largest."""
    if value is None or value == "":
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 15:
        raise Problem(400, "invalid", field=name)
    return min(int(value), MOST_NUMBER)


def row_id(value: str) -> str:
    """The id of a row in a path; what cannot be one is not found."""
    if not _ROW.fullmatch(value):
        raise Problem(404, "not_found")
    return value
