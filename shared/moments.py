"""Times as the wire has them: RFC 3339, UTC, `Z`."""

import re
from datetime import UTC, date, datetime

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def utc(moment: datetime) -> datetime:
    """The same instant in UTC.

    Raises:
        ValueError: in UTC it lies before the year 1 or after 9999.
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies outside of the years 1 to 9999") from None


def from_ms(ms: int) -> datetime:
    """The instant `ms` milliseconds after 1970-01-01T00:00:00Z."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00:00Z, rounded down."""
    return int(moment.timestamp() * 1000)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, exact."""
    since = moment - _FIRST
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def normal_published(text: str) -> str:
    """A publication date in one of its two forms.

    Args:
        text: an ISO 8601 date, or a date and time; without a zone it is read as UTC.

    Returns:
        `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SSZ` in UTC.

    Raises:
        ValueError: it is neither.
    """
    text = text.strip()
    if _BARE_DATE.fullmatch(text):
        return date.fromisoformat(text).isoformat()
    moment = datetime.fromisoformat(text)
    moment = utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def published_ms(published: str) -> int:
    """Where a publication date stands on the time line, a bare date at its UTC midnight."""
    moment = datetime.fromisoformat(published)
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
