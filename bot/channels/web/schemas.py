"""What the bodies of requests look like, for the description of the interface (OpenAPI)."""

from __future__ import annotations

from typing import Any

ID = {"type": "string", "pattern": "^[!-~]{1,128}$"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


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
MEDIA_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": ID,
                        "kind": {"type": "string", "enum": ["voice", "photo"]},
                        "file": {"type": "string", "format": "binary"},
                    },
                    "required": ["id", "kind", "file"],
                }
            }
        },
    }
}
PHOTO_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": ID,
                        "confirmed": {"type": "string", "enum": ["true"]},
                        "file": {"type": "string", "format": "binary"},
                    },
                    "required": ["id", "file"],
                }
            }
        },
    }
}
TEXT = {"type": "string", "minLength": 1}
WORD = {"type": "string", "minLength": 1, "maxLength": 64}
