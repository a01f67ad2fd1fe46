"""Calls and answers held against both libraries' models of the Bot API.

Both libraries keep what they do not know (``model_extra``, ``api_kwargs``) instead of refusing it;
here nothing unknown may be left over, in any depth.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args, get_origin

from tests.botapi.errors import bad
from tests.botapi.parameters import Given

_EMPTY = {"chat_id": "chat_id is empty", "text": "message text is empty"}


class Strange(Exception):
    """The server itself was about to say something that the Bot API does not know."""


@functools.cache
def methods() -> dict[str, Any]:
    """aiogram's classes by the method's name in small letters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import aiogram.methods as models

    found = {}
    for name in models.__all__:
        each = getattr(models, name)
        api_name = getattr(each, "__api_method__", None)
        if isinstance(api_name, str):
            found[api_name.lower()] = each
    return found


def call(method: str, given: Given) -> None:
    """
    Raises:
        ApiError: a parameter is unknown, missing, or of the wrong kind.
    """
    import aiogram.types
    from pydantic import ValidationError

    model = methods()[method.lower()]
    params = dict(given.params)
    strange = [name for name in params if name not in model.model_fields]
    if strange:
        raise bad(f"unknown parameter {strange[0]}")
    used = set(_attached(params))
    for name, upload in given.files.items():
        if name in model.model_fields and name not in used:
            params[name] = aiogram.types.BufferedInputFile(upload.data, upload.name or name)
        elif name not in used:
            raise bad(f"unknown file {name}")
    missing = used - set(given.files)
    if missing:
        raise bad(f"file {missing.pop()} is not in the request")
    try:
        read = model.model_validate(params)
    except ValidationError as error:
        raise bad(_words(error.errors()[0])) from error
    left = next(iter(leftovers(read)), None)
    if left:
        raise bad(f"unknown parameter {left}")


def _words(error: Any) -> str:
    path = [str(each) for each in error["loc"]]
    if error["type"] == "missing" and len(path) == 1:
        return _EMPTY.get(path[0], f'parameter "{path[0]}" is required')
    return f"can't parse {'.'.join(path)}: {error['msg']}"


def _attached(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        if value.startswith("attach://"):
            yield value.removeprefix("attach://")
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _attached(each)
    elif isinstance(value, list):
        for each in value:
            yield from _attached(each)


def answer(method: str, result: Any) -> None:
    """
    Raises:
        Strange: one of the libraries does not know what is about to be answered.
    """
    aiogram_reads(methods()[method.lower()].__returning__, result)
    telegram_reads(methods()[method.lower()].__returning__, result)


def update(raw: dict[str, Any]) -> None:
    """
    Raises:
        Strange: one of the libraries does not know what is in this update.
    """
    import aiogram.types

    methods()
    aiogram_reads(aiogram.types.Update, raw)
    telegram_reads(aiogram.types.Update, raw)


@functools.cache
def _reader(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def aiogram_reads(kind: Any, result: Any) -> Any:
    from pydantic import ValidationError

    try:
        read = _reader(kind).validate_python(result)
    except ValidationError as error:
        raise Strange(f"aiogram: {error}") from error
    left = list(leftovers(read))
    if left:
        raise Strange(f"aiogram does not know {left} in {result}")
    return read


def leftovers(read: Any, path: str = "") -> Iterable[str]:
    """Names in a model, or in anything inside it, that the model does not have."""
    if isinstance(read, list | tuple):
        for number, each in enumerate(read):
            yield from leftovers(each, f"{path}[{number}]")
        return
    fields = getattr(type(read), "model_fields", None)
    if fields is None:
        return
    for name in read.model_extra or ():
        yield f"{path}.{name}".strip(".")
    for name in read.model_fields_set:
        if name in fields:
            value = getattr(read, name)
            if not isinstance(value, str | int | float | bool | None):
                yield from leftovers(value, f"{path}.{name}".strip("."))


def telegram_reads(kind: Any, result: Any) -> Any:
    """python-telegram-bot's reading of the same answer; None for plain values."""
    import telegram

    names = [each for each in (get_args(kind) or (kind,)) if hasattr(each, "model_fields")]
    if not names or isinstance(result, bool | int | str):
        return None
    model: Any = getattr(telegram, _THEIRS.get(names[0].__name__, names[0].__name__))
    try:
        if get_origin(kind) is list:
            read: Any = model.de_list(result, None)
        else:
            read = model.de_json(result, None)
    except (TypeError, KeyError, ValueError) as error:
        raise Strange(f"python-telegram-bot: {error!r} in {result}") from error
    left = list(unknown(read))
    if left:
        raise Strange(f"python-telegram-bot does not know {left} in {result}")
    return read


# one name in aiogram, another in python-telegram-bot, where the answer is one of several kinds
_THEIRS = {
    "ChatMemberOwner": "ChatMember",
    "MenuButtonDefault": "MenuButton",
    "MenuButtonCommands": "MenuButton",
}


def unknown(read: Any, path: str = "") -> Iterable[str]:
    """Names that python-telegram-bot kept aside because it does not know them."""
    import telegram

    if isinstance(read, list | tuple):
        for number, each in enumerate(read):
            yield from unknown(each, f"{path}[{number}]")
    elif isinstance(read, telegram.TelegramObject):
        for name in read.api_kwargs:
            yield f"{path}.{name}".strip(".")
        for name in _slots(cast(Any, type(read))):
            yield from unknown(getattr(read, name, None), f"{path}.{name}".strip("."))


@functools.cache
def _slots(kind: Any) -> tuple[str, ...]:
    slots = (name for each in kind.__mro__ for name in getattr(each, "__slots__", ()))
    return tuple(name for name in slots if not name.startswith("_") and name != "api_kwargs")
