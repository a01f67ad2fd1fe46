"""Makes docs/settings.md from the models, so that no setting goes without its words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.settings.environment import PREFIX, Environment
from bot.settings.kinds import Unit
from bot.settings.office import Office
from bot.settings.problems import section_of

_HEAD = """\
# Settings

Made from the models in `bot/settings/` by `make docs`; change it there.

The office's own settings stand in `config.yml` under `office:`, what the machine decides in
environment variables. The other keys of `config.yml` are Rasa's. A key that is unknown, stands
twice or holds something else than it should stops the start, with file, line and the nearest known
key. Times are figures with a fraction where they are minutes, hours or seconds, so that a
demonstration can make minutes seconds (`0.1` is six seconds). "design §" names a chapter of the
design of the house.
"""


def _kind(field: FieldInfo) -> str:
    units = [part.name for part in field.metadata if isinstance(part, Unit)]
    if units:
        return units[0]
    shown = str(field.annotation)
    if get_origin(field.annotation) is Literal:
        return " or ".join(get_args(field.annotation))
    words = {  # the first sign that is found decides
        "Weekly": "as hours",
        "datetime.date": "dates",
        "Span": "spans of a day",
        "tuple[": "words",
        "Path": "path",
        "SecretStr": "secret",
        "int": "number",
    }
    return next((word for sign, word in words.items() if sign in shown), "text")


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, tuple):
        return f"`[{', '.join(_quoted(one) for one in value)}]`"
    if value is None:
        return "not set"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _quoted(value: object) -> str:
    return str(value) if isinstance(value, datetime.date) else f'"{value}"'


def fields(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Walks every setting of a model that is not itself a section, with its path."""
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        section = section_of(field.annotation)
        if section is None or field.default is None or section.__name__ == "Span":
            yield here, field
        else:
            yield from fields(section, here)


def _row(name: str, field: FieldInfo) -> str:
    what = " ".join((field.description or "").split())
    return f"| `{name}` | {_kind(field)} | {_default(field)} | {what} |"


def page() -> str:
    """Gives the whole page, in Markdown."""
    lines = [_HEAD, "## config.yml", ""]
    group = None
    for path, field in fields(Office, "office"):
        if (above := path.rpartition(".")[0]) != group:
            group = above
            lines += [
                "",
                f"### {above}",
                "",
                "| key | unit | default | what |",
                "|---|---|---|---|",
            ]
        lines.append(_row(path.rpartition(".")[2], field))
    lines += ["", "## Environment", "", "| variable | unit | default | what |", "|---|---|---|---|"]
    lines += [_row(PREFIX + name.upper(), field) for name, field in fields(Environment)]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def write(file: Path) -> None:
    """Writes the page into a file."""
    file.write_text(page(), encoding="utf-8")
