"""What the ledger measured of pages, for Prometheus: durations by room, deaths and tries again by reason."""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from shared.ledger.carried import ROOMS, DeadLetterGroup
from shared.ledger.measures import BOUNDS_MS, Durations, Measured
from shared.models.rejections import REJECTIONS

_NEVER_YET: Final[Mapping[tuple[str, str], int]] = {
    (room, reason): 0 for room in ROOMS for reason in ("crashed", "out-of-memory", "worker-lost")
}
"""Our own faults are there before the first of them: from nothing to one is no rise that Prometheus could see."""
_NOBODY_YET: Final[Mapping[tuple[str, str], int]] = {
    **_NEVER_YET,
    **{(room, reason): 0 for room in ("clean", "solo") for reason in REJECTIONS},
    ("index", "index-refused"): 0,
}
"""So is what is wrong with a page itself: the first burst of such deaths has to raise an alarm as well."""


def page_figures(measured: Measured) -> Iterator[Metric]:
    """Each family, with every room and every bucket from the beginning on."""
    yield _durations("room_work_seconds", "Seconds of work on a page, each try by itself.", measured.work)
    yield _durations("room_wait_seconds", "Seconds from a page's coming in to its first try.", measured.wait)
    yield _reasons("pages_died", "Pages that became dead letters, by room and reason.", _NOBODY_YET, measured.died)
    told = "Tries that came to nothing and were to be made again."
    yield _reasons("tries_failed", told, _NEVER_YET, measured.retried)


def letter_figures(groups: tuple[DeadLetterGroup, ...]) -> Metric:
    """Dead letters that lie there, by room and reason."""
    family = GaugeMetricFamily("pagemill_dead_letters", "Dead letters that lie there.", labels=["room", "reason"])
    found: dict[tuple[str, str], int] = {}
    for group in groups:
        key = (group.stage, group.reason)
        found[key] = found.get(key, 0) + group.count
    for (room, reason), count in sorted(found.items()):
        family.add_metric([room, reason], count)
    return family


def _durations(name: str, told: str, by_room: Mapping[str, Durations]) -> Metric:
    family = HistogramMetricFamily(f"pagemill_{name}", told, labels=["room"])
    for room, durations in by_room.items():
        below, buckets = 0, []
        for bound, count in zip((*BOUNDS_MS, None), durations.counts, strict=True):
            below += count
            buckets.append(("+Inf" if bound is None else str(bound / 1000), below))
        family.add_metric([room], buckets, durations.seconds)
    return family


def _reasons(
    name: str, told: str, begun: Mapping[tuple[str, str], int], counts: Mapping[tuple[str, str], int]
) -> Metric:
    family = CounterMetricFamily(f"pagemill_{name}", told, labels=["room", "reason"])
    for (room, reason), count in {**begun, **counts}.items():
        family.add_metric([room, reason], count)
    return family
