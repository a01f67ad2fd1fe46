"""Figures for /metrics: counts and lengths, nothing about a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from bot.app import App

Figures = Mapping[str, tuple[str, float]]


class _Now(Collector):
    """Asks for the figures when they are wanted."""

    def __init__(self, figures: Callable[[], Figures]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return self._each()

    def _each(self) -> Iterator[Metric]:
        for name, (meaning, value) in self._figures().items():
            yield GaugeMetricFamily(f"nuanxin_{name}", meaning, value=value)

    def describe(self) -> Iterable[Metric]:
        return ()


def registry(figures: Callable[[], Figures]) -> CollectorRegistry:
    """A registry of its own, so that several houses fit in one process (tests)."""
    made = CollectorRegistry(auto_describe=False)
    made.register(_Now(figures))
    return made


def of(app: App) -> Figures:
    """How much is done and waits in this process."""
    stats, intake = app.database.stats, app.intake
    deliveries = [each.delivery for each in (*app.senders, *(bot.sender for bot in app.bots))]
    found = {
        "write_units": ("Transactions done since the start", stats.units),
        "write_units_failed": ("Transactions that raised", stats.failed),
        "write_commits": ("Commits since the start", stats.commits),
        "write_waiting": ("Transactions that wait", stats.waiting),
        "intake_handled": ("Updates handled since the start", intake.handled),
        "intake_failed": ("Attempts that failed", intake.failed),
        "intake_busy": ("Conversations in hand", intake.busy),
        "due_fired": ("Due rows done since the start", app.scheduler.fired),
        "sent": ("Messages sent since the start", sum(each.sent for each in deliveries)),
        "not_sent": ("Messages given up since the start", sum(each.failed for each in deliveries)),
        "pages": ("Open streams of residents", app.follower.pages),
        "desks": ("Open streams of staff", app.follower.desks),
        "disk_free_mb": ("Free space where the data is", app.disk.free_mb),
        "reader": (
            "1 when messages are understood",
            float(app.understanding.now() is not None),
        ),
    }
    for bot in app.bots:
        found |= bot.figures()
    return found
