"""What the bodies of requests look like, for the description of the interface (OpenAPI)."""

from __future__ import annotations

from typing import Any

ID = {"type": "string", "pattern": "^[!-~]{1,128}$"}


def _body(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return _body("application/json", schema)


def fields(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """A JSON object with exactly these fields."""
    return _json(
        {
            "type": "object",
            "properties": {**required, **(optional or {})},
            "required": list(required),
            "additionalProperties": False,
        }
    )


def _form(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """A form with these fields and a file."""
    file = {"file": {"type": "string", "format": "binary"}}
    schema = {
        "type": "object",
        "properties": {**required, **(optional or {}), **file},
        "required": [*required, *file],
    }
    return _body("multipart/form-data", schema)


CHOICE_OR_TEXT = _json(
    {
        "oneOf": [
            {
                "type": "object",
                "properties": {"id": ID, "text": {"type": "string", "pattern": "\\S"}},
                "required": ["id", "text"],
                "additionalProperties": False,
            },
            {
                "type": "object",
                "properties": {"id": ID, "choice": {"type": "string", "pattern": "^[!-~]{1,64}$"}},
                "required": ["id", "choice"],
                "additionalProperties": False,
            },
        ]
    }
)
SEEN = fields({"seq": {"type": "integer", "minimum": 0, "maximum": 2**53}})
MEDIA_FORM = _form({"id": ID, "kind": {"type": "string", "enum": ["voice", "photo"]}})
PHOTO_FORM = _form({"id": ID}, {"confirmed": {"type": "string", "enum": ["true"]}})
TEXT = {"type": "string", "minLength": 1}
WORD = {"type": "string", "minLength": 1, "maxLength": 64}
