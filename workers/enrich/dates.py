"""When a page was published, as far as that can be true."""

from datetime import datetime
from typing import Final

from shared.moments import published_ms, to_ms

_AHEAD_MS: Final = 86_400_000
"""A day: a bare date may be tomorrow's where the publisher's day has begun already."""
_ZERO_OF_A_CLOCK: Final = ("1970-01-01", "0001-01-01")
"""What an unset clock shows, in Unix and in .NET; nobody's publication date."""


def believable_date(published: str | None, fetched_at: datetime) -> tuple[str | None, str | None]:
    """The date of publication, and the quality flag that says why it is missing.

    Args:
        published: as sender or page give it, see `shared.models.frozen.Published`.
        fetched_at: when the page was fetched; one published more than a day later was not.
    """
    if published is None:
        return None, "undated"
    if published.startswith(_ZERO_OF_A_CLOCK):
        return None, "date-is-zero"
    if published_ms(published) > to_ms(fetched_at) + _AHEAD_MS:
        return None, "date-in-future"
    return published, None
