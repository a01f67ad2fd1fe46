"""A port that is known before the house starts, as a webhook needs it."""

from __future__ import annotations

import random
import socket

_OURS = range(20_000, 30_000)  # below those that a system gives to lines that go out
_CHANCE = random.SystemRandom()


def free_port() -> int:
    """A port that nobody listens on, and that no line which goes out takes in the meantime."""
    while True:
        port = _CHANCE.choice(_OURS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
