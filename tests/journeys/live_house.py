"""The house as a real process of its own, started as `make run` starts it."""

from __future__ import annotations

import os
import queue
import re
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

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
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
        environ = os.environ | {
            "NUANXIN_DATA": str(self.folder / "data"),
            "NUANXIN_KEY_FILE": str(self.folder / "house.key"),
            "NUANXIN_CONFIG": str(config),
            "NUANXIN_HOST": "127.0.0.1",
            "NUANXIN_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **self.environ,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, "serve"],
            cwd=ROOT,
            env=environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.lines = []
        heard: queue.Queue[str | None] = queue.Queue()
        self._ear = threading.Thread(target=self._listen, args=(self.process, heard), daemon=True)
        self._ear.start()
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            line = heard.get(timeout=max(0.1, until - time.monotonic()))
            if line is None:
                break
            found = _LINK.search(line)
            if found and found.group().rstrip("/").count("/") == 2:
                self.port = int(found.group().rstrip("/").rsplit(":", 1)[1])
                self._until_ready(until)
                return self
        raise RuntimeError("the house did not start:\n" + "".join(self.lines))

    def _listen(self, process: subprocess.Popen[str], heard: queue.Queue[str | None]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line)
            heard.put(line)
        heard.put(None)

    def _until_ready(self, until: float) -> None:
        """A first start trains its reader; messages are stored meanwhile, and answered after."""
        while time.monotonic() < until:
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
        environ = os.environ | {
            "NUANXIN_DATA": str(self.folder / "data"),
            "NUANXIN_KEY_FILE": str(self.folder / "house.key"),
            "NUANXIN_CONFIG": str(self.folder / "config.yml"),
            "NUANXIN_PORT": str(self.port),
            **self.environ,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=environ,
            text=True,
            capture_output=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def kill(self) -> None:
        """SIGKILL: as a power cut."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self._hang_up()

    def _hang_up(self) -> None:
        """The process has ended: its last words were heard, and its pipe is closed."""
        assert self.process is not None
        assert self.process.stdout is not None
        if self._ear is not None:
            self._ear.join(10)
        self.process.stdout.close()

    def stop(self) -> int:
        """SIGTERM, as a deploy; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(15)
        self._hang_up()
        return code


def _lay_over(base: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _lay_over(base[key], value)
        else:
            base[key] = value
