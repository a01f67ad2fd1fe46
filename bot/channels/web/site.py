"""What the routes of the web share: who asks, whether there is room, and how a refusal is said."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi.templating import Jinja2Templates
from starlette.requests import Request
from starlette.responses import Response

from bot import media
from bot.backlog import Backlog
from bot.channels.registry import accounts
from bot.channels.web import cookies, signs
from bot.channels.web.channel import WebChannel
from bot.channels.web.follow import Follower
from bot.channels.web.looks import Looks
from bot.channels.web.problems import Problem
from bot.channels.web.static import Static
from bot.channels.web.streams import Streams
from bot.channels.web.uploads import Room
from bot.disk import Disk
from bot.house import media_limits
from bot.passwords import Passwords
from bot.settings import Settings
from dialogs.wording import Phrases
from handlers import staff
from handlers.ports import STAFF_CHANNEL, House, MediaInfo, Refused, Viewer
from storage.database import Database, Db
from storage.files import MediaFiles

P = ParamSpec("P")
T = TypeVar("T")

HERE = Path(__file__).parent
UPLOADS_BYTES = 64 * 1024 * 1024  # files in memory at once
_KEEP_EVERY = 300.0  # seconds between two notes that a session is in use


@dataclass(frozen=True, slots=True)
class Seat:
    """A staff member at a browser."""

    viewer: Viewer
    csrf: str
    token: str


@dataclass(slots=True)
class Site:
    """The web's view of the house; made once by bot/app.py."""

    settings: Settings
    database: Database
    house: House
    files: MediaFiles
    streams: Streams
    follower: Follower
    disk: Disk
    backlog: Backlog
    passwords: Passwords
    page_words: Phrases
    staff_words: Mapping[str, Any]  # nested, as the staff's templates and scripts read them
    now: Callable[[], datetime]
    ready: Callable[[], Awaitable[dict[str, bool]]]
    closing: asyncio.Event
    bots: Callable[[], Awaitable[dict[str, dict[str, Any]]]]  # how each bot is, by channel
    channel: WebChannel = field(default_factory=WebChannel)
    static: Static = field(
        default_factory=lambda: Static(HERE / "static", {signs.NAME: signs.offline()})
    )
    room: Room = field(default_factory=lambda: Room(UPLOADS_BYTES))
    # One photo is decoded at a time: many at once would be memory without an end.
    decoding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    looks: Looks = field(init=False)
    templates: Jinja2Templates = field(init=False)
    _kept: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.looks = Looks(self.database, self.now)
        self.templates = Jinja2Templates(directory=HERE / "templates")
        self.templates.env.globals["asset"] = self.static.address

    @property
    def secure(self) -> bool:
        """Do people come by https? Then cookies go no other way."""
        return self.settings.public_url.startswith("https:")

    @property
    def staff_bot(self) -> str | None:
        """The account of the staff's bot; None where its token is not set."""
        return accounts(self.settings).get(STAFF_CHANNEL)

    @property
    def media_limits(self) -> media.Limits:
        """The most that is taken of a file."""
        return media_limits(self.settings.office)

    async def fit(self, data: bytes, kind: str, whose: str) -> tuple[MediaInfo, bytes]:
        """A file that was sent, checked and made fit to be kept. Raises Unfit.

        `whose`: who sent it, as which message. It is named by that and by what it holds: another
        file under the same id can never overwrite it.
        """
        async with self.decoding if kind == "photo" else nullcontext():
            ready = await asyncio.to_thread(media.prepare, data, kind, self.media_limits)
        digest = hashlib.sha256(data).hexdigest()
        name = self.database.vault.index("media", f"{whose}:{digest}")[:32]
        info = MediaInfo(name, kind, ready.mime, len(ready.data), digest, ready.seconds)
        return info, ready.data

    def render(self, request: Request, name: str, /, status: int = 200, **values: Any) -> Response:
        """A page, never kept by the browser: it holds who may see it."""
        answer = self.templates.TemplateResponse(request, name, values, status_code=status)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    # ------------------------------------------------------------ residents

    def device(self, request: Request) -> str | None:
        """The keyed hash of the device that asks; None for a new or a forged one."""
        return cookies.sender_of(self.database.vault, request.cookies.get(cookies.DEVICE))

    def known_device(self, request: Request) -> str:
        """The device that asks. Raises Problem(401): the page is fetched anew and gets a cookie."""
        sender = self.device(request)
        if sender is None:
            raise Problem(401, "expired")
        return sender

    def posting_device(self, request: Request) -> str:
        """A device that sends something from our own page (no other site can set the header)."""
        if request.headers.get("x-nuanxin") != "1":
            raise Problem(403, "csrf")
        return self.known_device(request)

    def origin(self, request: Request) -> str | None:
        """The keyed hash of the network address: many reds from one ring as one group."""
        host = request.client.host if request.client else ""
        return self.database.vault.index("address", host) if host else None

    def must_have_room(self, *, for_a_file: bool = False) -> None:
        """Raises Problem(503) when the disk is low: the page keeps the words and comes again."""
        if self.disk.is_low if for_a_file else self.disk.is_full:
            raise Problem(503, "busy", retry_after=60)

    # ------------------------------------------------------------ staff

    async def seat(self, request: Request) -> Seat:
        """Who is logged in. Raises Problem(401)."""
        token = request.cookies.get(cookies.STAFF, "")
        found = None
        if token and len(token) <= 128:
            found = await self.database.read(staff.viewer_of, token, self.now())
        if found is None:
            raise Problem(401, "login_required")
        return Seat(found[0], found[1], token)

    async def acting(self, request: Request) -> Seat:
        """Who changes something, from our own page. Raises Problem 401 or 403."""
        seat = await self.seat(request)
        given = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(given.encode(), seat.csrf.encode()):
            raise Problem(403, "csrf")
        await self.keep(seat)
        return seat

    async def act(
        self,
        seat: Seat,
        use_case: Callable[Concatenate[Db, Viewer, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What somebody does who is in still: a body may take a minute, and meanwhile they left.

        One transaction looks and does. Raises Refused(401).
        """

        def unit(db: Db) -> T:
            found = staff.viewer_of(db, seat.token, self.now(), hold=True)
            if found is None:
                raise Refused("login_required", 401)
            return use_case(db, found[0], *args, **kwargs)

        return await self.database.write(unit)

    async def keep(self, seat: Seat) -> None:
        """Note that a session is in use, not more often than needed."""
        loop_time = asyncio.get_running_loop().time()
        if loop_time - self._kept.get(seat.token, float("-inf")) < _KEEP_EVERY:
            return
        if len(self._kept) > 1000:
            self._kept.clear()
        self._kept[seat.token] = loop_time
        await self.database.write(staff.keep_session, seat.token, self.now(), self.house)
