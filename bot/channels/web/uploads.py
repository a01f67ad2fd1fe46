"""Files that come with a form: in memory only (what a person sends is never on a disk unsealed)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.channels.web.problems import Problem

_FORM_BYTES = 16 * 1024  # the fields and the borders around the file
_FIELD_BYTES = 1024


class Room:
    """How many bytes of files may be in memory at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0

    @contextmanager
    def take(self, size: int) -> Iterator[None]:
        """Room for `size` bytes. Raises Problem(503) when there is none."""
        if self._taken and self._taken + size > self._most:
            raise Problem(503, "busy", retry_after=5)
        self._taken += size
        try:
            yield
        finally:
            self._taken -= size


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with one file."""

    fields: dict[str, str]
    data: bytes


async def read(request: Request, limit: int, room: Room) -> Upload:
    """The fields and the one file (`file`) of a form.

    Raises:
        Problem: 415 for another type, 400 for a broken form or a missing file, 413 when the file
            is longer than `limit` bytes, 503 when too many files come in at once.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise Problem(415, "bad_request")
    size = limit + _FORM_BYTES
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit():
        if int(declared[:12]) > size:
            raise Problem(413, "too_large")
        size = int(declared[:12])
    with room.take(size):
        parser = MultiPartParser(
            request.headers,
            _counted(request, limit + _FORM_BYTES),
            max_files=1,
            max_fields=8,
            max_part_size=_FIELD_BYTES,
        )
        parser.spool_max_size = limit + _FORM_BYTES + 1  # never rolled to the disk
        try:
            form = await parser.parse()
        except MultiPartException:
            raise Problem(400, "bad_request") from None
        try:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Problem(400, "invalid", field="file")
            data = await file.read()
        finally:
            await form.close()
    if len(data) > limit:
        raise Problem(413, "too_large")
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return Upload(fields, data)


async def _counted(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit:
            raise Problem(413, "too_large")
        yield chunk
