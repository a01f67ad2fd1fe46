"""Somebody who takes webhooks, for the server's own tests."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Hooked:
    """Takes every update and notes what came, with which secret, and how much at once.

    answers: statuses of the next calls, the last one stays. fails_on: only this kind of update
    gets them, others get 200. seconds: how long an answer takes. reply: what stands in it.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[int] = [200]
        self.fails_on: str | None = None
        self.seconds = 0.0
        self.reply: dict[str, Any] | None = None
        self.most_at_once = self.most_of_one_chat = 0
        self._now: Counter[int] = Counter()
        self._changed = threading.Condition()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/hook"

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self._port), _handler(self))
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def take(self, update: dict[str, Any], secret: str | None) -> int:
        """Note it; the status to answer."""
        held = update.get("message") or update.get("callback_query", {}).get("message") or {}
        chat = held.get("chat", {}).get("id", 0)
        with self._changed:
            self._now[chat] += 1
            self.most_at_once = max(self.most_at_once, sum(self._now.values()))
            self.most_of_one_chat = max(self.most_of_one_chat, self._now[chat])
            self.taken.append(update)
            self.secrets.append(secret)
            status = 200
            if self.fails_on is None or self.fails_on in update:
                status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        time.sleep(self.seconds)
        with self._changed:
            self._now[chat] -= 1
            self._changed.notify_all()
        return status

    def waits_for(self, count: int, seconds: float = 10.0) -> None:
        with self._changed:
            there = self._changed.wait_for(lambda: len(self.taken) >= count, seconds)
        assert there, f"{len(self.taken)} of {count} updates came: {self.taken}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that is stopped closes its connections: nothing to say."""


def _handler(hooked: Hooked) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token")
            status = hooked.take(json.loads(body), secret)
            answer = json.dumps(hooked.reply).encode() if hooked.reply else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """It says nothing."""

    return Handler
