"""Days and instants as pages write them: by machine, or in words of the languages that `months` knows."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal, NamedTuple

from workers.clean.months import A_MONTH, month_of

_BUDDHA: Final = 543
"""Years that Thailand is ahead."""
_FIRST_BUDDHIST_YEAR: Final = 2500
Order = Literal["day first", "month first"]
"""What `3/4/2024` means."""
SLASHED: Final = re.compile(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4}|\d\d)(?![\d/])")
_WRITTEN: Final = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日"),
    re.compile(r"(?<![\w.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\w)"),
    re.compile(r"(?<![\d-])(?P<d>\d{2})-(?P<m>\d{2})-(?P<y>\d{4})(?![\d-])"),
    re.compile(
        rf"(?<![\w.])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+|d['\u2019])?(?P<n>{A_MONTH})(?:/[^\s\d]{{2,14}})?"
        rf"\.?(?:,\s*|\s+)(?:de[l]?\s+)?(?P<y>\d{{4}}|['\u2019]\d\d)(?!\d)"
    ),
    re.compile(
        rf"(?<!\w)(?P<n>{A_MONTH})\.?,?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<y>\d{{4}}|['\u2019]\d\d)(?!\d)"
    ),
    re.compile(rf"(?<![\w.-])(?P<d>\d{{1,2}})(?P<s>[-/])(?P<n>{A_MONTH})(?P=s)(?P<y>\d{{4}})(?!\d)"),
    re.compile(rf"(?<!\w)(?P<n>{A_MONTH})-(?P<d>\d{{1,2}})-(?P<y>\d{{4}})(?![\d-])"),
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})(?:,?\s|-)(?P<n>{A_MONTH})[\s-](?P<d>\d{{1,2}})(?![\d:]|,?\s+\d{{4}})"),
    re.compile(
        rf"(?<!\w)(?P<n>{A_MONTH})\s+(?P<d>\d{{1,2}})\s+\d\d:\d\d(?::\d\d)?\s+(?:[A-Z]{{3,4}}\s+)?(?P<y>\d{{4}})(?!\d)"
    ),
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})\.\s+(?P<n>{A_MONTH})\s+(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\.\s(?P<m>\d{1,2})\.\s(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})\s?년\s?(?P<m>\d{1,2})\s?월\s?(?P<d>\d{1,2})\s?일"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:,|\s+năm)?\s+(?P<y>\d{4})(?!\d)", re.IGNORECASE),
    SLASHED,
)
_DIGITS: Final = re.compile(r"\d\d")
"""In every day that is written out."""
_MACHINE = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?(?![\d])"
)
_BY_SCRIPT = re.compile(r"(?:\w{3} )?(\w{3}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
"""As JavaScript prints a moment."""
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_A_DAY: Final = timedelta(days=1)
_CENTURY: Final = 2000
_FIRST_YEAR: Final = 1990
"""Before the web; earlier days on a page are what it tells of."""


class Day(NamedTuple):
    """A day as a page prints it.

    Args:
        text: `YYYY-MM-DD`; or `YYYY-MM-DDTHH:MM:SSZ`, where the page says the time with its zone and the day is the
            same in UTC: readers should find the day that the page shows them.
        zone: `UTC`, an offset like `+02:00`, or None where the page does not say.
    """

    text: str
    zone: str | None = None

    @property
    def day(self) -> str:
        """The day alone."""
        return self.text[:10]


def as_shown(declared: Day, shown: Day | None) -> Day:
    """The declared day, or the one that is shown, where that is the next or the last: it is so in the site's zone."""
    if shown is None or abs(date.fromisoformat(declared.day) - date.fromisoformat(shown.day)) != _A_DAY:
        return declared
    return Day(shown.day, declared.zone)


class PlacedDay(NamedTuple):
    """A day and the span of the text that tells it, in code points."""

    day: Day
    start: int
    end: int


