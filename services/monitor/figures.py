"""The figures of the ledger, and of what stands around it, for Prometheus; read at the moment of the scrape."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.monitor.page_figures import letter_figures, page_figures
from services.monitor.standing import Standings
from services.monitor.standing_figures import standing_figures, worker_figures
from shared.errors import DependencyUnavailable
from shared.ledger.carried import Counts, RoomCounts
from shared.ledger.ledger import Ledger
from shared.models.receipt import DROP_REASONS

_GAUGES: Final = {
    "waiting": "Pages that wait in the room.",
    "leased": "Pages that the room works on.",
    "oldest_seconds": "Seconds that the oldest page has been in the room.",
    "dead": "Dead letters that died in the room and still lie there.",
    "paused": "Whether the room hands no pages out until somebody resumes it.",
}
_COUNTERS: Final = {
    "entered": "Pages that came into the room.",
    "left": "Pages that the room handed on.",
}


class LedgerFigures(Collector):
    """Asks the ledger once a scrape; while it does not answer there is `pagemill_ledger_up 0` and no figure of its own.

    Args:
        ledger: whose pages.
        standings: of the parts around it.
        soon: raises where Redis does not answer at once.
    """

    def __init__(self, ledger: Ledger, standings: Standings, soon: Callable[[], None]) -> None:
        self._ledger = ledger
        self._standings = standings
        self._soon = soon

    def describe(self) -> Iterator[Metric]:
        """Nothing is known before the first scrape, and a registry need not ask."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every figure, from one reading of the counters."""
        try:
            self._soon()
            counts = self._ledger.counts()
            measured = self._ledger.measures.read()
            groups = self._ledger.dead_letters.groups()
            standing, workers = self._standings.now(counts), self._ledger.presence.all()
        except DependencyUnavailable:
            yield _gauge("ledger_up", "Whether the ledger answers.", 0)
            return
        yield _gauge("ledger_up", "Whether the ledger answers.", 1)
        yield from _terms(counts)
        yield from _rooms(counts.rooms.items())
        yield from page_figures(measured)
        yield letter_figures(groups)
        yield from standing_figures(standing)
        yield from worker_figures(workers)


def _terms(counts: Counts) -> Iterator[Metric]:
    """The terms of the equation accepted = finished + dead + dropped + waiting + leased."""
    yield _counter("ledger_accepted", "Pages accepted.", counts.accepted)
    yield _counter("ledger_finished", "Pages that became searchable.", counts.searchable)
    dropped = CounterMetricFamily("pagemill_ledger_dropped", "Pages let go on purpose, by reason.", labels=["reason"])
    for reason, count in sorted({**dict.fromkeys(DROP_REASONS, 0), **counts.dropped}.items()):
        dropped.add_metric([reason], count)
    yield dropped
    yield _gauge("ledger_dead", "Dead letters.", counts.dead)
    yield _gauge("ledger_waiting", "Pages that wait, in all rooms.", counts.waiting)
    yield _gauge("ledger_leased", "Pages that are worked on, in all rooms.", counts.working)
    yield _gauge("ledger_waiting_bytes", "Bytes of pages in the line, as stored.", counts.waiting_bytes)
    yield _gauge("ledger_balanced", "Whether the equation holds, in all and in every room.", int(counts.balanced))


def _rooms(rooms: Iterable[tuple[str, RoomCounts]]) -> Iterator[Metric]:
    """What is in each room, and what has passed through it."""
    gauges = {name: GaugeMetricFamily(f"pagemill_room_{name}", told, labels=["room"]) for name, told in _GAUGES.items()}
    counters = {
        name: CounterMetricFamily(f"pagemill_room_{name}", told, labels=["room"]) for name, told in _COUNTERS.items()
    }
    for room, counts in rooms:
        for name, value in _room_figures(counts).items():
            (gauges.get(name) or counters[name]).add_metric([room], value)
    yield from gauges.values()
    yield from counters.values()


def _room_figures(counts: RoomCounts) -> dict[str, float]:
    return {
        "waiting": counts.waiting,
        "leased": counts.working,
        "dead": counts.dead,
        "paused": int(counts.paused),
        "oldest_seconds": counts.oldest_seconds,
        "entered": counts.entered,
        "left": counts.left,
    }


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"pagemill_{name}", told, value=value)


def _counter(name: str, told: str, value: float) -> CounterMetricFamily:
    """Prometheus adds `_total` to the name."""
    return CounterMetricFamily(f"pagemill_{name}", told, value=value)
