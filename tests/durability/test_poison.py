"""What cannot be handled is parked before human eyes, and the talk goes on (design §3, 5)."""

from __future__ import annotations

import pytest

from handlers.desk import feed, parked
from handlers.ports import Viewer
from storage.clock import utc_now
from storage.database import Database
from tests.durability.plan import BITTER, KEYS, POISON, SCRIPTS
from tests.durability.seen import Seen
from tests.durability.town import KILLED, Town

pytestmark = [pytest.mark.kill, pytest.mark.slow]

ADVISOR = Viewer("s1", "李顾问", "advisor", "community", None)
OTHERS = tuple(f"burst-web-9.{number}" for number in range(12))  # innocent, and at work meanwhile


def test_what_raises_three_times_is_parked(town: Town) -> None:
    town.lives(only=("bitter-web-9.0", *OTHERS[:3]))
    _parked_and_gone_on(town, "bitter-web-9.0", BITTER)


def test_what_kills_the_process_three_times_is_parked(town: Town) -> None:
    deaths = 0
    while town.live(town.plan(only=("poison-web-9.0", *OTHERS))) == [KILLED]:
        deaths += 1
        assert deaths <= 3, "it kills on and on"
    assert deaths == 3
    seen = _parked_and_gone_on(town, "poison-web-9.0", POISON)
    others = [row.state for chat in OTHERS for row in seen.talks[chat].inbox]
    assert len(others) == len(OTHERS) * len(SCRIPTS["burst"])
    assert set(others) == {"done"}, "what stood beside it must not be parked with it"


def _parked_and_gone_on(town: Town, chat: str, words: str) -> Seen:
    seen = town.check()
    states = {row.id: row.state for row in seen.talks[chat].inbox}
    assert states == {f"{chat}/0": "done", f"{chat}/1": "parked", f"{chat}/2": "done"}
    database = Database(town.url, KEYS.vault())
    try:
        (shown,) = database.write_blocking(parked.parked, ADVISOR, utc_now())
        told = database.read_blocking(feed.notices_after, ADVISOR, 0, 1000)
    finally:
        database.close_blocking()
    assert words in shown.text
    assert [notice["kind"] for notice in told].count("parked") == 1
    after = [line for line in seen.talks[chat].log if line.sender == "bot"]
    assert after, "the person is told"
    return seen
