"""What searches cost the engine, for Prometheus."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final, get_args

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.query.exports.coder import FormatName
from shared.errors import DependencyUnavailable
from shared.models.search_query import SearchQuery
from shared.search.port import Held

_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class SearchFigures(Collector):
    """The searches of one process.

    Args:
        held: what snapshots cost the disk; absent, or where it gives None: they are not told of.
    """

    def __init__(self, held: Callable[[], Held | None] = lambda: None) -> None:
        self._held = held
        self._seconds = Histogram(
            "pagemill_search_engine_seconds",
            "Seconds of the search engine's work for one page of results.",
            ["paging"],
            registry=None,
            buckets=_SECONDS,
        )
        self._exports = Gauge("pagemill_exports_open", "Exports that are held.", registry=None)
        self._bytes = Counter("pagemill_export_bytes", "Bytes of exports handed out.", ["format"], registry=None)
        for name in get_args(FormatName):
            self._bytes.labels(name)

    def exported(self, form: str, sent: int) -> None:
        """Some bytes of an export, written as `form`."""
        self._bytes.labels(form).inc(sent)

    def exports(self, held: int) -> None:
        """How many exports are held."""
        self._exports.set(held)

    def observe(self, query: SearchQuery, engine_ms: float) -> None:
        """One search; `paging` tells first pages from those behind a cursor."""
        self._seconds.labels("next" if query.cursor else "first").observe(engine_ms / 1000)

    def collect(self) -> Iterable[Metric]:
        """All of them; without the disk's where it cannot be asked."""
        told = chain(self._seconds.collect(), self._exports.collect(), self._bytes.collect())
        try:
            held = self._held()
        except DependencyUnavailable:
            held = None
        return told if held is None else chain(told, _of_snapshots(held))


def _of_snapshots(held: Held) -> Iterable[Metric]:
    count = "States of the index on the disk that cursors and exports read from, of all processes."
    yield GaugeMetricFamily("pagemill_snapshots", count, held.snapshots)
    own = "Bytes on the disk of the index that only snapshots keep there."
    yield GaugeMetricFamily("pagemill_snapshots_own_bytes", own, held.own_bytes)
