"""Triage, status, ladder, access, relays: every row of the tables."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.meaning.reading import DANGERS as LABELS
from handlers.rules import triage as rules
from handlers.rules.access import masked_phone, may_read
from handlers.rules.hours import Hours
from handlers.rules.ladder import Ladder, Rung, act_by, rung_at, unseen_by
from handlers.rules.relay import is_quiet
from handlers.rules.status import MOVES, RESOLUTIONS, IllegalMove, move
from handlers.rules.triage import URGENCIES, highest, triage

ALONE = {"living": "alone", "carer": "nobody"}


@pytest.mark.parametrize(
    ("slots", "needs", "signs", "urgency", "first"),
    [
        ({}, (), (), "green", "default"),
        ({"carer": "nobody"}, (), (), "yellow", "no_carer"),
        ({"living": "alone"}, (), (), "green", "alone"),
        ({"mobility": "bedridden"}, (), (), "yellow", "bedridden"),
        ({"mobility": "helped"}, (), (), "green", "immobile"),
        ({"income": "none"}, (), (), "yellow", "no_income"),
        ({"age": "69"}, (), (), "green", "default"),
        ({"age": "70"}, (), (), "green", "old"),
        ({"age": "80"}, (), (), "yellow", "very_old"),
        ({"age": "17"}, (), (), "orange", "minor"),
        ({"age": "18"}, (), (), "green", "default"),
        ({"age": "skipped"}, (), (), "green", "default"),
        (ALONE, (), (), "yellow", "no_carer"),
        ({**ALONE, "mobility": "helped"}, (), (), "orange", "alone"),
        ({**ALONE, "age": "75"}, (), (), "orange", "alone"),
        ({}, ("temporary_aid",), (), "orange", "sudden"),
        ({}, ("psychological_support",), (), "yellow", "distress"),
        ({}, ("long_term_care",), (), "green", "default"),
        ({}, (), ("human_request",), "yellow", "human_request"),
        ({}, (), ("complaint",), "yellow", "complaint"),
        ({}, (), ("not_understood",), "yellow", "not_understood"),
        ({}, (), ("unfinished",), "yellow", "unfinished"),
        ({}, (), ("session_lost",), "yellow", "session_lost"),
        ({}, (), ("voice_unheard",), "orange", "voice_unheard"),
    ],
)
def test_triage(
    slots: dict[str, str],
    needs: tuple[str, ...],
    signs: tuple[str, ...],
    urgency: str,
    first: str,
) -> None:
    found, reasons = triage((), needs, slots, signs)
    assert (found, reasons[0]) == (urgency, first)


@pytest.mark.parametrize("danger", LABELS)
def test_every_danger_is_red_whatever_else_is_known(danger: str) -> None:
    urgency, reasons = triage((danger,), (), {"age": "30", "carer": "family"})
    assert urgency == "red"
    assert reasons[0] == danger


def test_the_dangers_of_the_rules_are_those_of_the_labels() -> None:
    assert frozenset(LABELS) == rules.DANGERS


def test_an_unknown_danger_is_not_red() -> None:
    assert triage(("made_up",), (), {})[0] == "green"


def test_highest() -> None:
    assert highest("green", "red", "orange") == "red"
    assert highest("green") == "green"


@pytest.mark.parametrize("current", MOVES)
@pytest.mark.parametrize("target", [*MOVES, "made_up"])
def test_status_moves_only_by_the_table(current: str, target: str) -> None:
    allowed = {
        "received": {"assessing", "closed"},
        "assessing": {"referred", "in_care", "closed"},
        "referred": {"in_care", "assessing", "closed"},
        "in_care": {"referred", "assessing", "closed"},
        "closed": {"received"},
    }
    if target in allowed[current]:
        assert move(current, target) == target
    else:
        with pytest.raises(IllegalMove, match=current):
            move(current, target)


def test_resolutions() -> None:
    assert RESOLUTIONS == ("done", "withdrawn", "merged", "unreachable", "moved", "deceased")


RUNGS = Ladder(
    rungs={
        "red": (Rung(1, "advisors"), Rung(2, "supervisors"), Rung(5, "all", tell_resident=True)),
        "orange": (Rung(30, "supervisors"), Rung(60, "all")),
        "yellow": (Rung(240, "supervisors"),),
        "green": (Rung(480, "supervisors"),),
    },
    act={"red": 1, "orange": 30, "yellow": 240, "green": 480},
    unseen={"red": 1, "orange": 15, "yellow": 120, "green": 120},
)
DAY = ((time(8, 30), time(11, 30)), (time(13), time(17)))
HOURS = Hours(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(5), DAY))
NIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC)  # Tuesday 23:00 in Shanghai


def test_red_and_orange_run_by_the_clock_at_any_hour() -> None:
    assert act_by(RUNGS, HOURS, "red", NIGHT) == NIGHT + timedelta(minutes=1)
    assert act_by(RUNGS, HOURS, "orange", NIGHT) == NIGHT + timedelta(minutes=30)
    assert unseen_by(RUNGS, HOURS, "orange", NIGHT) == NIGHT + timedelta(minutes=15)


def test_yellow_and_green_wait_for_the_morning() -> None:
    opens = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    assert act_by(RUNGS, HOURS, "yellow", NIGHT) == opens + timedelta(hours=5, minutes=30)
    assert act_by(RUNGS, HOURS, "green", NIGHT) == datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    assert unseen_by(RUNGS, HOURS, "yellow", NIGHT) == opens + timedelta(hours=2)


def test_rungs_and_the_end_of_the_ladder() -> None:
    top = rung_at(RUNGS, HOURS, "red", NIGHT, 2)
    assert top is not None
    assert top[0].tell_resident
    assert top[1] == NIGHT + timedelta(minutes=5)
    assert rung_at(RUNGS, HOURS, "red", NIGHT, 3) is None


@pytest.mark.parametrize("urgency", URGENCIES)
def test_each_rung_tells_at_least_those_of_the_one_below(urgency: str) -> None:
    reach = {"supervisors": 1, "advisors": 2, "all": 2}  # supervisors hear what is said to all
    heard = [reach[rung.audience] for rung in RUNGS.rungs[urgency]]
    assert heard
    assert heard[-1] == max(heard)


@pytest.mark.parametrize(
    ("role", "viewer_unit", "unit", "assignee", "expected"),
    [
        ("advisor", "A", "A", None, True),
        ("advisor", "A", "B", None, False),
        ("advisor", "A", "B", "me", True),
        ("advisor", "A", "B", "somebody", False),
        ("advisor", None, "B", None, True),
        ("advisor", "A", None, None, True),
        ("supervisor", "A", "B", "somebody", True),
    ],
)
def test_who_may_read(
    role: str, viewer_unit: str | None, unit: str | None, assignee: str | None, expected: bool
) -> None:
    found = may_read(
        role=role, viewer_id="me", viewer_unit=viewer_unit, unit=unit, assignee=assignee
    )
    assert found is expected


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138 •••• 5678"),
        ("62351234", "623 •••• 1234"),
        ("12345", "••••"),
        ("", ""),
    ],
)
def test_masked_phone(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("who", "answers_to", "expected"),
    [
        ("relay", "helped", True),
        ("relay", "relayer", False),
        ("relay", "both", False),
        ("relay", None, False),
        ("other", "helped", False),
        ("self", None, False),
    ],
)
def test_quiet_relays(who: str, answers_to: str | None, expected: bool) -> None:
    assert is_quiet(who=who, answers_to=answers_to) is expected
