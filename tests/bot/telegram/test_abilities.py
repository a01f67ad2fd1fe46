"""What every channel says that it carries, against what it is recorded to bring and to send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Channel, Message, Pushing
from bot.channels.registry import CHANNELS, Needs
from bot.channels.telegram.text import units
from bot.channels.web.channel import Posted, WebChannel
from bot.house import build_house
from bot.settings import load
from handlers.ports import STAFF_CHANNEL, MediaInfo
from storage.crypto import Vault
from storage.files import MediaFiles
from tests.bot.telegram.test_reading import TABLE
from tests.bot.telegram_staff.test_reading import GOLDEN

VOICE, PHOTO = (MediaInfo("m", kind, "x/y", 1, "") for kind in ("voice", "photo"))
RECORDED: dict[str, list[Any]] = {
    "telegram": [raw for raw, _ in TABLE.values()],
    STAFF_CHANNEL: [raw for raw, _ in GOLDEN.values()],
    "web": [
        Posted("s", "1", text="好"),
        Posted("s", "2", choice="s:1:a"),
        Posted("s", "3", media=VOICE),
        Posted("s", "4", media=PHOTO),
    ],
}
BRINGS = {
    "choice": "buttons", "voice": "voice", "photo": "photo", "place": "place", "edit": "edit",
}  # fmt: skip
LONG = "这是一句很长的话。😀" * 2_000
Open = Callable[[str], Channel]


@pytest.fixture
def opened(tmp_path: Path, vault: Vault) -> Open:
    """A channel by its name, without a line to anywhere."""
    house = build_house(load(None, {}), date(2026, 11, 25))[0]
    kept = MediaFiles(tmp_path / "media", vault)
    needs = Needs("http://127.0.0.1:1", house.phrases, house.staff_words, kept, vault.index)

    def make(name: str) -> Channel:
        return WebChannel() if name == "web" else CHANNELS[name]("42:" + "x" * 35, needs)

    return make


def test_every_channel_has_recorded_payloads() -> None:
    assert set(RECORDED) == {"web", *CHANNELS}


@pytest.mark.parametrize("name", RECORDED)
def test_a_channel_brings_what_it_says_and_nothing_else(name: str, opened: Open) -> None:
    channel = opened(name)
    updates = [channel.to_update(raw) for raw in RECORDED[name]]
    brought = {BRINGS[found.kind] for found in updates if found and found.kind in BRINGS}
    declared = {one for one in BRINGS.values() if getattr(channel.abilities, one)}
    assert declared == brought
    assert "buttons" in brought


@pytest.mark.parametrize("name", CHANNELS)
def test_no_part_is_longer_than_the_channel_says(name: str, opened: Open) -> None:
    channel = opened(name)
    assert isinstance(channel, Pushing)
    limit = channel.abilities.text_limit
    assert limit is not None
    made = channel.parts(Message("1", "6000", 2, {"kind": "message", "from": "bot", "text": LONG}))
    assert len(made) > 1
    assert all(limit / 2 < units(part.html) <= limit for part in made[:-1])
    assert "".join(part.html for part in made) == LONG
