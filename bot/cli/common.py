"""What the commands share: settings, words in two languages, an open house, tables of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot.settings import Settings, load
from dialogs.wording import Phrases

Config = Annotated[Path | None, typer.Option("--config", help="config.yml")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for other programs")]


@cache
def _phrases(language: str) -> Phrases:
    from bot.house import PHRASES

    return Phrases.load(PHRASES, language)


def words(key: str, **params: str) -> str:
    """A sentence in Chinese."""
    return _phrases("zh").say(f"cli.{key}", **params)


def both(key: str, **params: str) -> str:
    """A sentence in Chinese, then in English."""
    return f"{words(key, **params)} · {_phrases('en').say(f'cli.{key}', **params)}"


def fail(*lines: str) -> NoReturn:
    """Say what is wrong, and end with exit code 1."""
    print(f"nuanxin: {both('start_failed')}", file=sys.stderr)
    for line in lines:
        print(f"  {line}", file=sys.stderr)
    sys.exit(1)


def show_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def settings_of(config: Path | None) -> Settings:
    """The settings, and a log that is quiet enough for a command."""
    import logging

    from bot import log

    log.set_up(level=logging.WARNING)
    return load(config)


@contextmanager
def opened(config: Path | None) -> Iterator[Any]:
    """The house, open for a command: settings, database and content."""
    from dataclasses import dataclass

    from bot.house import build_house
    from bot.opening import open_house
    from handlers.ports import House
    from storage.clock import utc_now
    from storage.database import Database

    @dataclass(frozen=True, slots=True)
    class Open:
        settings: Settings
        database: Database
        house: House

    settings = settings_of(config)
    today = utc_now().astimezone(settings.office.zone_info).date()
    house, _ = build_house(settings, today)
    found = open_house(settings)
    try:
        yield Open(settings, found.database, house)
    finally:
        found.database.close_blocking()
