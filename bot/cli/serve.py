"""`nuanxin serve`: everything in one process, or some roles of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import Config, both, fail
from bot.settings import Settings, load

if TYPE_CHECKING:
    from bot.app import App

_ROLES = "web,telegram,worker,scheduler"
_ASKED, _PAUSE = 20, 0.1  # times that we look whether Telegram has said the bot's name; seconds


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    config: Config = None,
    roles: Annotated[str, typer.Option(help="web,telegram,worker,scheduler")] = _ROLES,
) -> None:
    """开门:网页、工作台、后台一起 · open the house."""
    import uvloop

    from bot import log
    from bot.app import ROLES, build
    from bot.app import serve as run

    settings = load(config)
    log.set_up()
    wanted = frozenset(role.strip() for role in roles.split(",") if role.strip())
    if not wanted or not wanted <= ROLES:
        fail(f"--roles {roles}: known are {', '.join(sorted(ROLES))}")

    async def whole() -> None:
        app = build(settings, roles=wanted)

        async def told(port: int | None) -> None:
            await _tell(app, port)

        await run(app, wanted, told=told)

    uvloop.run(whole())
    print(both("bye"), flush=True)


async def _tell(app: App, port: int | None) -> None:
    """What one who has started the house needs to know next."""
    if port is not None:
        page = address(app.settings, port)
        print(f"\n  {both('open')}\n    {page}/\n  {both('desk')}\n    {page}/desk", flush=True)
        await _links(app, page)
    if app.keyring.created:
        print(f"\n  {both('key_new', file=app.keyring.source)}\n    {both('key_copy')}")
    print(f"\n  {both('stop')}\n", flush=True)


async def _links(app: App, page: str) -> None:
    from bot.cli import links as ways
    from bot.cli.common import words
    from bot.first import first_links

    roles = ("advisor", "supervisor")
    names = {role: words(f"first_{role}") for role in roles}
    titles = {"advisor": words("first_title"), "supervisor": names["supervisor"]}
    links = await app.database.write(first_links, names, titles, app.clock.now(), app.house)
    called = await _staff_bot(app) if links else None
    for link in links:
        print(f"  {both('link', name=names[link.role])}")
        for way in ways.lines(app.settings, page, link.token, called):
            print(f"    {way}")
    if links:
        hours = round(app.settings.office.access.link)
        print(f"    {both('link_note', hours=str(hours))}", flush=True)


async def _staff_bot(app: App) -> str | None:
    """How the staff's bot is called; at the first start Telegram is asked just now."""
    from bot.channels.registry import accounts
    from bot.cli import links as ways
    from handlers.ports import STAFF_CHANNEL

    for _ in range(_ASKED):
        called = await app.database.read(ways.username, app.settings)
        if called is not None or STAFF_CHANNEL not in accounts(app.settings):
            return called
        await asyncio.sleep(_PAUSE)
    return None


def address(settings: Settings, port: int) -> str:
    """The address that people open; the one of this machine where it listens on every one."""
    if settings.env.public_url:
        return settings.public_url
    host = settings.env.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
