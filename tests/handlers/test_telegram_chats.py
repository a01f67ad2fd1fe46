"""Chats of staff go to their own room; and whole talks of residents' chats, as they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.reading_yaml import read
from handlers import inbound, waiting
from handlers.ports import STAFF_CHANNEL
from handlers.talk import Talk
from storage.cases import Case
from storage.entries import Entry
from storage.inbox import Inbox, Stored
from tests.handlers.chats import ACCOUNT, Chatter
from tests.handlers.street import DIE, Resident, Street
from tests.handlers.taking import fail, take

FOLDER = Path(__file__).parents[1] / "transcripts" / "chats"
FILES = sorted(FOLDER.glob("*.yml"))


# --- chats of staff ---------------------------------------------------------------------------


@pytest.fixture
def desk(street: Street) -> Resident:
    return Resident(street, (STAFF_CHANNEL, ACCOUNT, "chat-li"))


def test_a_chat_of_staff_has_its_own_room_and_no_case(
    street: Street, desk: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[str, str]] = []

    def room(talk: Talk, stored: Stored) -> None:
        taken.append((talk.conversation.channel, str(stored.body["text"])))

    monkeypatch.setitem(inbound._OTHER_CHATS, STAFF_CHANNEL, room)
    for number in range(30):  # more than any resident writes in a minute
        desk.sends(text=f"{number} {DIE}", address="chat 8")
    assert taken == [(STAFF_CHANNEL, f"{number} {DIE}") for number in range(30)]
    assert street.rows(Entry) == street.rows(Case) == []
    assert {row.state for row in street.rows(Inbox)} == {"done"}


def test_what_fails_in_a_chat_of_staff_is_parked_there(
    street: Street, desk: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    parked: list[str] = []

    def room(talk: Talk, stored: Stored) -> None:
        parked.append(str(stored.body["text"]))

    monkeypatch.setitem(waiting._OTHER_CHATS, STAFF_CHANNEL, room)
    desk.posts(text="接单", address="chat 8")
    for _ in range(street.house.office.attempts):
        (stored,) = take(street)
        fail(street, stored)
        street.now += waiting.RETRY_PAUSE * 2
    assert parked == ["接单"]
    assert street.rows(Entry) == street.rows(Case) == []


# --- transcripts ------------------------------------------------------------------------------


def played(chen: Chatter, said: list[str]) -> list[str]:
    """Every line that the chat shows, and what the person does; see tests/transcripts/chats."""
    shown: list[str] = []
    for line in said:
        shown.append("> " + line)
        before = chen.last_seq
        words = line.strip("()")
        kind, _, rest = words.partition(" ")
        if line.startswith("/start"):
            chen.sends(kind="start", text=line.removeprefix("/start").strip())
        elif line.startswith("["):
            chen.sends(kind="choice", choice=chen.button(line.strip("[]")))
        elif line.startswith("/"):
            chen.sends(kind="choice", choice="cmd:" + line[1:])
        elif line.startswith("(album"):
            for number in range(int(rest)):
                name = f"album {before}"
                external_id = f"{name} {number}"
                chen.sends(external_id=external_id, kind="photo", media=chen.file(), album=name)
        elif line.startswith("("):
            media = None if kind in {"unknown", "place"} else chen.file(kind)
            chen.sends(kind=kind, text=rest, media=media)
        else:
            chen.sends(text=line)
        for one in chen.log():
            if one["seq"] <= before or one["from"] == "me" or one["kind"] == "delivery":
                continue
            shown += one["text"].split("\n")
            if one["choices"]:
                shown.append(" ".join(f"[{choice['label']}]" for choice in one["choices"]))
    return shown


def test_there_are_transcripts() -> None:
    assert {path.stem for path in FILES} >= {"start", "help", "album", "unknown"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transcript(path: Path, street: Street) -> None:
    expected = [line.rstrip() for line in read(path)["talk"].strip().splitlines()]
    said = [line.removeprefix(">").strip() for line in expected if line.startswith(">")]
    assert said
    street.member()
    assert played(Chatter(street), said) == expected
