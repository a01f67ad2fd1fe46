"""别发消息: a silence that was asked for after danger holds until words lift it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from handlers.advisors import attend, claim, reply
from handlers.desk.lists import due_tasks
from handlers.ports import Viewer
from storage.notices import Notice
from tests.handlers.chats import Chatter
from tests.handlers.street import DIE, Street
from tests.handlers.taking import fail, take

BEATEN = "我老公打我"
HUSH = "他回来了,别发消息"


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


@pytest.fixture
def hushed(street: Street, chen: Chatter, li: Viewer) -> Chatter:
    """After danger they asked that nothing is written to them."""
    chen.says(BEATEN)
    assert chen.says(HUSH) == []
    chen.gets()
    return chen


def media(chen: Chatter, kind: str) -> dict[str, Any]:
    return {"kind": kind, "media": chen.file(kind)}


@pytest.mark.parametrize(
    "kind", ["tap", "answer", "voice", "photo", "document", "place", "start", "unknown", "edit"]
)
def test_silence_holds_over_everything_but_words_that_lift_it(
    street: Street, hushed: Chatter, kind: str
) -> None:
    before = hushed.last_seq
    updates: dict[str, dict[str, Any]] = {
        "tap": {"kind": "choice", "choice": "cmd:menu"},
        "answer": {"kind": "choice", "choice": "danger:violence_abuse:alone"},
        "place": {"kind": "place", "text": "31.1,121.4"},
        "start": {"kind": "start"},
        "unknown": {"kind": "unknown"},
        "edit": {"kind": "edit", "text": "他回来了", "edits": hushed.mine[-1]["id"]},
    }
    hushed.sends(**(updates.get(kind) or media(hushed, kind)))
    assert hushed.heard(before) == []
    assert hushed.says("我躲在厕所里") == []
    street.advance(minutes=30)
    assert hushed.gets() == []
    assert hushed.says("可以说了") != []


def test_in_silence_the_desk_still_rings(street: Street, hushed: Chatter) -> None:
    street.advance(minutes=2)
    rung = len(street.rows(Notice, kind="ring"))
    hushed.sends(**media(hushed, "photo"))
    assert len(street.rows(Notice, kind="ring")) == rung + 1


def test_in_silence_a_voice_is_still_to_be_heard(
    street: Street, hushed: Chatter, li: Viewer
) -> None:
    hushed.sends(**media(hushed, "voice"))
    assert "listen" in {task.kind for task in street.write(due_tasks, li, street.house)}


def test_in_silence_new_danger_rings_and_is_answered(street: Street, hushed: Chatter) -> None:
    before = hushed.last_seq
    hushed.sends(kind="photo", media=hushed.file(), text=DIE)
    assert "962525" in "".join(hushed.heard(before))


def test_what_could_not_be_handled_ends_no_silence(street: Street, hushed: Chatter) -> None:
    before = hushed.last_seq
    hushed.posts(text="他在门口")
    for _ in range(street.house.office.attempts):
        street.now += timedelta(seconds=5)
        (stored,) = take(street)
        fail(street, stored)
    assert hushed.heard(before) == []
    assert hushed.says("喂") == []


def test_somebody_elses_words_lift_no_silence(hushed: Chatter) -> None:
    before = hushed.last_seq
    hushed.sends(text="可以说了", forwarded=True)
    assert hushed.heard(before) == []


def test_in_silence_the_houses_marks_stay_in_the_log(
    street: Street, hushed: Chatter, li: Viewer
) -> None:
    street.act(claim.claim, li, hushed.case.id)
    street.act(attend.read_up_to, li, hushed.case.id, hushed.last_seq)
    assert hushed.log()[-1]["kind"] == "seen"
    assert hushed.gets() == []
    street.act(partial(reply.reply, confirmed=True), li, hushed.case.id, "a1", "能说话吗")
    assert [body["text"] for body in hushed.gets()] == ["能说话吗"]


def test_silence_holds_however_much_an_advisor_writes(
    street: Street, hushed: Chatter, li: Viewer
) -> None:
    street.act(claim.claim, li, hushed.case.id)
    for number in range(15):
        say = partial(reply.reply, confirmed=True)
        street.act(say, li, hushed.case.id, f"a{number}", "我在")
        hushed.gets()
    street.advance(hours=1)
    assert hushed.gets() == []
