"""The supervisor's board: silence first, then figures against the promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import staff
from handlers.advisors import claim, reply
from handlers.ports import Refused, Viewer
from handlers.supervisors.board import Board, board
from tests.handlers.street import ANSWERS, CARE, DIE, MORNING, Street


def figures(street: Street, viewer: Viewer) -> dict[str, tuple[str, str | None]]:
    found = look(street, viewer)
    return {figure.key: (figure.value, figure.tone) for figure in found.figures}


def look(street: Street, viewer: Viewer) -> Board:
    return street.write(board, viewer, street.now, street.house)


def test_the_board_is_the_supervisors(street: Street, li: Viewer) -> None:
    with pytest.raises(Refused) as refused:
        look(street, li)
    assert (refused.value.code, refused.value.status) == ("only_supervisor", 403)


def test_an_empty_board(street: Street, wang: Viewer) -> None:
    found = look(street, wang)
    assert found.watch == ()
    assert figures(street, wang) == {
        "untouched": ("0", "ok"),
        "received": ("0", None),
        "on_time": ("–", None),
        "red": ("0", None),
    }
    assert len(found.days) == 14
    assert found.days[-1].date == "2026-11-24"


def test_silence_stands_first_and_says_since_when(street: Street, li: Viewer, wang: Viewer) -> None:
    case = street.resident().files(CARE, ANSWERS)
    assert look(street, wang).watch == ()
    street.advance(minutes=31)
    (row,) = look(street, wang).watch
    assert (row.case_id, row.number, row.urgency, row.waited) == (
        case.id,
        case.number,
        "orange",
        "31 分",
    )
    assert (row.rung, row.rungs, row.actions) == (1, 2, ("assign",))
    assert row.waited_since == case.created_at.isoformat()
    street.act(claim.claim, li, case.id)
    street.advance(minutes=60)
    (row,) = look(street, wang).watch
    assert row.actions == ("assign", "remind")
    assert row.who.endswith("李顾问")
    street.act(reply.reply, li, case.id, "a1", "您好")
    assert look(street, wang).watch == ()


def test_those_who_wait_longest_are_first(street: Street, wang: Viewer) -> None:
    first = street.resident("first").files(CARE, ANSWERS)
    street.advance(minutes=10)
    second = street.resident("second").files(CARE, ANSWERS)
    street.advance(minutes=45)
    assert [row.case_id for row in look(street, wang).watch] == [first.id, second.id]


def test_figures_against_the_promise(street: Street, li: Viewer, wang: Viewer) -> None:
    in_time = street.resident("a").files(CARE, ANSWERS)
    late = street.resident("b").files(CARE, ANSWERS)
    street.resident("c").files(CARE, ANSWERS)
    street.advance(minutes=10)
    street.act(claim.claim, li, in_time.id)
    street.advance(minutes=30)
    street.act(claim.claim, li, late.id)
    found = figures(street, wang)
    assert found["untouched"] == ("1", "bad")
    assert found["received"] == ("3", None)
    assert found["on_time"] == ("33 %", "bad")
    assert (look(street, wang).days[-1].on_time, look(street, wang).days[-1].late) == (1, 2)
    street.now += timedelta(days=1)
    assert figures(street, wang)["received"] == ("0", None)
    assert look(street, wang).days[-2].date == "2026-11-24"
    assert (look(street, wang).days[-2].on_time, look(street, wang).days[-2].late) == (1, 2)


def test_a_day_begins_at_midnight_of_the_office(street: Street, wang: Viewer) -> None:
    street.now = MORNING.replace(day=23, hour=16, minute=30)  # 0:30 on the 24th in Shanghai
    street.resident().files(CARE, ANSWERS)
    assert figures(street, wang)["received"] == ("1", None)
    assert look(street, wang).days[-1].date == "2026-11-24"


def test_red(street: Street, li: Viewer, wang: Viewer) -> None:
    chen = street.resident()
    chen.says(DIE)
    assert figures(street, wang)["red"] == ("1", "bad")
    street.now += timedelta(seconds=40)
    street.act(claim.claim, li, chen.case.id)
    found = {figure.key: figure for figure in look(street, wang).figures}["red"]
    assert (found.tone, found.note) == (None, "40 秒接手,目标 60 秒")
    street.act(claim.release, li, chen.case.id)
    found = {figure.key: figure for figure in look(street, wang).figures}["red"]
    assert (found.tone, found.note) == ("bad", "还有 1 件没人接"), "given back: nobody has it"


def test_who_is_on_duty(street: Street, li: Viewer, wang: Viewer) -> None:
    street.write(staff.set_duty, li, False, street.now)
    duty = {one.name: one.on for one in look(street, wang).duty}
    assert duty == {"王主管": True, "李顾问": False}


def test_late_and_not_taken_is_no_lack_of_figures(street: Street, wang: Viewer) -> None:
    street.resident().says(DIE)
    street.now += timedelta(minutes=5)
    (found,) = [one for one in look(street, wang).figures if one.key == "on_time"]
    assert (found.value, found.tone) == ("0 %", "bad")
    assert found.note == street.house.staff_words.say("board.notes.none_taken")
