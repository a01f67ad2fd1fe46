"""The web server: ours to start and to stop, so that open streams end at once."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

GRACE_SECONDS = 3  # for answers that are being sent; streams end by themselves
_BACKLOG = 2048


class CannotListen(Exception):
    """The address or the port cannot be had."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises CannotListen."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise CannotListen(f"{host}:{port}: {error.strerror or error}") from error


class Server(uvicorn.Server):
    """Serves an application on a socket of ours. The signals are bot/app.py's."""

    def __init__(self, application: ASGIApp, listener: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,  # addresses hold numbers and what was searched for
                server_header=False,
                timeout_keep_alive=20,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._listener = listener
        self.closing = asyncio.Event()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._listener.getsockname()[1])

    async def run_here(self) -> None:
        """Serve on the running loop, until `leave`."""
        await self._serve([self._listener])

    def leave(self) -> None:
        """Take no new connection; open answers are finished, open streams end."""
        self.closing.set()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: leave; a second one of Ctrl+C does not wait for anybody."""
        super().handle_exit(sig, frame)
        self.closing.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to those who also end the workers."""
        yield


def hear_signals(stop: asyncio.Event) -> Callable[[], None]:
    """Set `stop` at Ctrl+C or a deploy's SIGTERM; returns what undoes it."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)

    def restore() -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)

    return restore