def never_set(value: str) -> bool:
    """Whether a field holds what a clock shows that was never set: 1970-01-01, 0001-01-01 or a zero."""
    return value.strip().startswith(("1970-01-01", "0001-01-01")) or value.strip() in {"0", "0000000000"}


def read_day(value: str) -> Day | None:
    """What a machine wrote: ISO 8601 in its many spellings, RFC 5322, Unix seconds or milliseconds; else words."""
    value = value.strip()[:100]
    if (script := _BY_SCRIPT.match(value)) and (month := month_of(script[1])):
        value = f"{script[3]}-{month:02}-{int(script[2]):02}T{script[4]}{script[5]}"
    if match := _MACHINE.match(value):
        return _machine(match)
    if _EPOCH.fullmatch(value):
        return _zoned(datetime.fromtimestamp(int(value[:10]), UTC))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return day_in(value)
    return _zoned(moment) if moment.tzinfo else _valid(moment.year, moment.month, moment.day)


def day_in(text: str, order: Order | None = None) -> Day | None:
    """The first day that is written out in a text."""
    return next(days_in(text, order), None)


def days_in(text: str, order: Order | None = None) -> Iterator[Day]:
    """The days that are written out in a text, in its order; without `order`, `3/4/2024` is none, for it is two."""
    return (each.day for each in places_of_days(text, order))


def places_of_days(text: str, order: Order | None = None) -> Iterator[PlacedDay]:
    """The days that are written out in a text, in its order, each with where it stands."""
    if not _DIGITS.search(text):
        return
    found = sorted(((match.start(), match) for shape in _WRITTEN for match in shape.finditer(text)), key=_place)
    for start, match in found:
        if day := _written(match.groupdict(), order):
            yield PlacedDay(day, start, match.end())


def _place(found: tuple[int, re.Match[str]]) -> int:
    return found[0]


def _written(parts: dict[str, str], order: Order | None) -> Day | None:
    digits = parts["y"].lstrip("'\u2019")
    year = int(digits) + (_CENTURY if len(digits) == 2 else 0)
    if "a" in parts:
        if len(digits) == 2 and order is None:
            return None  # some write the year first
        return _slashed(year, int(parts["a"]), int(parts["b"]), order)
    month = month_of(parts["n"]) if "n" in parts else int(parts["m"])
    year -= _BUDDHA if year >= _FIRST_BUDDHIST_YEAR else 0
    return _valid(year, month, int(parts["d"])) if month else None


def _slashed(year: int, one: int, other: int, order: Order | None) -> Day | None:
    if one == other or max(one, other) > 12:
        return _valid(year, min(one, other), max(one, other))
    if order is None:
        return None
    return _valid(year, other, one) if order == "day first" else _valid(year, one, other)


def _valid(year: int, month: int, day: int) -> Day | None:
    try:
        found = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    return Day(found.date().isoformat()) if found.year >= _FIRST_YEAR else None


def _machine(match: re.Match[str]) -> Day | None:
    year, month, day, hour, minute, second, zone = match.groups()
    if not (zone and hour):
        return _valid(int(year), int(month), int(day))
    offset = "+00:00" if zone in {"Z", "UTC", "GMT"} else f"{zone[:3]}:{zone[-2:]}"
    try:
        moment = datetime.fromisoformat(f"{year}-{month}-{day}T{int(hour):02}:{minute}:{second or '00'}{offset}")
    except ValueError:
        return _valid(int(year), int(month), int(day))
    return _zoned(moment)


def _zoned(moment: datetime) -> Day | None:
    if not (plain := _valid(moment.year, moment.month, moment.day)):
        return None
    offset = moment.utcoffset() or timedelta()
    zone = "UTC" if not offset else moment.strftime("%z")[:3] + ":" + moment.strftime("%z")[3:5]
    midnight = moment.hour == moment.minute == moment.second == 0
    instant = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Day(plain.text if midnight or instant[:10] != plain.text else instant, zone)
