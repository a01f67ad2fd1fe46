"""Parameters as both libraries model them, and the methods that our own bots use."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from tests.botapi import check, parameters
from tests.botapi.server import METHODS

ROOT = Path(__file__).parents[2]


def snake(name: str) -> str:
    return re.sub("([A-Z])", lambda found: "_" + found[1].lower(), name)


def kinds(annotation: Any) -> set[Any]:
    """The plain kinds in an annotation; everything that is sent as JSON is ``dict``."""
    if get_origin(annotation) in (Union, UnionType):
        return {kind for each in get_args(annotation) for kind in kinds(each)} - {type(None)}
    if annotation in (str, int, float, bool, type(None)):
        return {annotation}
    name = getattr(annotation, "__name__", "")
    return {name} if name in ("InputFile", "Default") else {dict}


def test_parameters_are_read_as_aiogram_types_them() -> None:
    """The server's own tables of kinds hold for every parameter of every method it has."""
    seen = 0
    for method in METHODS:
        for name, field in check.methods()[method.lower()].model_fields.items():
            found = kinds(field.annotation) - {"Default", "InputFile"}
            table = next(
                (
                    kind
                    for kind, names in (
                        (int, parameters.INTEGERS),
                        (float, parameters.NUMBERS),
                        (bool, parameters.SWITCHES),
                        (dict, parameters.OBJECTS),
                    )
                    if name in names
                ),
                str,
            )
            assert not found or table in found, (method, name, found)
            assert table is not str or found <= {str}, (method, name, found)
            seen += 1
    assert seen > 250


_EXTRA = {"filename", "contact", "location", "venue", "duration", "media"}  # conveniences


def test_both_libraries_agree_on_the_parameters() -> None:
    """What python-telegram-bot can send is what aiogram's models, and so the server, accept."""
    import telegram

    common = {"self", "api_kwargs"}
    seen = 0
    for method in METHODS:
        fields = set(check.methods()[method.lower()].model_fields)
        theirs = inspect.signature(getattr(telegram.Bot, snake(method))).parameters
        names = {each for each in theirs if not each.endswith("_timeout")} - common
        unknown = names - fields - _EXTRA - ({"caption", "parse_mode", "caption_entities"})
        assert not unknown, method
        seen += len(names)
    assert seen > 200


# ---------------------------------------------------------------- what our bots use

BOTS = ("bot/channels/telegram", "bot/channels/telegram_residents", "bot/channels/telegram_staff")


def used_by_our_bots() -> set[str]:
    """The methods that stand in our channels' code, in either spelling."""
    spelled = {snake(each.__api_method__): each.__api_method__ for each in check.methods().values()}
    spelled |= {each.__api_method__: each.__api_method__ for each in check.methods().values()}
    del spelled["close"]  # everything is closed once, a bot as a session hardly ever
    classes = {each.__name__: each.__api_method__ for each in check.methods().values()}
    found = set()
    for folder in BOTS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for word in re.findall(r"(?:\bbot|\bline|_bot|_line|_api)\.(\w+)", text):
                found.add(spelled.get(word))
            for word in re.findall(r"""["'](\w+)["']""", text):
                found.add(spelled.get(word) if "_" in word or word[:1].islower() else None)
            for word in re.findall(r"\b([A-Z]\w+)[(,]", text):
                found.add(classes.get(word) if "aiogram.methods" in text else None)
    return {each for each in found if each}


def test_every_method_that_our_bots_use_is_there() -> None:
    used = used_by_our_bots()
    assert used, "our bots use no method: this test looks in the wrong place"
    assert used <= set(METHODS), "write them in tests/botapi, with their refusals"
