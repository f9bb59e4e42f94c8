"""What is remembered of sites, for Prometheus."""

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.errors import DependencyUnavailable
from shared.sites import Sites


class SitesFigures(Collector):
    """Asked once a scrape; nothing while Redis is away, which `pagemill_ledger_up` tells.

    Args:
        sites: what is known of them.
        soon: raises where Redis does not answer at once.
    """

    def __init__(self, sites: Sites, soon: Callable[[], None]) -> None:
        self._sites = sites
        self._soon = soon

    def describe(self) -> Iterator[Metric]:
        """Nothing is known before the first scrape, and a registry need not ask."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Each family."""
        try:
            self._soon()
            told = self._sites.figures()
        except DependencyUnavailable:
            return
        yield GaugeMetricFamily("pagemill_sites_known", "Sites that are remembered.", value=told.sites)
        yield CounterMetricFamily(
            "pagemill_site_blocks_learnt", "Blocks that became their site's own.", value=told.learnt
        )
        yield CounterMetricFamily(
            "pagemill_site_blocks_forgotten", "Those of them that their site says no more.", value=told.forgotten
        )
