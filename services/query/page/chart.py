"""When the documents found were published, as bars; each has its place, so that no style is needed."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from shared.models.search import HistogramBar, Interval

WIDTH: Final = 1000
HEIGHT: Final = 100
_LEAST: Final = 3
"""Height of the least bar: one document among thousands is seen, too."""
_ALONE: Final = 120
"""Width of a bar by itself: over the whole width it would look like a background."""
_BARS_MAX: Final = 160
_DAYS: Final[tuple[tuple[Interval, int], ...]] = (("day", 62), ("week", 430), ("month", 1_900))
"""Up to how many days a range is shown in these bars; longer ones in years."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Bar(NamedTuple):
    """One interval: its days, both inclusive, what it is called, how many were published, and where it is drawn."""

    first: date
    last: date
    label: str
    documents: int
    x: float
    y: float
    width: float
    height: float


def interval_for(first: date | None, last: date | None) -> Interval:
    """Bars that are neither too few nor too many for a range; an open one is looked at by month first."""
    return "month" if first is None or last is None else _fitting(first, last)


def finer(bars: Sequence[HistogramBar], interval: Interval) -> Interval | None:
    """The interval that shows more of what was found; None where this one will do, or a coarser one."""
    if not bars or interval != "month":
        return None
    better = _fitting(_day(bars[0]), _end(_day(bars[-1]), interval))
    return better if better in ("day", "week") else None


def chart(
    bars: Sequence[HistogramBar], interval: Interval, first: date | None = None, last: date | None = None
) -> list[Bar]:
    """Bars without gaps between them, in years where there would be too many months; none reaches out of the range."""
    if not bars:
        return []
    counts = {_day(bar): bar.count for bar in bars}
    if interval == "month" and _fitting(min(counts), max(counts)) == "year":
        counts, interval = _by_year(counts), "year"
    starts = list(_starts(min(counts), max(counts), interval))
    if len(starts) > _BARS_MAX:
        starts = sorted(counts)[-_BARS_MAX:]
    drawn = _drawn([(start, counts.get(start, 0)) for start in starts], interval)
    return [
        bar._replace(first=max(bar.first, first or bar.first), last=min(bar.last, last or bar.last)) for bar in drawn
    ]


def _drawn(counted: Sequence[tuple[date, int]], interval: Interval) -> Iterator[Bar]:
    most, step = max(count for _, count in counted), WIDTH / len(counted)
    for place, (start, count) in enumerate(counted):
        height = max(_LEAST, count / most * HEIGHT) if count else 0
        last = _end(start, interval)
        x, width = round(place * step, 2), round(step * 0.86, 2) if counted[1:] else _ALONE
        yield Bar(
            start, last, _label(start, last, interval), count, x, round(HEIGHT - height, 2), width, round(height, 2)
        )


def _fitting(first: date, last: date) -> Interval:
    days = (last - first).days
    return next((interval for interval, most in _DAYS if days <= most), "year")


def _by_year(counts: dict[date, int]) -> dict[date, int]:
    years: dict[date, int] = {}
    for day, count in counts.items():
        years[date(day.year, 1, 1)] = years.get(date(day.year, 1, 1), 0) + count
    return years


def _starts(first: date, last: date, interval: Interval) -> Iterator[date]:
    """The first days of all intervals, a few more than are drawn at most."""
    start = first
    for _ in range(_BARS_MAX + 1):
        if start > last:
            return
        yield start
        start = _end(start, interval)
        if start == date.max:
            return
        start += timedelta(days=1)


def _end(start: date, interval: Interval) -> date:
    """The last day of an interval."""
    match interval:
        case "day":
            return start
        case "week":
            return start + timedelta(days=min(6, (date.max - start).days))
        case "month":
            following = (start.replace(day=28) + timedelta(days=4)) if start < date(9999, 12, 1) else None
            return following.replace(day=1) - timedelta(days=1) if following else date.max
        case "year":
            return date(start.year, 12, 31)


def _label(start: date, last: date, interval: Interval) -> str:
    match interval:
        case "day":
            return f"{start.day} {_MONTHS[start.month - 1]} {start.year}"
        case "week":
            return f"{start.day} {_MONTHS[start.month - 1]} to {last.day} {_MONTHS[last.month - 1]} {last.year}"
        case "month":
            return f"{_MONTHS[start.month - 1]} {start.year}"
        case "year":
            return str(start.year)


def _day(bar: HistogramBar) -> date:
    return date.fromisoformat(bar.start)
