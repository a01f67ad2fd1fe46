"""The house as a real process of its own, started as `make run` starts it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0  # a first start learns, and the machine may be busy
_LEARNED = ROOT / "build" / "journeys"  # what a first house has learned serves the next ones
_LINK = re.compile(r"https?://\S+")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {day: ["00:00-24:00"] for day in DAYS}
SHORT: dict[str, Any] = {
    # a demonstration's times: minutes become seconds, and duty minutes run at any hour
    "duty_hours": ALWAYS,
    "ladder": {
        "orange": {"act": 0.05, "tier_up": 0.1},
        "unseen": {"orange": 0.05, "yellow": 0.05, "green": 0.05},
        "bell_pause": 0.02,
    },
    "clock": {"tick": 0.2},
}


@dataclass
class LiveHouse:
    """`python -m bot serve` on a port of its own, with its own data folder."""

    folder: Path
    office: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    port: int = 0
    module: str = "bot"  # what `python -m` starts
    process: subprocess.Popen[str] | None = None
    lines: list[str] = field(default_factory=list)
    _ear: threading.Thread | None = None

    def start(self) -> LiveHouse:
        """Start it and wait until it has said where it is."""
        config = self.folder / "config.yml"
        if not config.exists():
            whole = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
            _lay_over(whole["office"], self.office)
            config.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
        cache = self.folder / "data" / "cache"
        if _LEARNED.is_dir() and not cache.exists():
            shutil.copytree(_LEARNED, cache)
        self.port = self.port or free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, "serve"],
            cwd=ROOT,
            env=self._environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.lines = []
        self._ear = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self._ear.start()
        try:
            self._until_ready(time.monotonic() + START_SECONDS)
        except BaseException:
            self.kill()
            raise
        _keep(cache)
        return self

    @property
    def _environ(self) -> dict[str, str]:
        """What the process is told, and a command of the command line beside it."""
        return os.environ | {
            "NUANXIN_DATA": str(self.folder / "data"),
            "NUANXIN_KEY_FILE": str(self.folder / "house.key"),
            "NUANXIN_CONFIG": str(self.folder / "config.yml"),
            "NUANXIN_HOST": "127.0.0.1",
            "NUANXIN_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **self.environ,
        }

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line)

    def _until_ready(self, until: float) -> None:
        """A first start trains its reader; messages are stored meanwhile, and answered after."""
        assert self.process is not None
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the house was not ready:\n" + "".join(self.lines))

    @property
    def url(self) -> str:
        """The resident's page."""
        return f"http://127.0.0.1:{self.port}/"

    def join_links(self, count: int) -> list[str]:
        """The one-time links that the first start prints: an advisor's, then a supervisor's."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            found = [
                link.group()
                for link in map(_LINK.search, self.lines)
                if link and "/desk/join/" in link.group()
            ]
            if len(found) >= count:
                return found[:count]
            time.sleep(0.05)
        raise RuntimeError("no links:\n" + "".join(self.lines))

    def run(self, *words: str) -> str:
        """A command of the command line beside the running house."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=self._environ,
            text=True,
            capture_output=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def kill(self) -> None:
        """SIGKILL: as a power cut."""
        assert self.process is not None
        self.process.kill()
        self._hang_up()

    def _hang_up(self) -> None:
        """The process has ended: its last words were heard, and its pipe is closed."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(10)
        if self._ear is not None:
            self._ear.join(10)
        self.process.stdout.close()

    def stop(self) -> int:
        """SIGTERM, as a deploy; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self._hang_up()


def _lay_over(base: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _lay_over(base[key], value)
        else:
            base[key] = value


def _keep(cache: Path) -> None:
    """What this house knows, and nothing older; others may run beside us."""
    _LEARNED.mkdir(parents=True, exist_ok=True)
    known = {each.name for each in cache.iterdir()}
    for name in known:
        if not (_LEARNED / name).exists():
            part = _LEARNED / f"{name}.{os.getpid()}"
            shutil.copy(cache / name, part)
            part.replace(_LEARNED / name)
    for old in _LEARNED.glob("*.npz"):
        if old.name not in known:
            old.unlink(missing_ok=True)
