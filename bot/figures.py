"""Figures for /metrics: counts and lengths, nothing about a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

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
