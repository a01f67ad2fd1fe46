"""Settings: config.yml (`office:` is ours, the rest is Rasa's) and the environment, read once.

settings = load()
settings.office.ladder.red.second     # minutes
settings.database_url                 # what SQLAlchemy takes
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.settings import problems
from bot.settings.environment import Environment, given, misspelled
from bot.settings.kinds import Section, Span
from bot.settings.office import Office, Weekly
from bot.settings.problems import SettingsError

__all__ = ["Environment", "Office", "Settings", "SettingsError", "Span", "Weekly", "load"]


class Settings(Section):
    """All that can be set, checked and frozen."""

    office: Office = Office()
    env: Environment = Environment()

    @property
    def database_url(self) -> str:
        """The database, as SQLAlchemy writes it."""
        return self.env.database_url or f"sqlite:///{self.env.data / 'nuanxin.db'}"

    @property
    def public_url(self) -> str:
        """The address for links, without a slash at its end."""
        return (self.env.public_url or f"http://{self.env.host}:{self.env.port}").rstrip("/")


def _read(file: Path) -> tuple[Any, dict[problems.Place, int]]:
    """Reads a YAML file: its content, and the line of each place in it."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8"
        raise SettingsError([f"{file}: cannot be read: {reason}"]) from None
    try:
        content = yaml.safe_load(text)
        places = list(problems.lines_of(yaml.compose(text, Loader=yaml.SafeLoader)))
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else str(file)
        reason = getattr(wrong, "problem", None) or "not YAML"
        raise SettingsError([f"{where}: cannot be read: {reason}"]) from None
    twice = [
        f"{file}:{line}: {'.'.join(map(str, place))}: stands twice"
        for place, line, again in places
        if again and place[0] == "office"
    ]
    if twice:
        raise SettingsError(twice)
    return content, {place: line for place, line, _ in places}


def _office(file: Path) -> Office:
    content, at = _read(file)
    if content is None:
        return Office()
    if not isinstance(content, dict):
        raise SettingsError([f"{file}:1: should hold keys, with ours under office:"])
    for name in content:  # Rasa's own keys are left alone, but not a slip in ours
        if name != "office" and difflib.get_close_matches(str(name), ["office"], cutoff=0.7):
            line = at.get((str(name),), 1)
            raise SettingsError([f"{file}:{line}: {name}: unknown key; did you mean office?"])
    ours = content.get("office")
    if ours is None:
        return Office()
    try:
        return Office.model_validate(ours)
    except ValidationError as wrong:
        raise SettingsError(problems.in_office(wrong, Office, file, at)) from None


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Reads the settings of the house.

    `path` names config.yml and overrules NUANXIN_CONFIG; a file that was named must exist, the
    default one may be missing. `environ` is `os.environ` where it is not given.
    Raises SettingsError with a line for each thing that is wrong.
    """
    environ = os.environ if environ is None else environ
    lines = [
        f"environment: {name}: unknown; did you mean {known}?"
        for name, known in misspelled(environ).items()
    ]
    values = given(environ)
    if path is not None:
        values["config"] = str(path)
    try:
        env = Environment.model_validate(values)
    except ValidationError as wrong:
        raise SettingsError(lines + problems.in_environment(wrong)) from None
    office = Office()
    if "config" in values or env.config.exists():
        try:
            office = _office(env.config)
        except SettingsError as wrong:
            lines.extend(wrong.lines)
    if lines:
        raise SettingsError(lines)
    return Settings(office=office, env=env)
