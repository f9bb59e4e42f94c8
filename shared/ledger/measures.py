"""What the ledger's steps measured of pages: how long they waited and were worked on, and why they failed."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shared.ledger.carried import ROOMS
from shared.ledger.connection import Scripts, available
from shared.models.frozen import Carried

BOUNDS_MS: Final = (
    *(1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000),
    *(300_000, 900_000, 3_600_000, 21_600_000),
)
"""Upper bounds of the buckets, as in lua/measures.lua; behind the last one is a bucket without a bound."""
DAYS_KEPT: Final = 120
"""Days of the calendar, as in lua/measures.lua."""


class Durations(Carried):
    """A histogram of durations."""

    counts: tuple[int, ...] = (0,) * (len(BOUNDS_MS) + 1)
    """How many in each bucket of `BOUNDS_MS`, the last one beyond them all."""
    seconds: float = 0.0
    """Their sum."""

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts)

    def since(self, earlier: "Durations") -> "Durations":
        """Those that came after an earlier reading."""
        counts = tuple(max(0, now - then) for now, then in zip(self.counts, earlier.counts, strict=True))
        return Durations(counts=counts, seconds=max(0.0, self.seconds - earlier.seconds))

    def quantile(self, share: float) -> float | None:
        """The seconds that this share of them stayed below, taken evenly within a bucket; None where there are none."""
        wanted, below = share * self.total, 0
        for at, count in enumerate(self.counts):
            if count and below + count >= wanted:
                low = BOUNDS_MS[at - 1] if at else 0.0
                high = BOUNDS_MS[at] if at < len(BOUNDS_MS) else low
                return (low + (high - low) * (wanted - below) / count) / 1000
            below += count
        return None


class Measured(Carried):
    """All that was measured since the ledger began."""

    work: Mapping[str, Durations]
    """By room: seconds of work on a page, each try by itself."""
    wait: Mapping[str, Durations]
    """By room: seconds from a page's coming in to its first try."""
    died: Mapping[tuple[str, str], int]
    """Pages that became dead letters, by room and reason, those sent again since among them."""
    retried: Mapping[tuple[str, str], int]
    """Tries that came to nothing and were to be made again, by room and reason."""


class SiteDay(Carried):
    """One site's pages on one day (UTC); a page that died on another day than it came counts on both."""

    day: str
    site: str
    accepted: int = 0
    searchable: int = 0
    dead: int = 0
    dropped: int = 0
    deleted: int = 0


class Measures:
    """Reads what was measured; every method raises DependencyUnavailable where Redis is away."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def read(self) -> Measured:
        """Everything, at one moment."""
        with available():
            told: Any = self._scripts.client.hgetall(self._scripts.key("m"))
        fields = {tuple(name.decode().split(":", 2)): int(value) for name, value in told.items()}
        return Measured(
            work={room: _durations(fields, "work", room) for room in ROOMS},
            wait={room: _durations(fields, "wait", room) for room in ROOMS},
            died=_by_reason(fields, "died"),
            retried=_by_reason(fields, "retry"),
        )

    def sites(self, days: int, now: datetime) -> list[SiteDay]:
        """The calendar of the last days, today's among them; oldest first, and then by site.

        Sites beyond the first 2,000 of a day are counted together as `*`.
        """
        names = [(now.astimezone(UTC) - timedelta(days=ago)).strftime("%Y-%m-%d") for ago in reversed(range(days))]
        with available():
            pipe = self._scripts.client.pipeline(transaction=False)
            for name in names:
                pipe.hgetall(self._scripts.key(f"day:{name}"))
            told: Any = pipe.execute()
        return [each for name, fields in zip(names, told, strict=True) for each in _day(name, fields)]


def _durations(fields: Mapping[tuple[str, ...], int], kind: str, room: str) -> Durations:
    bounds = (*(f"{bound:g}" if bound < 1e6 else str(bound) for bound in BOUNDS_MS), "inf")
    counts = tuple(fields.get((kind, room, bound), 0) for bound in bounds)
    return Durations(counts=counts, seconds=fields.get((f"{kind}_us", room), 0) / 1e6)


def _by_reason(fields: Mapping[tuple[str, ...], int], kind: str) -> dict[tuple[str, str], int]:
    return {(name[1], name[2]): value for name, value in sorted(fields.items()) if name[0] == kind}


def _day(day: str, fields: Mapping[bytes, bytes]) -> Iterable[SiteDay]:
    by_site: dict[str, dict[str, int]] = {}
    for name, value in fields.items():
        fate, parted, site = name.decode(errors="replace").partition("|")
        if parted:
            by_site.setdefault(site, {})[fate] = int(value)
    return [SiteDay(day=day, site=site, **fates) for site, fates in sorted(by_site.items())]
