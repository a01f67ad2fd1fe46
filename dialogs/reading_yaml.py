"""YAML as advisors write it: `yes` and `no` are words, and a key stands once.

YAML 1.1 reads a bare `yes` as a truth value; a choice called `yes` would then lose its name.
Only `true` and `false` are truth values here, as in YAML 1.2.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_BOOL = "tag:yaml.org,2002:bool"


class ContentError(ValueError):
    """A content file cannot be used; says the file, the place in it, and the remedy."""

    def __init__(self, file: str, place: str, remedy: str) -> None:
        super().__init__(f"{file}: {place}: {remedy}" if place else f"{file}: {remedy}")
        self.file = file
        self.place = place
        self.remedy = remedy


class _Loader(yaml.CSafeLoader):
    """A safe loader (libyaml's: ten times as fast) that takes no word for a truth value.

    A key that stands twice is an error, because the first one would be lost without a word.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != _BOOL]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"'{name}' stands twice; keep one", key.start_mark
            )
        seen.add(name)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(path: Path) -> Any:
    """The content of one YAML file; raises ContentError with the line where it is broken."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise ContentError(path.name, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ContentError(path.name, "", "is not UTF-8; save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ContentError(path.name, line, str(error.problem)) from error
    except yaml.YAMLError as error:
        raise ContentError(path.name, "", str(error)) from error


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or the list of what is known."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    return "known are: " + ", ".join(names) if names else "none is known"
