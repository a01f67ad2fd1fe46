"""Calls by plain HTTP, for tests that look at what stands on the wire."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.botapi.api import BotApi
from tests.botapi.world import Bot


class Refusal(Exception):
    """An answer that is not ok: its status and its body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("description"))
        self.status, self.body = status, body

    @property
    def description(self) -> str:
        return str(self.body.get("description"))


class Caller:
    """One bot. ``call("sendMessage", chat_id=5, text="x")`` gives the result, or raises Refusal."""

    def __init__(self, api: BotApi, bot: Bot | None = None, *, token: str = "") -> None:
        self.api, self.bot = api, bot
        self._token = bot.token if bot is not None else token

    def __call__(self, method: str, **params: Any) -> Any:
        body = json.dumps(params).encode()
        return self.raw("POST", method, body, "application/json")

    def form(self, method: str, **params: Any) -> Any:
        """The same as a form: what is no text is JSON."""
        coded = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        kind = "application/x-www-form-urlencoded"
        return self.raw("POST", method, urlencode(coded).encode(), kind)

    def query(self, method: str, **params: Any) -> Any:
        """The same in the address."""
        return self.raw("GET", f"{method}?{urlencode(params)}", b"", "text/plain")

    def upload(self, method: str, files: dict[str, bytes], **params: Any) -> Any:
        """Multipart: every file is a part with the name given here."""
        line = b"--line-between-the-parts"
        parts = [
            line + f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in params.items()
        ]
        for name, data in files.items():
            head = f'Content-Disposition: form-data; name="{name}"; filename="{name}.bin"\r\n'
            parts.append(line + b"\r\n" + head.encode() + b"\r\n" + data + b"\r\n")
        kind = "multipart/form-data; boundary=line-between-the-parts"
        return self.raw("POST", method, b"".join(parts) + line + b"--\r\n", kind)

    def raw(self, verb: str, path: str, body: bytes, kind: str, seconds: float = 10.0) -> Any:
        status, answer = self.fetch(f"/bot{self._token}/{path}", verb, body, kind, seconds)
        read = json.loads(answer)
        assert read["ok"] is (status == 200)
        if status != 200:
            assert read["error_code"] == status
            raise Refusal(status, read)
        return read["result"]

    def fetch(
        self,
        path: str,
        verb: str = "GET",
        body: bytes = b"",
        kind: str = "text/plain",
        seconds: float = 10.0,
    ) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.api.port, timeout=seconds)
        try:
            line.request(verb, path, body, {"Content-Type": kind})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def file(self, file_id: str) -> bytes:
        """A file by its id."""
        found = self("getFile", file_id=file_id)
        status, data = self.fetch(f"/file/bot{self._token}/{found['file_path']}")
        assert status == 200
        return data


def refused(call: Callable[..., Any], *args: Any, **params: Any) -> tuple[int, str]:
    with pytest.raises(Refusal) as caught:
        call(*args, **params)
    return caught.value.status, caught.value.description


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}
