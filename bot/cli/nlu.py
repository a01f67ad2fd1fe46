"""`nuanxin nlu train`: learn from nlu_data, into the cache."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import Config, both, fail, settings_of


def add(app: typer.Typer) -> None:
    """Add the room."""
    room = typer.Typer(help="听懂话 · understanding", no_args_is_help=True)
    room.callback()(_room)
    room.command("train")(train)
    app.add_typer(room, name="nlu")


def _room() -> None:
    """听懂话 · understanding"""


def train(
    data: Annotated[Path | None, typer.Option(help="nlu_data")] = None, config: Config = None
) -> None:
    """学一遍 nlu_data · learn from nlu_data."""
    from bot.house import NLU_DATA
    from bot.understanding import load
    from dialogs.meaning.data import DataError, parse

    folder = data or NLU_DATA
    settings = settings_of(config)
    began = time.perf_counter()
    try:
        load(folder, settings.env.data / "cache")
        files = sorted(folder.glob("*.yml"))
        count = sum(len(parse(file.read_text(encoding="utf-8"))) for file in files)
    except (DataError, OSError) as error:
        fail(str(error))
    print(both("trained", n=str(count), seconds=f"{time.perf_counter() - began:.1f}"))
