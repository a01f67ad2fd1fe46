"""Says what is wrong with the settings: one line each, with file, line and the nearest key."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from bot.settings.environment import PREFIX, Environment

Place = tuple[str | int, ...]


class SettingsError(Exception):
    """The settings cannot be used; `lines` holds one readable line for each reason."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def section_of(annotation: Any) -> type[BaseModel] | None:
    """Gives the section that a field holds, none where it holds a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, types.UnionType):
        return next((found for one in get_args(annotation) if (found := section_of(one))), None)
    return None


def known_keys(model: type[BaseModel], place: Place) -> list[str]:
    """Gives the keys that may stand at a place below a model, none where no section is."""
    here: type[BaseModel] | None = model
    for name in place:
        field = here.model_fields.get(str(name)) if here else None
        here = section_of(field.annotation) if field else None
    return list(here.model_fields) if here else []


def nearest(name: str, known: list[str]) -> str:
    """Says the nearest known name, or all of them where none is near."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"


def lines_of(node: yaml.Node | None, place: Place = ()) -> Iterator[tuple[Place, int, bool]]:
    """Walks a YAML tree: each place with its line (from 1), and whether its key stands twice."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            yield (*place, name), key.start_mark.line + 1, name in seen
            seen.add(name)
            yield from lines_of(value, (*place, name))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*place, number), value.start_mark.line + 1, False
            yield from lines_of(value, (*place, number))


def _reason(error: Mapping[str, Any], secret: bool) -> str:
    kind, found = error["type"], error["input"]
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    if kind == "missing":
        return "is missing"
    if kind == "string_pattern_mismatch":
        said = "is not written as it should be"
    if secret or isinstance(found, dict | list | BaseModel):
        return said
    if kind == "string_type" and isinstance(found, int | float):
        return f"{said}: write it in quotes"
    return f"{said}, but here stands {found!r}"


def in_office(
    wrong: ValidationError, model: type[BaseModel], file: Path, at: Mapping[Place, int]
) -> list[str]:
    """Says what is wrong below `office:`; `at` holds the lines of the file, from 1."""
    said = []
    for error in wrong.errors(include_url=False):
        place: Place = ("office", *error["loc"])
        shown = ".".join(str(part) for part in place)
        line = next((at[place[:n]] for n in range(len(place), 0, -1) if place[:n] in at), 1)
        if error["type"] == "extra_forbidden":
            known = known_keys(model, error["loc"][:-1])
            reason = f"unknown key; {nearest(str(error['loc'][-1]), known)}"
        else:
            reason = _reason(error, secret=False)
        said.append(f"{file}:{line}: {shown}: {reason}")
    return said


def in_environment(wrong: ValidationError) -> list[str]:
    """Says what is wrong with NUANXIN_ variables; what may be secret is not repeated."""
    said = []
    for error in wrong.errors(include_url=False):
        name = str(error["loc"][0])
        kind = Environment.model_fields[name].annotation
        secret = name == "database_url" or "Secret" in str(kind)
        said.append(f"environment: {PREFIX}{name.upper()}: {_reason(error, secret)}")
    return said
