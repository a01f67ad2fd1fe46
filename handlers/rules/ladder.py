"""When somebody must have acted, who is told when nobody did (design §6, urgency ladder)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.rules.hours import Hours, after_duty_minutes

DUTY_TIMED = frozenset({"yellow", "green"})  # red and orange run by the clock, at any hour


@dataclass(frozen=True)
class Rung:
    """After ``minutes`` without an act, ``audience`` (advisors, supervisors, all) is told."""

    minutes: float
    audience: str
    tell_resident: bool = False


@dataclass(frozen=True)
class Ladder:
    """The rungs of each urgency, and after how many minutes an answer counts as not seen."""

    rungs: Mapping[str, tuple[Rung, ...]]
    act: Mapping[str, float]
    unseen: Mapping[str, float]


def moment(hours: Hours, urgency: str, since: datetime, minutes: float) -> datetime:
    """``minutes`` after ``since``: clock minutes for red and orange, duty minutes for the rest."""
    if urgency in DUTY_TIMED:
        return after_duty_minutes(hours, since, minutes)
    return since + timedelta(minutes=minutes)


def act_by(ladder: Ladder, hours: Hours, urgency: str, since: datetime) -> datetime:
    """Until when somebody must act: what the resident is promised."""
    return moment(hours, urgency, since, ladder.act[urgency])


def rung_at(
    ladder: Ladder, hours: Hours, urgency: str, since: datetime, index: int
) -> tuple[Rung, datetime] | None:
    """The rung number ``index`` and its time, or None above the last."""
    rungs = ladder.rungs[urgency]
    if index >= len(rungs):
        return None
    return rungs[index], moment(hours, urgency, since, rungs[index].minutes)


def unseen_by(ladder: Ladder, hours: Hours, urgency: str, sent: datetime) -> datetime:
    """When an answer that was not seen becomes work for the telephone."""
    return moment(hours, urgency, sent, ladder.unseen[urgency])
