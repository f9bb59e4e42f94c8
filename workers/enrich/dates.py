"""When a page was published, as far as that can be true."""

from datetime import datetime, timedelta
from typing import Final

from shared.moments import published_ms, to_ms

_FIRST_ZONE: Final = timedelta(hours=14)
"""Where a day begins first: a bare date may be tomorrow's in UTC."""
_SKEW: Final = timedelta(minutes=5)
"""Between two clocks."""
_ZERO_OF_A_CLOCK: Final = ("1970-01-01", "0001-01-01")
"""What an unset clock shows, in Unix and in .NET; nobody's publication date."""


def believable_date(published: str | None, fetched_at: datetime) -> tuple[str | None, str | None]:
    """The date of publication, and the quality flag that says why it is missing.

    Args:
        published: as sender or page give it, see `shared.models.frozen.Published`.
        fetched_at: when the page was fetched. An instant lies no later, a bare date no later than anywhere on Earth.
    """
    if published is None:
        return None, "undated"
    if published.startswith(_ZERO_OF_A_CLOCK):
        return None, "date-is-zero"
    if _ahead(published, fetched_at):
        return None, "date-in-future"
    return published, None


def _ahead(published: str, fetched_at: datetime) -> bool:
    if len(published) == len("2024-10-28"):
        return published > (fetched_at + _FIRST_ZONE).date().isoformat()
    return published_ms(published) > to_ms(fetched_at + _SKEW)
