"""`make bench`: how fast the house is, measured in one run, beside what the same machine can do."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from bot.house import NLU_DATA, build_house
from bot.readers import linear
from bot.settings import load
from storage.clock import utc_now
from storage.database import Database
from storage.engines import write_engine
from storage.keys import Keyring
from tests.bench import latency, path, updates
from tests.conftest import Postgres, fill
from tests.journeys.live_house import LiveHouse

CONVERSATIONS = 300
UPDATES = 1_000
GOALS = {"rate": 500.0, "p50": 15.0, "p99": 50.0, "start": 3.0, "memory": 250.0}


def line(what: str, value: str, goal: str = "") -> None:
    """One row of the report."""
    print(f"  {what:<46}{value:>14}   {goal}", flush=True)


def durable_path(folder: Path) -> None:
    """Messages a second, on both databases."""
    house, _ = build_house(load(Path("config.yml"), {}), utc_now().date())
    reader = linear.load(NLU_DATA, folder / "cache")
    vault = Keyring((b"k" * 32,), b"i" * 32, "bench").vault()
    bare = path.bare_commits(folder)
    line("bare sqlite3, durable transactions/s", f"{bare:,.0f}", "(this disk)")
    fill(write_engine(f"sqlite:///{folder / 'house.db'}", 1))
    server = Postgres(Path(tempfile.mkdtemp(prefix="nx-pg-")), durable=True)
    for name, url in (
        ("SQLite", f"sqlite:///{folder / 'house.db'}"),
        ("PostgreSQL", server.fresh()),
    ):
        database = Database(url, vault)
        got = asyncio.run(path.through(database, house, reader, CONVERSATIONS))
        database.close_blocking()
        print(f"\n{name}: {got.messages} messages of {CONVERSATIONS} people, whole durable path")
        line("messages/s", f"{got.rate:,.0f}", f"goal ≥ {GOALS['rate']:.0f}")
        line("messages to one bare transaction", f"{got.rate / bare:.2f}")
        line("commits a message", f"{got.commits / got.messages:.2f}")
        for part, seconds in sorted(got.parts.items(), key=lambda one: -one[1]):
            line(f"  {part}", f"{seconds / got.messages * 1000:.2f} ms", "a message, by the clock")
    server.stop()


def process(folder: Path) -> None:
    """Start-up, latency and memory of the real process."""
    LiveHouse(folder).start().stop()  # makes key, database and the reader's cache
    begun = time.perf_counter()
    house = LiveHouse(folder).start()
    while urllib.request.urlopen(f"{house.url}readyz").status != 200:
        time.sleep(0.02)
    started = time.perf_counter() - begun
    print("\nOne process, SQLite, warm cache")
    line("start until ready", f"{started:.2f} s", f"goal ≤ {GOALS['start']:.0f} s")
    found = asyncio.run(latency.measure(house.url, people=100, rate=100, seconds=20))
    cuts = statistics.quantiles(found, n=100)
    print(f"\nPOST to the bot's answer in the event stream, 100/s, {len(found)} messages")
    line("p50", f"{cuts[49] * 1000:.1f} ms", f"goal ≤ {GOALS['p50']:.0f} ms")
    line("p99", f"{cuts[98] * 1000:.1f} ms", f"goal ≤ {GOALS['p99']:.0f} ms")
    assert house.process is not None
    status = Path(f"/proc/{house.process.pid}/status").read_text(encoding="ascii")
    memory = next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS"))
    line(
        "memory after it, 100 open streams",
        f"{memory / 1024:.0f} MB",
        f"goal ≤ {GOALS['memory']:.0f} MB",
    )
    house.stop()


def telegram(folder: Path) -> None:
    """The house on Telegram beside bare bots, on one Bot API without limits."""
    print(f"\nTelegram: {UPDATES} updates wait at a Bot API on loopback (a process of its own)")
    rates: dict[str, float] = {}
    for name, what in updates.NAMES.items():
        rates[name] = updates.measure(name, UPDATES, folder).rate
        line(f"{what}, updates/s", f"{rates[name]:,.0f}")
    got = updates.measure(updates.HOUSE, UPDATES, folder)
    line(
        "the house, updates/s", f"{got.rate:,.0f}", "stored, handled, answered; Telegram allows 30"
    )
    line("messages sent for an update", f"{got.sends / got.people:.2f}")
    for name, rate in rates.items():
        line(f"to the {updates.NAMES[name]}", f"{got.rate / rate:.2f}")


def main() -> None:
    """Everything, in one run."""
    print("Figures of one run on this machine; read the ratios.\n")
    with tempfile.TemporaryDirectory() as folder:
        durable_path(Path(folder))
        process(Path(folder))
        telegram(Path(folder))


if __name__ == "__main__":
    main()
