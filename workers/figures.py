"""A worker's figures for Prometheus: its pool's, read from shared memory at the moment of the scrape, and its own."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from shared.addresses import parse_listen
from workers.pool import Pool
from workers.pool_table import BATCH_BOUNDS, DEPENDENCIES, WRITE_BOUNDS, PoolTable

_GAUGES: Final = {
    "processes": "Pool processes that live.",
    "active": "Pool processes that hold pages.",
    "pages": "Pages in the hands of the pool.",
    "memory_bytes": "Resident bytes of parent and pool; pages of memory that they share count in each.",
}


class WorkerFigures(Collector):
    """The figures of one worker.

    Args:
        pool: what is told of.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def describe(self) -> Iterator[Metric]:
        """Nothing is known before the first scrape, and a registry need not ask."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        told, table = self._pool.present(), self._pool.table
        room = ",".join(told.rooms)
        for name, what in _GAUGES.items():
            gauge = GaugeMetricFamily(f"pagemill_worker_{name}", what, labels=["room"])
            gauge.add_metric([room], getattr(told, name))
            yield gauge
        progress = GaugeMetricFamily(
            "pagemill_worker_progress_timestamp_seconds", "When a batch was last finished.", labels=["room"]
        )
        progress.add_metric([room], table.highest("progress"))
        yield progress
        restarts = CounterMetricFamily(
            "pagemill_worker_restarts", "Pool processes that took the place of another.", labels=["room"]
        )
        restarts.add_metric([room], told.restarts)
        yield restarts
        yield from _batches(table, told.rooms)
        if {"clean", "solo"} & set(told.rooms):
            yield CounterMetricFamily(
                "pagemill_site_blocks_dropped",
                "Blocks of pages that were left out because their site repeats them.",
                value=table.total("site_blocks"),
            )
        if "index" in told.rooms:
            yield _writes(table)
            yield from _alerts(table)
        yield _failures(table)


def serve_figures(listen: str, pool: Pool) -> None:
    """Answers `/metrics` from a thread, as long as the process lives.

    Raises:
        OSError: the address cannot be listened on.
    """
    registry = CollectorRegistry()
    registry.register(WorkerFigures(pool))
    ProcessCollector(namespace="pagemill", registry=registry)
    host, port = parse_listen(listen)
    start_http_server(port, host, registry=registry)


def _batches(table: PoolTable, rooms: Sequence[str]) -> Iterator[Metric]:
    family = HistogramMetricFamily("pagemill_batch_pages", "Pages leased at once.", labels=["room"])
    for room in rooms:
        counts = [table.total(f"batch:{room}:{bound}") for bound in (*BATCH_BOUNDS, "inf")]
        family.add_metric([room], _buckets(BATCH_BOUNDS, counts), table.total(f"pages:{room}"))
    yield family


def _writes(table: PoolTable) -> Metric:
    counts = [table.total(f"write:{bound}") for bound in (*WRITE_BOUNDS, "inf")]
    family = HistogramMetricFamily("pagemill_index_write_seconds", "Seconds to write a batch to the index.")
    family.add_metric([], _buckets(WRITE_BOUNDS, counts), table.total("write_seconds"))
    return family


def _failures(table: PoolTable) -> Metric:
    family = CounterMetricFamily(
        "pagemill_dependency_failures", "Times that something a worker needs did not answer.", labels=["dependency"]
    )
    for name in DEPENDENCIES:
        family.add_metric([name], table.total(f"failed:{name}"))
    return family


def _alerts(table: PoolTable) -> Iterator[Metric]:
    seconds = CounterMetricFamily("pagemill_alert_match_seconds", "Seconds of telling saved searches of batches.")
    seconds.add_metric([], table.total("alert_seconds"))
    yield seconds
    failed = CounterMetricFamily("pagemill_alert_match_failures", "Pages that saved searches could not be told of.")
    failed.add_metric([], table.total("alerts_failed"))
    yield failed


def _buckets(bounds: Iterable[float], counts: Iterable[float]) -> list[tuple[str, float]]:
    """As Prometheus wants them: each bucket holds those below it, too."""
    below, told = 0.0, []
    for bound, count in zip((*map(float, bounds), float("inf")), counts, strict=True):
        below += count
        told.append(("+Inf" if bound == float("inf") else str(bound), below))
    return told
