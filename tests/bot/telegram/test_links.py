"""What whoever starts or looks after the house reads about the bots on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import doctor, links
from bot.opening import open_house
from bot.settings import Settings, load
from storage import bots
from storage.clock import utc_now
from storage.database import Database
from tests.bot.telegram.test_opening import RESIDENTS, STAFF

PAGE, TOKEN = "http://127.0.0.1:8000", "one-time-token-123"
NAME = "telegram_staff:7100000002:poll"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(
        None,
        {
            "NUANXIN_DATA": str(tmp_path / "data"),
            "NUANXIN_KEY_FILE": str(tmp_path / "key"),
            "NUANXIN_TELEGRAM_RESIDENT_TOKEN": RESIDENTS,
            "NUANXIN_TELEGRAM_STAFF_TOKEN": STAFF,
        },
    )


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = open_house(settings).database
    yield opened
    opened.close_blocking()


def test_without_a_staff_bot_there_is_one_way_in() -> None:
    assert list(links.lines(Settings(), PAGE, TOKEN, None)) == [f"{PAGE}/desk/join/{TOKEN}"]


def test_the_staff_bot_is_a_second_way_in(settings: Settings, database: Database) -> None:
    assert database.read_blocking(links.username, settings) is None
    page, how = links.lines(settings, PAGE, TOKEN, None)
    assert page == f"{PAGE}/desk/join/{TOKEN}"
    assert f"/start {TOKEN}" in how
    database.write_blocking(bots.tell, NAME, bots.OK, None, utc_now(), "house_staff_bot")
    called = database.read_blocking(links.username, settings)
    assert list(links.lines(settings, PAGE, TOKEN, called)) == [
        page, f"https://t.me/house_staff_bot?start={TOKEN}"
    ]  # fmt: skip


def test_the_doctor_says_how_each_bot_is(settings: Settings, database: Database) -> None:
    check = doctor._CHECKS["telegram"]
    assert check(Settings()) == "-"
    assert check(settings) == "-"
    now = utc_now()
    database.write_blocking(bots.take, NAME, "me", now, 60.0)
    database.write_blocking(bots.tell, NAME, bots.OK, None, now)
    assert check(settings).startswith(f"{NAME} ok")
    database.write_blocking(bots.tell, NAME, bots.DOWN, "bad_token", now)
    with pytest.raises(RuntimeError, match="down bad_token"):
        check(settings)
    database.write_blocking(bots.give_back, NAME, "me")  # nobody speaks for it: nothing is down
    assert "bad_token" in check(settings)
