"""Named points at which a test may kill the process, to prove that nothing is lost there.

NUANXIN_FAILPOINT="handle.before_commit"      kill -9 at the first passing
NUANXIN_FAILPOINT="handle.before_commit:5"    at the fifth
"""

from __future__ import annotations

import difflib
import os
import signal
import threading
from collections.abc import Callable

VARIABLE = "NUANXIN_FAILPOINT"

POINTS: tuple[str, ...] = (
    "intake.before_commit",
    "intake.after_commit",
    "handle.claimed",
    "handle.before_commit",
    "handle.after_commit",
    "deliver.claimed",
    "deliver.before_send",
    "deliver.after_send",
    "deliver.after_commit",
    "tick.claimed",
    "tick.before_commit",
    "tick.after_commit",
    "media.after_file",
    "media.after_commit",
)
_KNOWN = frozenset(POINTS)


class UnknownPoint(ValueError):
    """No such point; the message names the nearest."""


class _Armed:
    """The point that is armed, and how many passings are left."""

    def __init__(self, name: str, left: int, action: Callable[[], object]) -> None:
        self.name, self.left, self.action = name, left, action
        self._lock = threading.Lock()

    def passing(self) -> None:
        with self._lock:
            self.left -= 1
            now = self.left == 0
        if now:
            self.action()


class _State:
    """What the environment armed; read at the first passing."""

    read = False
    armed: _Armed | None = None


def failpoint(name: str) -> None:
    """Pass the point `name`: nothing happens unless it is armed.

    Raises UnknownPoint for a name that is not in POINTS, armed or not.
    """
    if name not in _KNOWN:
        raise _unknown(name)
    if not _State.read:
        load()
    armed = _State.armed
    if armed is not None and armed.name == name:
        armed.passing()


def load() -> None:
    """Arm what the environment names. Called at the start, so that a misspelling is loud.

    Raises UnknownPoint for an unknown name and ValueError for a count that is not 1, 2, 3, …
    """
    _State.read = True
    text = os.environ.get(VARIABLE, "").strip()
    if text:
        arm(text)


def arm(text: str, action: Callable[[], object] | None = None) -> None:
    """Arm "name" or "name:n". `action` happens at the n-th passing; without one, kill -9."""
    name, _, count = text.partition(":")
    if name not in _KNOWN:
        raise _unknown(name)
    if count and not (count.isdecimal() and int(count) > 0):
        raise ValueError(f'{VARIABLE}="{text}": the count after ":" is 1, 2, 3, …')
    _State.read = True
    _State.armed = _Armed(name, int(count or 1), action or _kill)


def disarm() -> None:
    """Arm nothing, whatever the environment says."""
    _State.read = True
    _State.armed = None


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _unknown(name: str) -> UnknownPoint:
    near = difflib.get_close_matches(name, POINTS, n=1, cutoff=0.0)
    return UnknownPoint(f"no failpoint {name!r}; did you mean {near[0]!r}?")
