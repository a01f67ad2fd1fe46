"""A town: one database and the lives of the house that are lived on it, one after the other."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from storage.clock import utc_now
from storage.database import Database
from tests.durability.checks import violations
from tests.durability.journal import Journal
from tests.durability.plan import KEYS, Plan
from tests.durability.seen import Seen, look

ROOT = Path(__file__).parents[2]
KILLED = -9
STEP = 6 * 60.0  # seconds between two lives: leases have lapsed, the rungs of red are due
FORTNIGHT = 14 * 86_400.0  # all duty minutes of the ladder are over, whatever the holidays


class Lived(Protocol):
    """A plan, as it goes to the nest."""

    def to_json(self) -> dict[str, Any]: ...


class Nest:
    """The process that forks lives (nest.py), seen from here."""

    def __init__(self, module: str = "tests.durability.life") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.nest", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready\n"

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nest has ended"
        return line

    def hatch(self, *plans: Lived) -> list[dict[str, Any]]:
        """Live these plans at once; how each ended (nest.py)."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([plan.to_json() for plan in plans]) + "\n")
        self._process.stdin.flush()
        ended: list[dict[str, Any]] = json.loads(self._answer())
        return ended

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@dataclass(slots=True)
class Town:
    """One database, its journals, its lives. Killed lives are counted."""

    nest: Nest
    url: str
    folder: Path
    seed: int = 0
    attempts: int = 3
    life: int = 0
    ahead: float = 0.0
    killed: set[int] = field(default_factory=set)
    kills: int = 0
    seconds: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random("town"))

    def begin(self, seed: int, attempts: int) -> None:
        """Every choice follows from the seed; `attempts` of one update before it is parked."""
        self.seed, self.attempts = seed, attempts
        self.chance = random.Random(f"town {seed}")

    @property
    def journal(self) -> Journal:
        """What stands outside of the house."""
        return Journal(self.folder)

    def plan(self, *, step: float = STEP, **values: Any) -> Plan:
        """The next life's plan, `step` seconds later than the last."""
        self.life, self.ahead = self.life + 1, self.ahead + step
        return Plan(
            self.url,
            str(self.folder),
            self.life,
            seed=self.seed,
            ahead=self.ahead,
            **{"attempts": self.attempts, **values},
        )

    def live(self, *plans: Plan) -> list[int]:
        """Live plans at once; the exit codes, with what is known where a life failed."""
        ended = self.nest.hatch(*plans)
        for plan, end in zip(plans, ended, strict=True):
            self.seconds += end["seconds"]
            assert not end["late"], f"life {plan.life} hung\n{self.tail(plan)}"
            assert end["code"] in (0, KILLED), f"life {plan.life}: {end}\n{self.tail(plan)}"
            if end["code"] == KILLED:
                self.kills += 1
                self.killed.add(plan.life)
        return [end["code"] for end in ended]

    def dies(self, **values: Any) -> None:
        """A life with ever new chats that ends by a kill: at a `point`, or `kill_after` seconds."""
        plan = self.plan(**{"chats": None, **values})
        assert self.live(plan) == [KILLED], f"it was not killed\n{self.tail(plan)}"
        if plan.point:
            died = {"point": plan.point, "life": plan.life}
            assert died in self.journal.read("died"), f"killed, but not at {plan.point}"

    def lives(self, **values: Any) -> None:
        """A life that does all there is to do and ends by itself."""
        plan = self.plan(**values)
        assert self.live(plan) == [0], f"it did not end well\n{self.tail(plan)}"

    def finish(self) -> Seen:
        """Lives without a kill until nothing is to be done, however long it takes to be due."""
        for step in (STEP, FORTNIGHT, FORTNIGHT, FORTNIGHT):
            self.lives(step=step)
        return self.look()

    def look(self) -> Seen:
        """What stands in the house and outside of it now."""
        database = Database(self.url, KEYS.vault())
        try:
            now = utc_now() + timedelta(seconds=self.ahead)
            return look(database, self.folder, self.killed, now)
        finally:
            database.close_blocking()

    def check(self, seen: Seen | None = None) -> Seen:
        """Finish, and assert that nothing is wrong."""
        seen = seen or self.finish()
        wrong = violations(seen)
        shown = "\n".join(wrong[:20])
        assert not wrong, f"seed {self.seed}, {self.kills} kills: {len(wrong)} wrong\n{shown}"
        return seen

    def tail(self, plan: Plan, lines: int = 30) -> str:
        """The end of a life's log."""
        path = self.folder / f"life-{plan.life}.{plan.worker}.log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def figures(town: Town, seen: Seen) -> str:
    """What one town counted, for the output of the tests."""
    accepted = sum(len(talk.accepted) for talk in seen.talks.values())
    lines: Sequence[int] = [len(talk.log) for talk in seen.talks.values()]
    repeated = len(seen.pushed) - len({each.id for each in seen.pushed})
    cases = sum(len(talk.cases) for talk in seen.talks.values())
    parked = sum(row.state == "parked" for talk in seen.talks.values() for row in talk.inbox)
    return (
        f"seed {town.seed}: {town.life} lives, {town.kills} kills, {accepted} accepted,"
        f" {sum(lines)} entries, {cases} cases, {len(seen.pushed)} pushed,"
        f" {repeated} repeated, {parked} parked, {town.seconds:.1f} s"
    )
