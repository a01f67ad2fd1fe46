"""Updates a second through the Telegram path, beside what bare bots do on the same test server."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NAMES = {"aiogram": "bare aiogram echo", "telegram": "bare python-telegram-bot echo"}
HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Measured:
    """One bot: how many people wrote, how long until all were answered, how much was sent."""

    people: int
    seconds: float
    sends: int

    @property
    def rate(self) -> float:
        """Updates a second."""
        return self.people / self.seconds


def measure(name: str, people: int, folder: Path) -> Measured:
    """`people` messages wait at the Bot API; one bot comes and answers them."""
    office = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.office", str(people)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert office.stdout is not None
    bot: subprocess.Popen[bytes] | None = None
    try:
        where = json.loads(office.stdout.readline())
        place = folder / name
        place.mkdir(exist_ok=True)
        with (folder / f"{name}.log").open("wb") as log:
            bot = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.bots", name, *where.values(), str(place)],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        found = json.loads(office.stdout.readline() or "{}")
        if not found:
            said = (folder / f"{name}.log").read_text(errors="replace")
            raise RuntimeError(f"{name} did not answer:\n{said[-3000:]}")
        return Measured(people, found["seconds"], found["sends"])
    finally:
        for process in (bot, office):
            if process is not None:
                process.terminate()
                process.wait(15)
