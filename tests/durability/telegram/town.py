"""A house with two bots that is killed and lives again, on one database and one Bot API."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.database import Database
from tests.botapi import Bot, BotApi
from tests.durability.journal import Journal
from tests.durability.plan import KEYS
from tests.durability.telegram.checks import violations
from tests.durability.telegram.crowd import Crowd
from tests.durability.telegram.plan import Plan
from tests.durability.telegram.seen import Lived, Seen, look
from tests.durability.telegram.team import Team
from tests.durability.town import KILLED, Nest
from tests.ports import free_port

START_SECONDS = 60.0
STEP = 61.0  # seconds of the house's clock between two lives: leases have lapsed


@dataclass(slots=True)
class Town:
    """One database, one Bot API, the lives between them."""

    nest: Nest
    url: str
    folder: Path
    api: BotApi
    mode: str
    bots: tuple[Bot, Bot]
    port: int = 0
    ahead: float = 0.0
    seconds: float = 0.0
    lived: list[Lived] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random("town"))

    @classmethod
    def found(cls, nest: Nest, url: str, folder: Path, api: BotApi, mode: str) -> Town:
        """An empty one."""
        bots = api.bot("residents"), api.bot("staff")
        port = free_port() if mode == "webhook" else 0
        return cls(nest, url, folder, api, mode, bots, port)

    @property
    def kills(self) -> int:
        """How many lives ended by a kill."""
        return sum(life.killed for life in self.lived)

    def plan(self, *, step: float = STEP, **values: Any) -> Plan:
        """The next life's plan, `step` seconds later than the last."""
        self.ahead += step
        tokens = self.bots[0].token, self.bots[1].token
        return Plan(
            self.url,
            str(self.folder),
            self.api.base,
            tokens,
            self.mode,
            self.port,
            len(self.lived) + 1,
            self.ahead,
            **values,
        )

    def live(self, plan: Plan) -> int:
        """Live a plan; the exit code, with what is known where a life failed."""
        begun = time.monotonic()
        (end,) = self.nest.hatch(plan)
        self.seconds += end["seconds"]
        killed = end["code"] == KILLED
        self.lived.append(Lived(begun, time.monotonic(), killed))
        assert not end["late"], f"life {plan.life} hung\n{self.tail(plan.life)}"
        assert end["code"] in (0, KILLED), f"life {plan.life}: {end}\n{self.tail(plan.life)}"
        return int(end["code"])

    def dies(self, **values: Any) -> None:
        """A life that ends by a kill: at a `point`, or `kill_after` seconds."""
        plan = self.plan(**values)
        assert self.live(plan) == KILLED, f"it was not killed\n{self.tail(plan.life)}"
        if plan.point:
            died = {"point": plan.point, "life": plan.life}
            assert died in Journal(self.folder).read("died"), f"killed, but not at {plan.point}"

    def rests(self, team: Team | None = None, **values: Any) -> None:
        """A life that does all there is to do and ends by itself, when the team is done too."""
        plan = self.plan(**values)
        with self.ended_when_quiet(plan, team):
            code = self.live(plan)
        assert code == 0, f"it did not end well\n{self.tail(plan.life)}"

    @contextmanager
    def serving(self, **values: Any) -> Iterator[Plan]:
        """A life that serves until the block is left, and then ends when nothing is left to do."""
        plan = self.plan(**values)
        codes: list[int] = []
        living = threading.Thread(target=lambda: codes.append(self.live(plan)), daemon=True)
        begun = len(self.api.journal.calls("getUpdates", "setWebhook"))
        living.start()
        until = time.monotonic() + START_SECONDS
        while len(self.api.journal.calls("getUpdates", "setWebhook")) == begun:
            assert living.is_alive(), f"it did not start\n{self.tail(plan.life)}"
            assert time.monotonic() < until, f"it does not ask\n{self.tail(plan.life)}"
            time.sleep(0.02)
        try:
            yield plan
        finally:
            Path(plan.last_word).touch()
            living.join()
        assert codes == [0], f"it did not end well\n{self.tail(plan.life)}"

    @contextmanager
    def ended_when_quiet(self, plan: Plan, team: Team | None) -> Iterator[None]:
        """Meanwhile somebody looks until Telegram holds nothing back, and lets the life end."""
        left = threading.Event()

        def watch() -> None:
            while not left.wait(0.02):
                done = team is None or team.is_done
                if done and not any(bot.pending for bot in self.bots):
                    Path(plan.last_word).touch()
                    return

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            left.set()
            watching.join()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The house's database, beside the house."""
        opened = Database(self.url, KEYS.vault())
        try:
            yield opened
        finally:
            opened.close_blocking()

    def look(self, crowd: Crowd, team: Team | None = None) -> Seen:
        """What stands in the house and on the phones now."""
        with self.database() as database:
            return look(database, self.api, self.bots, crowd.chats, team, self.lived)

    def log(self, life: int) -> list[dict[str, Any]]:
        """What a life has logged so far."""
        text = (self.folder / f"life-{life}.0.log").read_text(encoding="utf-8", errors="replace")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def check(self, crowd: Crowd, team: Team | None = None) -> Seen:
        """The people have had enough: finish, and assert that nothing is wrong."""
        crowd.enough()
        if team is not None:
            team.hurry(6.0)
        self.rests(team)
        if team is not None:
            team.enough()
        seen = self.look(crowd, team)
        wrong = violations(seen)
        shown = "\n".join(wrong[:20])
        assert not wrong, f"{self.kills} kills: {len(wrong)} wrong\n{shown}"
        return seen

    def tail(self, life: int, lines: int = 30) -> str:
        """The end of a life's log."""
        path = self.folder / f"life-{life}.0.log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def figures(town: Town, seen: Seen) -> str:
    """What one town counted, for the output of the tests."""
    chats = seen.chats.values()
    return (
        f"{town.mode}, {'sqlite' if town.url.startswith('sqlite') else 'postgres'}:"
        f" {town.kills} kills, {len(seen.chats)} chats,"
        f" {sum(len(chat.said) for chat in chats)} sent by people, 0 lost,"
        f" {sum(len(chat.heard) for chat in chats)} answers,"
        f" {sum(len(chat.twice) for chat in chats)} of them twice,"
        f" {sum(len(chat.talk.cases) for chat in chats)} cases,"
        f" {sum(len(chat.heard) for chat in seen.staff.values())} messages to staff,"
        f" {sum(len(chat.twice) for chat in seen.staff.values())} twice,"
        f" {len(seen.answers)} answers of theirs,"
        f" {town.seconds:.1f} s of life"
    )
