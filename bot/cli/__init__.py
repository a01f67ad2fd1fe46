"""The command line: `nuanxin …` or `python -m bot …`. Without a command it serves."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

app = typer.Typer(
    name="nuanxin",
    help="Nuanxin: the chat front door of a house of care.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
ROOMS = ("serve", "staff", "flows", "nlu", "understand", "doctor", "db", "cases")


@app.callback(invoke_without_command=True)
def _nothing_said(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        from bot.cli.serve import serve

        serve()


def main() -> None:
    """Run the command line. A house that cannot be opened is a clear line and exit code 1."""
    from bot.cli.common import fail
    from bot.opening import CannotOpen
    from bot.settings import SettingsError

    # Only the room that is asked for is imported: a start must not wait for the others.
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    known = (asked,) if asked in ROOMS else ROOMS
    for room in known if asked or "--help" in sys.argv else ("serve",):
        import_module(f"bot.cli.{room}").add(app)
    try:
        app()
    except SettingsError as error:
        fail(*error.lines)
    except CannotOpen as error:
        fail(str(error))
