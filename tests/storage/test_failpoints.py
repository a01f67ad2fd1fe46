"""Failpoints: quiet unless armed, loud when misspelt, and deadly when meant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import failpoints
from storage.failpoints import POINTS, UnknownPoint, failpoint


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    failpoints.disarm()
    yield
    failpoints.disarm()


def test_there_are_points() -> None:
    assert len(POINTS) == len(set(POINTS)) >= 14


@pytest.mark.parametrize("name", POINTS)
def test_every_point_is_quiet_unless_armed_and_then_acts_once(name: str) -> None:
    passed: list[str] = []
    failpoint(name)
    failpoints.arm(f"{name}:2", lambda: passed.append(name))
    for other in POINTS:
        if other != name:
            failpoint(other)
    failpoint(name)
    assert passed == []
    failpoint(name)
    failpoint(name)
    assert passed == [name]


def test_an_unknown_name_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UnknownPoint, match=r"handle\.before_commit"):
        failpoint("handle.befor_commit")
    with pytest.raises(UnknownPoint, match=r"tick\.claimed"):
        failpoints.arm("tick.claim:3")
    for count in ("0", "-1", "x", "1.5"):
        with pytest.raises(ValueError, match="count"):
            failpoints.arm(f"tick.claimed:{count}")


def run(variable: str) -> subprocess.CompletedProcess[str]:
    code = (
        "from storage.failpoints import failpoint\n"
        "for n in range(5):\n"
        "    failpoint('handle.claimed')\n"
        "    print(n, flush=True)\n"
    )
    env = {**os.environ, failpoints.VARIABLE: variable, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.kill
@pytest.mark.slow
def test_the_environment_arms_kill_9_at_the_nth_passing() -> None:
    done = run("handle.claimed:3")
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == ["0", "1"]
    assert run("").returncode == 0
    misspelt = run("handle.claim")
    assert misspelt.returncode == 1
    assert "handle.claimed" in misspelt.stderr
