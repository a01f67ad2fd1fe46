"""Forks lives of the house: one process without threads that has imported everything before.

    python -m tests.durability.nest [module]

The module has `prepare`, `live`, its `Plan`, and LIMIT_SECONDS if it likes (life.py is one). One
line of JSON on stdin, a list of plans, is one group of processes at once; the answer is a line
with how each ended: {"code": -9 | 0 | …, "seconds": …, "late": whether it hung}.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

LIMIT_SECONDS = 60.0  # a life that takes longer hangs
_LOOK_SECONDS = 0.001
_NOT_YET = 1e12  # a time that does not come


class Plan(Protocol):
    """What the nest itself must know of a plan (plan.py)."""

    @property
    def folder(self) -> str: ...

    @property
    def life(self) -> int: ...

    @property
    def worker(self) -> int: ...

    @property
    def kill_after(self) -> float | None: ...

    @property
    def from_fork(self) -> bool: ...


@dataclass(slots=True)
class Egg:
    """A forked process. Its life writes a byte when its clients begin; the kill is counted from
    there, or from the fork (`kill_at` is set already)."""

    pid: int
    plan: Plan
    pipe: int
    began: float
    kill_at: float
    limit: float
    code: int | None = None
    ended: float = 0.0
    late: bool = False

    def look(self, now: float) -> None:
        """Reap it, or kill it when its time has come."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            self.code, self.ended = os.waitstatus_to_exitcode(status), now
            os.close(self.pipe)
        elif now >= min(self.kill_at, self.began + self.limit):
            os.kill(self.pid, signal.SIGKILL)
            self.late = self.kill_at > now
            self.kill_at = self.began = float("inf")
        elif self.plan.kill_after is not None and self.kill_at == _NOT_YET and self._has_begun():
            self.kill_at = now + self.plan.kill_after

    def _has_begun(self) -> bool:
        try:
            return bool(os.read(self.pipe, 1))
        except BlockingIOError:
            return False

    def told(self, began: float) -> dict[str, Any]:
        """For the one who asked."""
        return {"code": self.code, "seconds": round(self.ended - began, 3), "late": self.late}


def hatch(module: ModuleType, plan: Plan) -> Egg:
    """Fork one life."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _own_files(plan)
            code = module.live(plan, lambda: os.write(writing, b"."))
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writing)
    os.set_blocking(reading, False)
    began = time.monotonic()
    kill_at = _NOT_YET
    if plan.kill_after is not None and plan.from_fork:
        kill_at = began + plan.kill_after
    limit = getattr(module, "LIMIT_SECONDS", LIMIT_SECONDS)
    return Egg(pid, plan, reading, began, kill_at, limit)


def _own_files(plan: Plan) -> None:
    """Its own log in place of the pipes of the nest."""
    log = os.open(
        Path(plan.folder, f"life-{plan.life}.{plan.worker}.log"),
        os.O_WRONLY | os.O_CREAT | os.O_APPEND,
        0o600,
    )
    for number in (1, 2):
        os.dup2(log, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def main() -> None:
    """Answer until stdin ends."""
    module = importlib.import_module(sys.argv[1] if sys.argv[1:] else "tests.durability.life")
    module.prepare()
    gc.collect()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        began = time.monotonic()
        eggs = [hatch(module, module.Plan.from_json(each)) for each in json.loads(line)]
        while any(egg.code is None for egg in eggs):
            time.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            for egg in eggs:
                if egg.code is None:
                    egg.look(now)
        sys.stdout.write(json.dumps([egg.told(began) for egg in eggs]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
