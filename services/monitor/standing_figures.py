"""How the parts do beside the workers, for Prometheus."""

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from services.monitor.index_watch import IndexStanding
from services.monitor.standing import BreakerStanding, Intake, IntakeState, Standing
from shared.ledger.present import Present
from shared.ledger.server import ServerState


def standing_figures(standing: Standing) -> Iterator[Metric]:
    """Each family; what is unknown is left out."""
    yield from _intake(standing.intake)
    yield from _server(standing.server)
    yield from _index(standing.index)
    yield from _breakers(standing.breakers)


def worker_figures(workers: Sequence[Present]) -> Iterator[Metric]:
    """How many workers serve each room; their own figures are on their own addresses."""
    family = GaugeMetricFamily(
        "pagemill_workers", "Workers that told of themselves in the last minute.", labels=["room"]
    )
    rooms = [room for worker in workers for room in worker.rooms]
    for room in sorted(set(rooms)):
        family.add_metric([room], rooms.count(room))
    yield family


def _intake(intake: Intake) -> Iterator[Metric]:
    state = GaugeMetricFamily("pagemill_intake_state", "1 for the state that the intake is in.", labels=["state"])
    for each in get_args(IntakeState):
        state.add_metric([each], int(intake.state == each))
    yield state
    yield _gauge("intake_line_pages_ratio", "Pages in the line, of those that may be.", intake.pages / intake.pages_max)
    yield _gauge("intake_line_bytes_ratio", "Bytes in the line, of those that may be.", intake.bytes / intake.bytes_max)


def _server(server: ServerState) -> Iterator[Metric]:
    yield _gauge("redis_memory_bytes", "Bytes that the ledger's Redis holds.", server.used_bytes)
    if server.max_bytes is not None:
        yield _gauge("redis_memory_max_bytes", "Bytes that it may hold.", server.max_bytes)
    yield _gauge("redis_written", "Whether its last writes to disk went well.", int(server.written))
    yield CounterMetricFamily(
        "pagemill_redis_delayed_fsyncs", "Times that it had to wait for the disk.", value=server.delayed_fsyncs
    )


def _index(index: IndexStanding) -> Iterator[Metric]:
    yield _gauge("index_up", "Whether searches can be answered.", int(index.ok))
    if index.documents is not None:
        yield _gauge("index_documents", "Documents in the live index.", index.documents)
    if index.disk is not None:
        yield _gauge("index_disk_free_bytes", "Free bytes on the index's disks.", index.disk.free)
        yield _gauge("index_disk_bytes", "Bytes of the index's disks.", index.disk.total)


def _breakers(breakers: Mapping[str, BreakerStanding]) -> Iterator[Metric]:
    opened = GaugeMetricFamily("pagemill_breaker_open", "Whether a room asks its dependency nothing.", labels=["room"])
    failures = GaugeMetricFamily("pagemill_breaker_failures", "Failures in a row behind it.", labels=["room"])
    for room, breaker in breakers.items():
        opened.add_metric([room], int(breaker.open))
        failures.add_metric([room], breaker.failures)
    yield opened
    yield failures


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"pagemill_{name}", told, value=value)
