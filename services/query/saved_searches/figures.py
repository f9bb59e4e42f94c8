"""What saved searches have found, for Prometheus."""

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.errors import DependencyUnavailable
from shared.saved_searches import Outbox, SavedSearches

_COUNTED: Final = {
    "alerts": ("pagemill_alerts", "Alerts put down, each once for its saved search and page."),
    "delivered": ("pagemill_alerts_delivered", "Alerts that webhooks have taken, or whose page was deleted meanwhile."),
    "failed": ("pagemill_webhook_failures", "Calls of webhooks that failed."),
    "undelivered": ("pagemill_alerts_undelivered", "Alerts put aside after too many failed calls."),
}


class SavedSearchFigures(Collector):
    """The figures in Redis, the same from every process; none while that is away, or where `soon` raises."""

    def __init__(self, searches: SavedSearches, outbox: Outbox, soon: Callable[[], None]) -> None:
        self._soon = soon
        self._searches = searches
        self._outbox = outbox

    def describe(self) -> Iterator[Metric]:
        """Nothing is known before the first scrape, and a registry need not ask."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        try:
            self._soon()
            count, told = self._searches.count(), self._outbox.figures()
        except DependencyUnavailable:
            return
        yield GaugeMetricFamily("pagemill_saved_searches", "Saved searches that there are.", value=count)
        for name, (metric, what) in _COUNTED.items():
            yield CounterMetricFamily(metric, what, value=told[name])
