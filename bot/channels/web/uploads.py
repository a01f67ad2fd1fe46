"""Files that come with a form: in memory only (what a person sends is never on a disk unsealed)."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.channels.web import body
from bot.channels.web.problems import Problem

AT_ONCE = 2  # uploads of one device
_FORM_BYTES = 16 * 1024  # the fields and the borders around the file
_FIELD_BYTES = 1024


class Room:
    """How many bytes of files may be in memory at once. They count when they have come."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._devices: Counter[str] = Counter()
        self.taken = 0

    @contextmanager
    def share(self, device: str) -> Iterator[Share]:
        """A share of the room, until the file is kept. Raises Problem(429)."""
        if self._devices[device] >= AT_ONCE:
            raise Problem(429, "too_many", retry_after=5)
        self._devices[device] += 1
        share = Share(self)
        try:
            yield share
        finally:
            self.taken -= share.size
            self._devices[device] -= 1
            if not self._devices[device]:
                del self._devices[device]

    def has(self, size: int) -> bool:
        """Is there room for `size` bytes more?"""
        return self.taken + size <= self._most


class Share:
    """The bytes of one upload."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.size = 0

    def take(self, size: int) -> None:
        """Room for `size` bytes more. Raises Problem(503) when there is none."""
        alone = self._room.taken == self.size  # one file always has room
        if not alone and not self._room.has(size):
            raise Problem(503, "busy", retry_after=5)
        self._room.taken += size
        self.size += size


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with one file."""

    fields: dict[str, str]
    data: bytes


async def read(request: Request, limit: int, share: Share) -> Upload:
    """The fields and the one file (`file`) of a form.

    Raises:
        Problem: 415 for another type, 400 for a broken form or a missing file, 413 when the file
            is longer than `limit` bytes, 408 when it takes too long, 503 when too many files
            come in at once.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise Problem(415, "bad_request")
    parser = MultiPartParser(
        request.headers,
        _counted(request, limit + _FORM_BYTES, share),
        max_files=1,
        max_fields=8,
        max_part_size=_FIELD_BYTES,
    )
    parser.spool_max_size = limit + _FORM_BYTES + 1  # never rolled to the disk
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, LookupError):  # the others: a charset that is none
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


async def _counted(request: Request, limit: int, share: Share) -> AsyncGenerator[bytes, None]:
    async for part in body.parts(request, limit):
        share.take(len(part))
        yield part
