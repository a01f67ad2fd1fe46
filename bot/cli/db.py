"""`nuanxin db upgrade`."""

from __future__ import annotations

import typer

from bot.cli.common import Config, both, settings_of


def add(app: typer.Typer) -> None:
    """Add the room."""
    room = typer.Typer(help="数据库 · the database", no_args_is_help=True)
    room.command("upgrade")(upgrade)
    app.add_typer(room, name="db")


def upgrade(config: Config = None) -> None:
    """把数据库升到最新 · bring the database up to date."""
    from bot.opening import open_house

    found = open_house(settings_of(config))
    found.database.close_blocking()
    print(both("upgraded" if found.upgraded else "up_to_date"))
