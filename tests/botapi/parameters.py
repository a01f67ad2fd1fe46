"""From a request to the parameters of a method: query, JSON, form and both styles of upload."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.botapi.errors import ApiError, bad

INTEGERS = frozenset(
    [
        "chat_id",
        "message_id",
        "offset",
        "limit",
        "timeout",
        "duration",
        "width",
        "height",
        "max_connections",
        "user_id",
        "reply_to_message_id",
        "message_thread_id",
        "direct_messages_topic_id",
        "live_period",
        "heading",
        "proximity_alert_radius",
        "start_timestamp",
        "cache_time",
        "receiver_user_id",
    ]
)
NUMBERS = frozenset(("latitude", "longitude", "horizontal_accuracy"))
SWITCHES = frozenset(
    [
        "disable_notification",
        "protect_content",
        "drop_pending_updates",
        "show_alert",
        "has_spoiler",
        "is_big",
        "allow_sending_without_reply",
        "disable_web_page_preview",
        "supports_streaming",
        "allow_paid_broadcast",
        "show_caption_above_media",
        "disable_content_type_detection",
    ]
)
OBJECTS = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "reply_parameters",
        "link_preview_options",
        "allowed_updates",
        "commands",
        "scope",
        "media",
        "reaction",
        "menu_button",
        "suggested_post_parameters",
        "ephemeral_message_parameters",
        "rich_message",
    ]
)


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    part: str
    name: str | None
    mime: str | None
    data: bytes


@dataclass(frozen=True)
class Given:
    """What a call brought: parameters with their types, and files by the names of their parts."""

    params: dict[str, Any]
    files: dict[str, Upload]


async def read(request: web.Request) -> Given:
    """
    Raises:
        ApiError: a value is not what its name says, or the body cannot be read.
    """
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    kind = request.content_type
    try:
        if kind == "application/json":
            body = await request.read()
            raw |= json.loads(body) if body else {}
        elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            for name, value in (await request.post()).items():
                if isinstance(value, FileField):
                    mime = value.content_type
                    files[name] = Upload(name, value.filename, mime, value.file.read())
                else:
                    raw[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413, "Request Entity Too Large") from error
    except ValueError as error:
        raise bad("can't parse the request") from error
    typed = {name: _typed(name, value) for name, value in raw.items()}
    return Given({name: value for name, value in typed.items() if value is not None}, files)


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if name in INTEGERS:
            return value if name == "chat_id" and value[:1] in ("@", "") else int(value)
        if name in NUMBERS:
            return float(value)
        if name in OBJECTS:
            return json.loads(value) if value else None
    except ValueError as error:
        raise bad(f"can't parse {name}") from error
    if name in SWITCHES:
        return value.lower() in ("true", "yes", "1")
    return value
