"""`nuanxin staff`: who works here."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.common import AsJson, Config, both, fail, opened, show_json, words

Role = Annotated[str, typer.Option(help="advisor, supervisor")]
Unit = Annotated[str | None, typer.Option(help="居委 · the community; 不写就是第一个")]
Title = Annotated[str, typer.Option(help="称呼 · the title that residents see")]


def add(app: typer.Typer) -> None:
    """Add the room."""
    room = typer.Typer(help="谁在这里做事 · who works here", no_args_is_help=True)
    room.command("add")(add_person)
    room.command("invite")(invite)
    room.command("unlink")(unlink)
    room.command("disable")(disable)
    room.command("list")(show)
    app.add_typer(room, name="staff")


def add_person(
    name: str,
    role: Role = "advisor",
    unit: Unit = None,
    title: Title = "",
    config: Config = None,
) -> None:
    """加一个人,给一次性链接 · add somebody; prints a one-time link."""
    from handlers import staff
    from handlers.ports import Refused

    with opened(config) as house:
        units = house.settings.office.units
        if unit is not None and unit not in units:
            fail(f"--unit {unit}: {', '.join(units)}")
        try:
            token = house.database.write_blocking(
                staff.invite,
                name,
                role,
                unit or units[0],
                title or words("first_title"),
                house.database.clock.now(),
                house.house,
            )
        except Refused as no:
            fail(
                f"--role {role}: advisor, supervisor"
                if no.params["field"] == "role"
                else both("bad_name")
            )
        print(both("added", name=name))
        _print_link(house, name, token)


def invite(name: str, config: Config = None) -> None:
    """再给一个链接(没用过、忘了密码)· another link; by name or login."""
    from handlers import staff_links

    with opened(config) as house:
        person = _find(house, name)
        now = house.database.clock.now()
        token = house.database.write_blocking(staff_links.new_link, person.id, now, house.house)
        _print_link(house, person.name, token)


def unlink(name: str, config: Config = None) -> None:
    """断开 Telegram(手机丢了、账号被盗)· end somebody's chats with the staff's bot."""
    from handlers.staff_links import end_chats

    with opened(config) as house:
        person = _find(house, name)
        now = house.database.clock.now()
        ended = house.database.write_blocking(end_chats, person.id, "unlinked", now, house.house)
        print(both("unlinked", name=person.name, n=str(ended)))


def disable(name: str, config: Config = None) -> None:
    """停用一个人:马上退出,手上的事回到队列 · end an account; the cases go back to the queue."""
    from handlers.ports import Refused
    from handlers.supervisors.disable import end_account

    with opened(config) as house:
        person = _find(house, name)
        now = house.database.clock.now()
        try:
            given = house.database.write_blocking(end_account, person.id, now, house.house)
        except Refused:
            fail(both("last_supervisor", name=person.name))
        print(both("disabled", name=person.name, n=str(given)))


def _find(house: Any, name: str) -> Any:
    """One staff member by name, login or id."""
    from storage import staff as tables

    everyone = house.database.read_blocking(tables.everyone)
    found = [row for row in everyone if name in (row.name, row.login, row.id)]
    if len(found) != 1:
        fail(f"{name}: {len(found)}; {', '.join(row.login or row.name for row in everyone)}")
    return found[0]


def show(as_json: AsJson = False, config: Config = None) -> None:
    """大家 · everybody."""
    from storage import staff as tables

    with opened(config) as house:
        rows = house.database.read_blocking(tables.everyone)
    if as_json:
        keys = ("id", "name", "login", "role", "unit", "on_duty")
        show_json([{key: getattr(row, key) for key in keys} for row in rows])
        return
    for row in rows:
        state = "not_joined" if row.password_hash is None else "in" if row.on_duty else "out"
        print(f"{row.name}\t{row.login or '-'}\t{row.role}\t{row.unit or '-'}\t{words(state)}")
    if not rows:
        print(both("staff_none"))


def _print_link(house: Any, name: str, token: str) -> None:
    from bot.cli import links
    from bot.cli.serve import address

    settings = house.settings
    page = address(settings, settings.env.port)
    called = house.database.read_blocking(links.username, settings)
    print(f"  {both('link', name=name)}")
    for way in links.lines(settings, page, token, called):
        print(f"    {way}")
    print(f"    {both('link_note', hours=str(round(settings.office.access.link)))}")
