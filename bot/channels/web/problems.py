"""What a request cannot have: a status, a code, and a sentence for the person who reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from starlette.responses import Response


class Problem(Exception):
    """A refusal: `code` names the sentence `errors.<code>`, `params` fill it."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        retry_after: int | None = None,
        params: Mapping[str, str] | None = None,
        field: str | None = None,
        close: bool = False,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.params = status, code, dict(params or {})
        if field is not None:
            self.params["field"] = field
        self.retry_after, self.close = retry_after, close


class Json(Response):
    """JSON that carries any string, half a surrogate pair too."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return dump(content).encode()


def dump(content: Any) -> str:
    """Compact JSON of plain values and dataclasses that can always be encoded as UTF-8."""
    text = _ENCODER.encode(content)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: written as an escape, as it came
        return _ASCII.encode(content)
    return text


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        # a field that would be a keyword of Python, as `from`, ends in an underscore
        return {each.name.rstrip("_"): getattr(value, each.name) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} is not for JSON")


_COMPACT: dict[str, Any] = {"separators": (",", ":"), "allow_nan": False, "default": _plain}
_ENCODER = json.JSONEncoder(ensure_ascii=False, **_COMPACT)
_ASCII = json.JSONEncoder(ensure_ascii=True, **_COMPACT)


def answer(problem: Problem, say: str) -> Json:
    """A refusal as the client gets it."""
    body: dict[str, Any] = {"error": problem.code, "say": say}
    body.update({key: value for key, value in problem.params.items() if key not in body})
    headers: Mapping[str, str] = {"Cache-Control": "no-store"}
    if problem.retry_after is not None:
        headers = {**headers, "Retry-After": str(problem.retry_after)}
    if problem.close:
        headers = {**headers, "Connection": "close"}
    return Json(body, status_code=problem.status, headers=dict(headers))
